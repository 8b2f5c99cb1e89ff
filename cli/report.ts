import { CommanderError } from "commander";
import { Failure } from "./failure.js";

/**
 * Tells a person what went wrong, on stderr: what, where, and how to mend it. With `--json` also a line for a script,
 * on stdout: `{"error": …, "mend": …}`.
 * @returns the exit code
 */
export function report(error: unknown, argv: readonly string[] = process.argv): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed it
  const { message, mend, detail, exitCode } = explain(error);
  if (detail) process.stderr.write(`${detail}\n`);
  process.stderr.write(`ristretto: ${message}${mend ? ` (${mend})` : ""}\n`);
  if (argv.includes("--json")) process.stdout.write(`${JSON.stringify({ error: message, mend, detail })}\n`);
  return exitCode;
}

/** Errors that other rooms throw for what a person did; their messages say what, where and how to mend it. */
const knownNames = new Set([
  "ManifestError",
  "BoardError",
  "CompileError",
  "ModuleError",
  "ImageError",
  "ScenarioError",
  "FlasherError",
  "ProcessorFault",
]);

function explain(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error)) return new Failure(String(error));
  if (knownNames.has(error.name))
    return new Failure(error.message, { exitCode: (error as { exitCode?: 1 | 2 }).exitCode });
  return new Failure(`an error of its own: ${error.message}`, {
    mend: process.env.RISTRETTO_DEBUG ? undefined : "RISTRETTO_DEBUG=1 shows where; please report it",
    detail: process.env.RISTRETTO_DEBUG ? error.stack : undefined,
  });
}
