import { closeSync, openSync, writeSync } from "node:fs";
import type { BoardProfile } from "../../hal/boards/profile.js";
import { flashGeometry, openFlashImage } from "../../simulator/board/index.js";
import { recordVcd } from "../../simulator/trace/vcd.js";
import { boardNamed } from "../board-named.js";
import { buildProject } from "../build/build-project.js";
import { engineChoice } from "../engine-choice.js";
import { Failure, misuse } from "../failure.js";
import { parseSeed, parseSeconds } from "../numbers.js";
import { loadProject } from "../project.js";
import type { ProjectOptions } from "../project.js";
import { readScenario } from "../run/scenario.js";
import { runHeadless } from "./headless.js";
import { makeSimulation } from "./simulation.js";
import type { Simulation } from "./simulation.js";

/** The options of `ristretto sim`, as commander hands them over. */
export interface SimOptions extends ProjectOptions {
  readonly scenario?: string;
  readonly headless?: boolean;
  readonly pty?: string;
  readonly tcp?: string;
  readonly flash?: string;
  readonly vcd?: string;
  readonly until?: string;
  readonly speed: string;
  readonly seed?: string;
  readonly json?: boolean;
}

/** Simulates a board until somebody ends it, or its scenario or time is over. @returns the exit code */
export async function simProject(path: string | undefined, options: SimOptions): Promise<number> {
  const scenario = options.scenario === undefined ? undefined : await readScenario(options.scenario);
  const seed = options.seed === undefined ? scenario?.seed : parseSeed(options.seed);
  const speed = parseSpeed(options.speed);
  const until = options.until === undefined ? undefined : parseSeconds("--until", options.until);
  const board = options.board ?? scenario?.board;
  const project = path === undefined ? undefined : await loadProject(path, { ...options, board });
  const profile = project?.board ?? (await boardNamed(board ?? "generic"));
  const flash = options.flash === undefined ? undefined : openFlash(options.flash, profile);
  const simulation = await makeSimulation({
    profile,
    seed: seed ?? (await import("node:crypto")).randomInt(2 ** 32),
    epochMicroseconds: seed === undefined ? Date.now() * 1000 : 0,
    flash,
    scenario,
  });
  const endings: (() => void | Promise<void>)[] = [
    () => simulation.close(),
    () => flash?.close(simulation.clock.now()),
  ];
  const isOnWire = options.pty !== undefined || options.tcp !== undefined;
  try {
    if (project) {
      const engine = engineChoice(options, project.manifest);
      simulation.install(await buildProject(project, { console: "espruino", engine }));
    }
    if (options.vcd !== undefined) endings.unshift(writeVcd(simulation, options.vcd));
    for (const address of await openWires(simulation, options)) process.stderr.write(`the board is at ${address}\n`);
    if (!options.headless && !options.json)
      return await (await import("./on-screen.js")).runOnScreen(simulation, scenario, speed);
    const paced = isOnWire || (scenario === undefined && until === undefined);
    return await runHeadless(simulation, { scenario, until, paced, speed, json: options.json === true });
  } finally {
    for (const end of endings) await end();
  }
}

/** @returns where to connect */
async function openWires(simulation: Simulation, options: SimOptions): Promise<string[]> {
  const { openPty, openTcp } = await import("../../simulator/console/index.js");
  const addresses: string[] = [];
  try {
    for (const transport of [
      ...(options.pty === undefined ? [] : [await openPty(options.pty)]),
      ...(options.tcp === undefined ? [] : [await openTcp({ port: parsePort(options.tcp) })]),
    ]) {
      simulation.attach(transport);
      addresses.push(transport.address);
    }
  } catch (error) {
    throw error instanceof Failure ? error : new Failure((error as Error).message);
  }
  return addresses;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535)
    throw misuse(`--tcp ${text}: not a port`, "0 to 65535; 0 takes any that is free");
  return port;
}

function openFlash(path: string, profile: BoardProfile) {
  try {
    return openFlashImage(path, profile.id, flashGeometry(profile));
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}

function writeVcd(simulation: Simulation, path: string): () => void {
  let file: number;
  try {
    file = openSync(path, "w");
  } catch (error) {
    throw new Failure(`${path}: can't be written: ${(error as Error).message}`, { mend: "name another with --vcd" });
  }
  const end = recordVcd(simulation.board, (text) => void writeSync(file, text));
  return () => {
    end();
    closeSync(file);
  };
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (!(speed > 0)) throw misuse(`--speed ${text}: not a speed`, "for example --speed 10");
  return speed;
}
