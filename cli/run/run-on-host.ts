import { closedInput, inputStream, outputStream } from "../../device/wasi/index.js";
import { SimulatedBoard } from "../../simulator/board/index.js";
import { boardClock, boardRandom } from "../../simulator/board/fakes/index.js";
import { VirtualClock } from "../../simulator/core/virtual-clock.js";
import { runOnHost } from "../../simulator/engine/host.js";
import type { Outcome } from "../../simulator/engine/host.js";
import { decodeModule } from "../../device/compiler/decode/module.js";
import { Failure } from "../failure.js";
import { openGrantedDevices } from "./open-devices.js";
import { resolveProject } from "./resolve-project.js";
import type { GuestEnd, RunResult } from "./result.js";
import type { Run } from "./run-project.js";
import { standardStreams } from "./standard-streams.js";

/** Runs a program on V8's WebAssembly, with the WASI calls and the simulated board that the other engines have. */
export function runProjectOnHost(run: Run): RunResult {
  const { project, seed } = run;
  const started = performance.now();
  const time = new VirtualClock();
  const board = new SimulatedBoard({
    profile: project.board,
    clock: time,
    seed,
    epochMicroseconds: run.epochMicroseconds,
  });
  const streams = standardStreams(time);
  const readsInput = decodeModule(project.wasm).functions.some(({ import: from }) => from?.name === "fd_read");
  const devices = openGrantedDevices(board, resolveProject(project));
  let outcome: Outcome;
  try {
    outcome = runOnHost({
      module: project.wasm,
      args: run.args.map(latin1),
      environ: run.environ.map(latin1),
      descriptors: [
        readsInput ? inputStream(streams.console) : closedInput(),
        outputStream(streams.console, 1),
        outputStream(streams.console, 2),
        ...(devices ? [devices] : []),
      ],
      clock: boardClock(board),
      random: boardRandom(board),
      time,
      until: run.until,
      idle: streams.idle,
    });
  } catch (error) {
    throw new Failure((error as Error).message, { mend: `ristretto check ${project.path}` });
  } finally {
    streams.flush();
  }
  return {
    engine: "host",
    board: project.board.id,
    seed,
    end: endOf(outcome),
    virtualMicroseconds: Math.floor(time.now()),
    wallMilliseconds: Math.round(performance.now() - started),
    ram: { arenaBytes: 0 },
    flash: { ...board.flash.counters },
  };
}

function endOf(outcome: Outcome): GuestEnd {
  switch (outcome.kind) {
    case "returned":
      return { kind: "exited", exitCode: 0 };
    case "stopped":
      return outcome.reason === "time"
        ? { kind: "exited", exitCode: 0 }
        : { kind: "stopped", reason: "it waits for something that can't come any more" };
    case "trapped":
      // V8 puts the module's own name before each function's.
      return { ...outcome, stack: outcome.stack.map((name) => name.replace(/^[\w.-]*\.wasm\./, "")) };
    default:
      return outcome;
  }
}

/** UTF-8 bytes, one char each. */
function latin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
