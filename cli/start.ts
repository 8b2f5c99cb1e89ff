// `npm start`: the main job from end to end. Compiles a C program, starts a simulated board on a serial port, flashes
// it, and shows the board: on a terminal its screen, otherwise its console for half a minute of its own time, a power
// cut, and the log that survived it.
import { fileURLToPath } from "node:url";
import { openPty, openTcp } from "../simulator/console/index.js";
import { Pacer } from "../simulator/core/pacer.js";
import { engineChoice } from "./engine-choice.js";
import { Failure } from "./failure.js";
import { buildProject } from "./build/build-project.js";
import { loadProject } from "./project.js";
import { report } from "./report.js";
import { readScenario } from "./run/scenario.js";
import { progressReporter } from "./serial/progress.js";
import { withTransport } from "./serial/with-transport.js";
import { advance } from "./sim/advance.js";
import { showScreen } from "./sim/on-screen.js";
import { makeSimulation } from "./sim/simulation.js";
import type { Simulation } from "./sim/simulation.js";
import { wallTime } from "./sim/wall-time.js";

const board = "puckjs";
const shownMicroseconds = 30e6;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const example = (name: string): string => fileURLToPath(new URL(`../../examples/climate/${name}`, import.meta.url));

try {
  await start();
} catch (error) {
  process.exitCode = report(error);
}

async function start(): Promise<void> {
  say("Compiling examples/climate/climate.c");
  const project = await loadProject(example("climate.c"), { board });
  const image = await buildProject(project, { console: "espruino", engine: engineChoice({}, project.manifest) });
  say(`  ${project.wasm.length} B of WebAssembly, ${image.source.length} B of code for a ${project.board.name}`);

  const scenario = await readScenario(example("desk.yaml"));
  const seed = scenario.seed ?? 0;
  const simulation = await makeSimulation({ profile: project.board, seed, epochMicroseconds: 0, scenario });
  const wire = process.platform === "win32" ? await openTcp({ port: 0 }) : await openPty();
  simulation.attach(wire);
  simulation.powerOn();
  say(`A simulated ${project.board.name} is at ${wire.address}, with a BME280 on its I2C bus`);

  const pacer = new Pacer(simulation.clock, wallTime);
  pacer.start();
  try {
    say("Flashing");
    await withTransport({ port: wire.address, baud: "9600" }, (transport, flasher) =>
      flasher.flash(
        transport,
        image,
        { expectedBoard: project.board.espruinoBoard },
        progressReporter(wire.address, false),
      ),
    );
  } finally {
    pacer.stop();
  }
  try {
    if (process.stdin.isTTY && process.stdout.isTTY) await showScreen(simulation, 1);
    else await showConsole(simulation);
  } finally {
    await simulation.close();
  }
}

/** For CI and pipes: the same without a screen, as fast as it goes. */
async function showConsole({ board: hardware, clock, onConsoleOutput, readFile }: Simulation): Promise<void> {
  say("Its console, for 30 s of its own time: seconds, degrees Celsius, percent, hectopascals");
  onConsoleOutput((bytes) => void process.stdout.write(bytes));
  await advance(clock, clock.now() + shownMicroseconds);
  const before = linesOf(readFile("/log.csv"));

  say("\nThe power is cut, and comes back");
  hardware.powerOff("npm start cut the power");
  hardware.powerOn();
  await advance(clock, clock.now() + shownMicroseconds);
  const after = linesOf(readFile("/log.csv"));

  say("\n/data/log.csv, from the board's flash:");
  for (const line of after) say(`  ${line}`);
  const isKept = before.length > 0 && before.every((line, index) => after[index] === line);
  if (!isKept || after.length <= before.length)
    throw new Failure(`the log has ${after.length} lines after the power cut, and had ${before.length} before`);
  say(`${before.length} lines from before the power cut, ${after.length - before.length} since.`);
}

function linesOf(file: Uint8Array | undefined): string[] {
  return file ? new TextDecoder().decode(file).split("\n").filter(Boolean) : [];
}
