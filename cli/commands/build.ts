import { Command } from "commander";
import { engineOption, withProject } from "../project-options.js";
import type { BuildOptions } from "../build/write-image.js";

/** `ristretto build` */
export function buildCommand(): Command {
  return withProject(new Command("build"))
    .description("turn it into code for a board, or with --standalone for any ES5 interpreter")
    .addOption(engineOption())
    .option("--standalone", "one file with everything, that prints by console.log or print")
    .option("-o, --output <file>", "where to (default: the program's name and .js)")
    .option("--json", "tell what was made as JSON")
    .action(async (path: string, options: BuildOptions) => {
      const { writeImage } = await import("../build/write-image.js");
      await writeImage(path, options);
    });
}
