import { Command, Option } from "commander";
import { withProject } from "../project-options.js";
import type { RunOptions } from "../run/run-project.js";

/** `ristretto run` */
export function runCommand(): Command {
  return withProject(new Command("run"))
    .description("run it on a board without a screen: its stdin, stdout, stderr and exit code are the command's")
    .argument("[args...]", "for the program, after --")
    .addOption(new Option("--engine <engine>", "what runs it").choices(["host", "js", "thumb"]).default("host"))
    .option("--flash <image>", "the board's flash, kept in this file (default: new, and gone afterwards)")
    .option("--dir <host::guest>", "copy a folder there first; may be given again", collect)
    .option("--env <name=value>", "an environment variable; may be given again", collect)
    .option("--seed <number>", "replay a run: random numbers, noise and the date (default: another each time)")
    .option("--scenario <file>", "what happens around the board meanwhile: YAML, see docs/simulate.md")
    .option("--until <seconds>", "stop after so much virtual time, exit code 0")
    .addOption(
      new Option("--trace <what>", "tell each WASI call on stderr: names, arguments, results").choices(["wasi"]),
    )
    .option("--json", "end stdout with one line: exit code, time, RAM, flash operations")
    .action(async (path: string, args: string[], options: RunOptions) => {
      const { runProject } = await import("../run/run-project.js");
      process.exitCode = await runProject(path, args, options);
    });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
