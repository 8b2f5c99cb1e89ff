import { Pacer } from "../../simulator/core/pacer.js";
import { formatResult, playScenario } from "../../simulator/scenario/index.js";
import type { Scenario } from "../../simulator/scenario/index.js";
import { viewBoard } from "../../simulator/ui/board-view.js";
import { NoTerminal, openScreen } from "../../simulator/ui/open-screen.js";
import { misuse } from "../failure.js";
import type { Simulation } from "./simulation.js";
import { wallTime } from "./wall-time.js";

/** Switches a board on and shows it until somebody quits. @returns the exit code */
export async function runOnScreen(
  simulation: Simulation,
  scenario: Scenario | undefined,
  speed: number,
): Promise<number> {
  const progress = scenario && playScenario(scenario, simulation);
  simulation.powerOn();
  await showScreen(simulation, speed);
  // Whoever leaves early didn't see what was still to come.
  if (progress && simulation.clock.now() >= progress.end) process.stdout.write(formatResult(progress.finish()));
  return 0;
}

/** Shows a board that is on, and moves its clock, until somebody quits. */
export async function showScreen(simulation: Simulation, speed: number): Promise<void> {
  const { board, clock, parts, type, onConsoleOutput, listFiles } = simulation;
  const pacer = new Pacer(clock, wallTime);
  pacer.setSpeed(speed);
  const view = viewBoard({ board, pacer, parts, type, onConsoleOutput, listFiles });
  pacer.start();
  try {
    await openScreen(view);
  } catch (error) {
    if (!(error instanceof NoTerminal)) throw error;
    throw misuse("sim: the screen needs a terminal for input and output", "use --headless where there is none");
  } finally {
    pacer.stop();
    view.close();
  }
}
