import { Command } from "commander";
import { engineOption } from "../project-options.js";
import type { SimOptions } from "../sim/sim-project.js";

/** `ristretto sim` */
export function simCommand(): Command {
  return new Command("sim")
    .description("a board on the desk: screen, prompt, pins, sensors, flash; headless in CI with a scenario")
    .argument("[program]", "flashed before the power is switched on; without one the board is as its flash is")
    .option(
      "--board <board>",
      "which board; see ristretto boards (default: the scenario's, the manifest's, or generic)",
    )
    .option("--manifest <file>", "what the program needs and is granted (default: ristretto.json beside it)")
    .option("--memory <bytes>", "linear memory to back, 4096 or 4k (default: what the module's layout shows)")
    .addOption(engineOption())
    .option("--scenario <file>", "parts, events and expectations: YAML, see docs/simulate.md")
    .option("--headless", "no screen: the console goes to stdout; with a scenario the exit code is its verdict")
    .option("--pty <link>", "put the board's serial port there, as a link to a PTY")
    .option("--tcp <port>", "put it on this TCP port, which the official tools reach as tcp://localhost:port")
    .option("--flash <image>", "the board's flash, kept in this file (default: new, and gone afterwards)")
    .option("--vcd <file>", "write what the pins do as a value change dump")
    .option("--until <seconds>", "headless: stop after so much virtual time, as fast as it goes")
    .option("--speed <factor>", "virtual seconds in a second", "1")
    .option("--seed <number>", "replay a run: random numbers, noise and the date (default: another each time)")
    .option("--json", "headless: end with the scenario's verdict as JSON")
    .action(async (path: string | undefined, options: SimOptions) => {
      const { simProject } = await import("../sim/sim-project.js");
      process.exitCode = await simProject(path, options);
    });
}
