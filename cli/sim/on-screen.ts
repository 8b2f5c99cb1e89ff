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
  await showScreen(simulation, speed, () => simulation.powerOn());
  // Whoever leaves early didn't see what was still to come.
  if (progress && simulation.clock.now() >= progress.end) process.stdout.write(formatResult(progress.finish()));
  return 0;
}

/**
 * Shows a board, and moves its clock, until somebody quits.
 * @param speed virtual seconds in a second
 * @param begin called once the screen listens, so that it misses nothing of a board that is switched on only then
 * @throws Failure when there is no terminal
 */
export async function showScreen(simulation: Simulation, speed: number, begin = (): void => {}): Promise<void> {
  const { board, clock, parts, type, onConsoleOutput, listFiles } = simulation;
  const pacer = new Pacer(clock, wallTime);
  pacer.setSpeed(speed);
  const view = viewBoard({ board, pacer, parts, type, onConsoleOutput, listFiles });
  begin();
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
