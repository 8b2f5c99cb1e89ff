import { Pacer } from "../../simulator/core/pacer.js";
import { formatResult, playScenario } from "../../simulator/scenario/index.js";
import type { Scenario } from "../../simulator/scenario/index.js";
import { advance } from "./advance.js";
import type { Simulation } from "./simulation.js";
import { wallTime } from "./wall-time.js";

/** How a simulation without a screen is to go. */
export interface HeadlessOptions {
  readonly scenario: Scenario | undefined;
  /** Virtual microseconds to run; with neither this nor a scenario it goes on until the process is told to end. */
  readonly until: number | undefined;
  /** Along with the time on the wall, since somebody outside takes part; otherwise as fast as it goes. */
  readonly paced: boolean;
  /** Virtual seconds in a second, when paced. */
  readonly speed: number;
  /** The verdict as JSON on stdout, instead of for people on stderr. */
  readonly json: boolean;
}

/**
 * Switches a board on and lets it run: what its console prints goes to stdout, and stdin is typed at it.
 * @returns the exit code: 1 when the scenario's expectations aren't met
 */
export async function runHeadless(simulation: Simulation, options: HeadlessOptions): Promise<number> {
  const { scenario, until, json } = options;
  simulation.onConsoleOutput((bytes) => void (json || process.stdout.write(bytes)));
  const progress = scenario && playScenario(scenario, simulation);
  simulation.powerOn();
  const end = progress?.end ?? until ?? Infinity;
  if (options.paced) await keepPace(simulation, end, options.speed);
  else await advance(simulation.clock, end);
  if (!progress) return 0;
  const result = progress.finish();
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stderr.write(`\n${formatResult(result)}`);
  return result.passed ? 0 : 1;
}

/** Moves the clock with the wall's until the end, or SIGINT or SIGTERM. */
function keepPace(simulation: Simulation, end: number, speed: number): Promise<void> {
  const pacer = new Pacer(simulation.clock, wallTime);
  pacer.setSpeed(speed);
  return new Promise((resolve) => {
    const typed = (bytes: Buffer): void => simulation.type(new Uint8Array(bytes));
    const finish = (): void => {
      pacer.stop();
      process.stdin.off("data", typed).pause();
      process.off("SIGINT", finish).off("SIGTERM", finish);
      resolve();
    };
    process.once("SIGINT", finish).once("SIGTERM", finish);
    process.stdin.on("data", typed);
    pacer.onTurn(() => simulation.clock.now() >= end && finish());
    pacer.start();
  });
}
