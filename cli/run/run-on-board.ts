import { PassThrough } from "node:stream";
import { stackTrace } from "../../device/compiler/thumb/stack-trace.js";
import type { Engine } from "../../device/image/choose-engine.js";
import type { Image } from "../../device/image/image.js";
import type { StackFrame } from "../../simulator/engine/index.js";
import { runImage } from "../../simulator/engine/run-image.js";
import type { RunEnd } from "../../simulator/engine/run-image.js";
import { buildProject } from "../build/build-project.js";
import { prepareBoard } from "./prepared-board.js";
import { resolveProject } from "./resolve-project.js";
import { describeEnd } from "./result.js";
import type { GuestEnd, RunResult } from "./result.js";
import { hasReactions } from "../project.js";
import type { Run } from "./run-project.js";
import type { GuestScenario } from "./scenario.js";

/** Runs what would be flashed, on the simulated board's interpreter and, for `thumb`, its processor. */
export async function runProjectOnBoard(run: Run, engine: Engine): Promise<RunResult> {
  const { project, seed } = run;
  const started = performance.now();
  const image = await buildProject(project, {
    console: "sandbox",
    engine,
    args: run.args,
    environ: run.environ,
    trace: run.trace,
  });
  const prepared = prepareBoard(run, resolveProject(project));
  const { board, scenario } = prepared;
  const before = { ...board.flash.counters };
  const limit = scenario ? scenario.end : run.until;
  const write = (stream: NodeJS.WriteStream, bytes: Uint8Array): void => {
    scenario?.printed(bytes);
    stream.write(bytes);
  };
  try {
    const { end, virtualMicroseconds, memory, processor } = await runImage({
      board,
      source: image.source.subarray(0, image.scriptBytes),
      machineCode: image.thumb && image.source.subarray(image.scriptBytes),
      name: project.name,
      stdout: (bytes) => write(process.stdout, bytes),
      stderr: (bytes) => write(process.stderr, bytes),
      onTrapped: (guest, reason, frames) => write(process.stderr, Buffer.from(trapOf(guest, reason, frames, image))),
      trace: (line) => process.stderr.write(`${line}\n`, "latin1"),
      stdin: scenario ? typedInput(scenario) : process.stdin,
      // What a scenario types comes when its clock says so.
      stdinInVirtualTime: scenario !== undefined,
      limitMicroseconds: limit === Infinity ? undefined : limit - board.clock.now(),
    });
    const scenarioResult = scenario?.finish();
    const after = board.flash.counters;
    return {
      engine,
      board: project.board.id,
      seed,
      end:
        (scenario || hasReactions(project)) && end.kind === "idle"
          ? { kind: "exited", exitCode: 0 }
          : endOf(end, image),
      scenario: scenarioResult,
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
      ...processor,
    };
  } finally {
    prepared.close();
  }
}

/** A trap of one guest among several, as it is told of a single one. */
function trapOf(guest: string, reason: string, frames: readonly StackFrame[], image: Image): string {
  const stack = namesOf(frames, image.others?.find(({ name }) => name === guest) ?? image);
  return describeEnd({ kind: "trapped", reason: reason.replace(/^trap: /, ""), stack })
    .split("\n")
    .map((line) => (line ? `${guest}: ${line}\n` : ""))
    .join("");
}

/** What a scenario types, as a stream; undefined, which is an end at once, when it types nothing. */
function typedInput(scenario: GuestScenario): AsyncIterable<Uint8Array> | undefined {
  if (!scenario.types) return undefined;
  const input = new PassThrough();
  scenario.onTyped((bytes) => void input.write(bytes));
  return input;
}

function endOf(end: RunEnd, image: Image): GuestEnd {
  switch (end.kind) {
    case "exit":
      return { kind: "exited", exitCode: end.exitCode };
    case "limit":
      return { kind: "exited", exitCode: 0 };
    case "trap":
      return {
        kind: "trapped",
        reason: end.reason.replace(/^trap: /, ""),
        stack: namesOf(end.frames, image),
      };
    case "thrown":
      // A trap while the module is instantiated, before the runtime listens.
      if (end.thrown.message.startsWith("trap: "))
        return { kind: "trapped", reason: end.thrown.message.slice("trap: ".length), stack: [] };
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

function namesOf(
  frames: readonly StackFrame[],
  { functionNames, thumb }: Pick<Image, "functionNames" | "thumb">,
): string[] {
  // `native.ts` tells places of machine code as if they were lines of a file.
  if (thumb)
    return stackTrace(
      thumb,
      frames.map(({ line, column }) => ({ offset: line, depth: column })),
    );
  // Frames of the runtime and of loops that were made functions have no name in the module.
  return frames.flatMap(({ name }) => (Object.hasOwn(functionNames, name) ? functionNames[name] : []));
}
