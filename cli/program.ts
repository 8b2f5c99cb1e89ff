import { readFileSync } from "node:fs";
import { Command } from "commander";
import { boardsCommand } from "./commands/boards.js";
import { buildCommand } from "./commands/build.js";
import { checkCommand } from "./commands/check.js";
import { consoleCommand } from "./commands/console.js";
import { simCommand } from "./commands/sim.js";
import { flashCommand } from "./commands/flash.js";
import { inspectCommand } from "./commands/inspect.js";
import { infoCommand } from "./commands/info.js";
import { fsCommand } from "./commands/fs.js";
import { newCommand } from "./commands/new.js";
import { rollbackCommand } from "./commands/rollback.js";
import { runCommand } from "./commands/run.js";

/** All commands. What they need is loaded when one of them runs, so that `--help` is there at once. */
export function createProgram(): Command {
  const program = new Command("ristretto")
    .description("WASI programs on JavaScript microcontrollers: compile, check, simulate, flash")
    .version(packageVersion())
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError(true)
    .addHelpText(
      "after",
      `
Exit codes: 0 done, 1 refused with a reason, 2 the command was used wrongly; run ends with the guest's own.
Try it:     ristretto run examples/hello/hello.wat`,
    );
  for (const command of [
    newCommand(),
    buildCommand(),
    checkCommand(),
    inspectCommand(),
    runCommand(),
    simCommand(),
    flashCommand(),
    consoleCommand(),
    infoCommand(),
    rollbackCommand(),
    fsCommand(),
    boardsCommand(),
  ])
    program.addCommand(inherit(command));
  return program;
}

/** Commander doesn't hand this down to commands that are added ready made. */
function inherit(command: Command): Command {
  command.commands.forEach(inherit);
  return command.exitOverride().allowExcessArguments(false).showSuggestionAfterError(true);
}

/** This file runs from `cli/` in tests and from `dist/cli/` otherwise. */
function packageVersion(): string {
  const depth = new URL(".", import.meta.url).pathname.endsWith("/dist/cli/") ? "../../" : "../";
  const text = readFileSync(new URL(`${depth}package.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
