import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Image } from "../../device/image/image.js";
import { newSession } from "../../flasher/session/session.js";
import { flashOperation, type FlashReport } from "../../flasher/slots/flash.js";
import type { FlashOptions } from "../../flasher/slots/plan.js";
import { converse, type VirtualBoard } from "../../flasher/testing/converse.js";
import { buildProject } from "../build/build-project.js";
import { loadProject } from "../project.js";
import { makeSimulation, type Simulation } from "../sim/simulation.js";

/**
 * Flashing simulated boards over their prompt, in virtual time: what the flasher says to a board and what the board's
 * programs find there must be of one mind.
 */

const counter = (name: string): string => fileURLToPath(new URL(`../../examples/counter/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ristretto-flash-"));
const wasm = join(folder, "counter.wasm");
const manifest = counter("ristretto.json");

beforeAll(async () => writeFileSync(wasm, (await loadProject(counter("counter.c"), {})).wasm), 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

let simulation: Simulation;
let console = "";
let nonce = 0;

async function start(board: string): Promise<Image> {
  const project = await loadProject(wasm, { board, manifest });
  simulation = await makeSimulation({ profile: project.board, seed: 1, epochMicroseconds: 0 });
  simulation.onConsoleOutput((bytes) => void (console += Buffer.from(bytes).toString("latin1")));
  simulation.powerOn();
  return buildProject(project, { console: "espruino", engine: "js" });
}

afterEach(() => simulation.close());

function flash(image: Image, options: FlashOptions = {}): FlashReport {
  const { clock } = simulation;
  let taken = console.length;
  const board: VirtualBoard = {
    get now() {
      return clock.now() / 1000;
    },
    input: (bytes) => simulation.type(bytes),
    take() {
      const text = console.slice(taken);
      taken = console.length;
      return text;
    },
    nextTimer() {
      const due = clock.next();
      return due === undefined ? undefined : due / 1000;
    },
    // To a whole microsecond behind it: a fraction that is lost in the sum would be waited for for ever.
    advance: (milliseconds) => clock.advanceTo(Math.floor(clock.now() + milliseconds * 1000) + 1),
  };
  return converse(board, flashOperation(newSession("simulated", `s${nonce++}s`), image, options)).result;
}

/** What is printed in the 5 s after the power comes back. */
function powerCycle(): string {
  console = "";
  simulation.board.powerOff("a test cut it");
  simulation.board.powerOn();
  simulation.clock.advanceTo(simulation.clock.now() + 5e6);
  return /boot \d+/.exec(console)?.[0] ?? console;
}

test("generic: a program that keeps files finds them after a power cut", async () => {
  const image = await start("generic");
  expect(flash(image)).toMatchObject({ output: "boot 1", setAside: 0 });
  expect([powerCycle(), powerCycle()]).toEqual(["boot 2", "boot 3"]);
}, 60_000);

test("rp2040_pico: files in Storage outlive power cuts and the program that wrote them", async () => {
  const image = await start("rp2040_pico");
  expect(flash(image)).toMatchObject({ output: "boot 1", setAside: 65504, storageErased: false });
  expect(powerCycle()).toBe("boot 2");
  expect(flash({ ...image, name: "next" })).toMatchObject({ output: "boot 3", setAside: 0, slot: "b" });
  expect(powerCycle()).toBe("boot 4");
  expect(simulation.listFiles()).toEqual([{ path: "/boots", bytes: 4 }]);
}, 60_000);
