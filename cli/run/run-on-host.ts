import { decodeModule, type Module } from "../../device/compiler/decode/module.js";
import { closedInput, inputStream, openDirectory, outputStream } from "../../device/wasi/index.js";
import type { Descriptor } from "../../device/wasi/index.js";
import type { Grants } from "../../device/image/grants.js";
import { type Reaction, resolveReactions } from "../../device/image/reactions.js";
import { boardClock, boardRandom } from "../../simulator/board/fakes/index.js";
import { runOnHost } from "../../simulator/engine/host.js";
import type { HostOptions, Outcome } from "../../simulator/engine/host.js";
import { Failure } from "../failure.js";
import { openGrantedDevices, openGrantedHardware } from "./open-devices.js";
import { prepareBoard } from "./prepared-board.js";
import type { PreparedBoard } from "./prepared-board.js";
import type { Project } from "../project.js";
import { runReactorOnHost } from "./reactor-on-host.js";
import { resolveProject } from "./resolve-project.js";
import type { GuestEnd, RunResult } from "./result.js";
import type { Run } from "./run-project.js";
import { standardStreams } from "./standard-streams.js";

/** Runs a program on V8's WebAssembly, with the WASI calls and the simulated board that the other engines have. */
export function runProjectOnHost(run: Run): RunResult {
  const { project, seed } = run;
  const started = performance.now();
  const grants = resolveProject(project);
  const prepared = prepareBoard(run, grants);
  const { board, time, scenario } = prepared;
  const streams = standardStreams(time, scenario);
  const module = decodeModule(project.wasm);
  const { functions, memory } = module;
  const reactions = reactionsOf(project, grants, module);
  const readsInput = functions.some(({ import: from }) => from?.name === "fd_read" || from?.name === "poll_oneoff");
  let outcome: Outcome;
  try {
    const options: HostOptions = {
      module: project.wasm,
      args: run.args.map(latin1),
      environ: run.environ.map(latin1),
      descriptors: [
        readsInput ? inputStream(streams.console.onInput) : closedInput(),
        outputStream(streams.console.write, 1),
        outputStream(streams.console.write, 2),
        ...openGrants(prepared, grants),
      ],
      hardware: openGrantedHardware(board, grants),
      clock: boardClock(board),
      random: boardRandom(board),
      time,
      until: scenario ? scenario.end : run.until,
      idle: streams.idle,
      trace: run.trace ? streams.trace : undefined,
    };
    outcome = reactions.length > 0 ? runReactorOnHost(options, board, reactions, streams.trace) : runOnHost(options);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("the module imports")) throw error;
    throw new Failure(`${project.path}: ${error.message}`, { mend: `ristretto check ${project.path}` });
  } finally {
    streams.flush();
  }
  const scenarioResult = scenario?.finish();
  prepared.close();
  return {
    engine: "host",
    board: project.board.id,
    seed,
    end: endOf(outcome, scenario !== undefined),
    scenario: scenarioResult,
    virtualMicroseconds: Math.floor(time.now()),
    wallMilliseconds: Math.round(performance.now() - started),
    // V8 backs whole pages, whatever a board would do.
    ram: { arenaBytes: (memory?.minimum ?? 0) * 65536 },
    flash: { ...board.flash.counters },
  };
}

/** @throws Failure for what the module hasn't got, or isn't granted */
function reactionsOf({ manifest, path }: Project, grants: Grants, module: Module): readonly Reaction[] {
  if (manifest.reactions.length === 0) return [];
  const { reactions, problems } = resolveReactions(manifest, grants, module);
  if (problems.length === 0) return reactions;
  throw new Failure(problems.map(({ message }) => `${path} ${message}`).join("\n"), { mend: problems[0].mend });
}

/** The preopened descriptors, from 3 on. */
function openGrants({ board, files }: PreparedBoard, grants: Grants): Descriptor[] {
  const descriptors = grants.dirs.map((grant) => {
    const opened = openDirectory(files!, latin1(grant.directory), latin1(grant.path), grant.rights !== "read");
    if (typeof opened !== "number") return opened;
    throw new Failure(`${grant.path}: the directory ${grant.directory} can't be made on the board (errno ${-opened})`, {
      mend: "see that no file of that name is there, and that the flash isn't full",
    });
  });
  const devices = openGrantedDevices(board, grants);
  return devices ? [...descriptors, devices] : descriptors;
}

/** @param isPlayed whether a scenario says what happens: a guest that waits for more waits for its end */
function endOf(outcome: Outcome, isPlayed: boolean): GuestEnd {
  switch (outcome.kind) {
    case "returned":
      return { kind: "exited", exitCode: 0 };
    case "stopped":
      return outcome.reason === "time" || isPlayed
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
