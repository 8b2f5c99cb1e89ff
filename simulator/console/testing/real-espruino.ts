import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Milliseconds without output after which an interpreter counts as silent: behind a prompt, and otherwise. */
const QUIET_MILLISECONDS = { prompt: 150, elsewhere: 800 };

/** Where this build keeps its flash. */
const FLASH_FILE = "espruino.flash";

/** node-pty with bytes instead of text, which its types leave out. */
interface ByteTerminal {
  onData(handler: (data: Buffer) => void): void;
  onExit(handler: () => void): void;
  write(data: string): void;
  kill(signal: string): void;
}

/**
 * Types into a build of Espruino for Linux on a pseudo-terminal, in an empty folder.
 * @param program its path
 * @param inputs one char a byte; no 0x03 and 0x04 where a packet goes on, since this build would quit
 * @returns what each input was answered with, one char a byte, and the flash afterwards (undefined: never written)
 */
export async function playOnRealEspruino(
  program: string,
  inputs: readonly string[],
): Promise<{ answers: string[]; flash: Uint8Array | undefined }> {
  const { default: nodePty } = await import("@lydell/node-pty");
  const folder = mkdtempSync(join(tmpdir(), "ristretto-espruino-"));
  const options = { cwd: folder, encoding: null, cols: 80, rows: 24 };
  const terminal = nodePty.spawn(program, [], options) as unknown as ByteTerminal;
  let text = "";
  let wake: () => void = () => {};
  terminal.onData((data) => {
    text += Buffer.from(data).toString("latin1");
    wake();
  });
  const exited = new Promise<void>((resolve) => terminal.onExit(resolve));
  const silence = async () => {
    for (let quiet = false; !quiet;)
      quiet = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(true), QUIET_MILLISECONDS[text.endsWith(">") ? "prompt" : "elsewhere"]);
        wake = () => {
          clearTimeout(timer);
          resolve(false);
        };
      });
    const answer = text;
    text = "";
    return answer;
  };

  await silence();
  const answers: string[] = [];
  for (const input of inputs) {
    terminal.write(Buffer.from(input, "latin1") as unknown as string);
    answers.push(await silence());
  }
  terminal.kill("SIGKILL");
  await exited;
  const file = join(folder, FLASH_FILE);
  const flash = statSync(file, { throwIfNoEntry: false }) && new Uint8Array(readFileSync(file));
  rmSync(folder, { recursive: true });
  return { answers, flash };
}
