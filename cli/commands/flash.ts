import { Command } from "commander";
import { engineOption, withProject } from "../project-options.js";
import type { FlashCommandOptions } from "../serial/flash-project.js";

/** `ristretto flash` */
export function flashCommand(): Command {
  return withProject(new Command("flash"), "what the board says that it is")
    .description("put it on a board and start it; the old program stays until the new one has proved itself")
    .requiredOption("--port <port>", "the board: /dev/ttyACM0, COM4, tcp://host:port; may be given again", collect)
    .option("--baud <rate>", "bits a second of a serial line; USB and TCP don't care", "9600")
    .addOption(engineOption())
    .option("--force", "replace boot code that isn't ours")
    .option("--compact", "let the board move its files to make room; a power cut during that may lose them")
    .option("--erase-storage", "where files need room at the beginning of Storage, erase all that is in it")
    .option("--no-console", "don't join the board's console afterwards (only a terminal does)")
    .option("--json", "tell what was done as JSON, a line for each board")
    .action(async (path: string, options: FlashCommandOptions) => {
      const { flashProject } = await import("../serial/flash-project.js");
      process.exitCode = await flashProject(path, options);
    });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
