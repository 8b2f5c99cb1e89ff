import type { ScenarioResult } from "../../simulator/scenario/index.js";

/** How a guest ended, whatever engine it ran on. */
export type GuestEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "trapped"; readonly reason: string; readonly stack: readonly string[] }
  | { readonly kind: "stopped"; readonly reason: string };

/** What a run came to; `--json` prints it. */
export interface RunResult {
  readonly engine: "host" | "js" | "thumb";
  readonly board: string;
  readonly seed: number;
  readonly end: GuestEnd;
  /** What came of the scenario that was played meanwhile. */
  readonly scenario?: ScenarioResult;
  /** Microseconds of the board's clock. */
  readonly virtualMicroseconds: number;
  readonly wallMilliseconds: number;
  /** Bytes, and where the engine tells them, interpreter variables. */
  readonly ram: { readonly arenaBytes: number; readonly jsVars?: number; readonly jsVarsTotal?: number };
  readonly flash: {
    readonly reads: number;
    readonly bytesRead: number;
    readonly programs: number;
    readonly bytesProgrammed: number;
    readonly erases: number;
  };
  /** Only an engine that counts them says these. */
  readonly cycles?: number;
  readonly instructions?: number;
}

/** What a shell makes of SIGABRT, and what WebAssembly runtimes end a trap with. */
const trapExitCode = 134;

/** The exit code of the command: the guest's, 134 for a trap, 1 for a guest that was stopped or a scenario that failed. */
export function exitCodeOf({ end, scenario }: Pick<RunResult, "end" | "scenario">): number {
  if (end.kind === "trapped") return trapExitCode;
  return end.kind === "exited" && (end.exitCode !== 0 || scenario?.passed !== false) ? end.exitCode : 1;
}

/** What stderr gets beyond the guest's own words. */
export function describeEnd(end: GuestEnd): string {
  if (end.kind === "trapped")
    return [`trap: ${end.reason}`, ...end.stack.map((name) => `    at ${name}`)].join("\n") + "\n";
  if (end.kind === "stopped") return `ristretto: the guest was stopped: ${end.reason}\n`;
  return "";
}

/** The line that ends stdout with `--json`. */
export function jsonLine(whole: RunResult): string {
  const { end, ...result } = whole;
  const { reason, stack } = { reason: undefined, stack: undefined, ...end };
  return JSON.stringify({ exitCode: exitCodeOf(whole), end: end.kind, reason, stack, ...result }) + "\n";
}
