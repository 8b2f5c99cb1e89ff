import { runImage } from "../../simulator/engine/run-image.js";
import type { RunEnd } from "../../simulator/engine/run-image.js";
import { buildProject } from "../build/build-project.js";
import { prepareBoard } from "./prepared-board.js";
import { resolveProject } from "./resolve-project.js";
import type { GuestEnd, RunResult } from "./result.js";
import type { Run } from "./run-project.js";

/** Runs what would be flashed, on the simulated board's interpreter. */
export async function runProjectOnJs(run: Run): Promise<RunResult> {
  const { project, seed } = run;
  const started = performance.now();
  const image = await buildProject(project, { console: "sandbox", args: run.args, environ: run.environ });
  const prepared = prepareBoard(run, resolveProject(project));
  const { board } = prepared;
  const before = { ...board.flash.counters };
  try {
    const { end, virtualMicroseconds, memory } = await runImage({
      board,
      source: image.source,
      name: project.name,
      stdout: (bytes) => void process.stdout.write(bytes),
      stderr: (bytes) => void process.stderr.write(bytes),
      stdin: process.stdin,
      limitMicroseconds: run.until === Infinity ? undefined : run.until,
    });
    const after = board.flash.counters;
    return {
      engine: "js",
      board: project.board.id,
      seed,
      end: endOf(end, image.functionNames),
      virtualMicroseconds: Math.floor(virtualMicroseconds),
      wallMilliseconds: Math.round(performance.now() - started),
      ram: { arenaBytes: image.arenaBytes, jsVars: memory.usage, jsVarsTotal: memory.total },
      flash: {
        reads: after.reads - before.reads,
        bytesRead: after.bytesRead - before.bytesRead,
        programs: after.programs - before.programs,
        bytesProgrammed: after.bytesProgrammed - before.bytesProgrammed,
        erases: after.erases - before.erases,
      },
    };
  } finally {
    prepared.close();
  }
}

function endOf(end: RunEnd, functionNames: Readonly<Record<string, string>>): GuestEnd {
  switch (end.kind) {
    case "exit":
      return { kind: "exited", exitCode: end.exitCode };
    case "limit":
      return { kind: "exited", exitCode: 0 };
    case "trap":
      return {
        kind: "trapped",
        reason: end.reason.replace(/^trap: /, ""),
        // Frames of the runtime and of loops that were made functions have no name in the module.
        stack: end.frames.flatMap(({ name }) => (Object.hasOwn(functionNames, name) ? functionNames[name] : [])),
      };
    case "thrown":
      return { kind: "stopped", reason: `the interpreter threw ${end.thrown.name ?? ""}: ${end.thrown.message}` };
    case "idle":
      return { kind: "stopped", reason: "it waits for something that can't come any more" };
    case "interrupted":
      return { kind: "stopped", reason: end.reason };
    case "reset":
      return { kind: "stopped", reason: "the board was reset" };
    case "power":
      return { kind: "stopped", reason: `the board lost power: ${end.cause}` };
  }
}
