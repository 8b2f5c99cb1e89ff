import type { Progress } from "../../flasher/index.js";

const words: Readonly<Record<Progress["phase"], string>> = {
  connect: "connecting",
  inspect: "looking",
  compact: "making room",
  write: "writing",
  verify: "verifying",
  commit: "making it the newest",
  start: "starting",
  retry: "sending again",
};

/**
 * Shows how far flashing is, on stderr: a bar on a terminal, otherwise a line for each phase.
 * @param port named on each line, so that several boards can be told apart
 * @param silent for `--json`
 */
export function progressReporter(port: string, silent: boolean): (progress: Progress) => void {
  if (silent) return () => undefined;
  const terminal = process.stderr.isTTY === true;
  let phase: Progress["phase"] | undefined;
  let open = false;
  return ({ phase: next, done, total, detail }) => {
    const moves = done !== undefined && total !== undefined && total > 0;
    if (terminal) {
      if (open && next !== phase) process.stderr.write("\n");
      process.stderr.write(
        `\r\x1b[K${port}: ${words[next]}${moves ? ` ${bar(done, total)}` : ""}${detail ? ` ${detail}` : ""}`,
      );
      open = true;
      if (next === "start") process.stderr.write("\n");
    } else if (next !== phase || detail) {
      process.stderr.write(`${port}: ${words[next]}${moves ? ` ${total} B` : ""}${detail ? ` ${detail}` : ""}\n`);
    }
    phase = next;
  };
}

function bar(done: number, total: number): string {
  const width = 30;
  const full = Math.round((done / total) * width);
  return `[${"#".repeat(full)}${"-".repeat(width - full)}] ${done}/${total} B`;
}
