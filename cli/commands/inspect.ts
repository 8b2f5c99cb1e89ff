import { Command } from "commander";
import type { InspectOptions } from "../inspect/inspect-project.js";
import { withProject } from "../project-options.js";

/** `ristretto inspect` */
export function inspectCommand(): Command {
  return withProject(new Command("inspect"))
    .description(
      "the machine code that it becomes: bytes and stack of each function, or a function's code beside the wasm",
    )
    .argument("[functions...]", "names or indices of functions to show (default: sizes of all)")
    .option("--all", "show the code of all functions")
    .option("--json", "as JSON")
    .action(async (path: string, functions: string[], options: InspectOptions) => {
      const { inspectProject } = await import("../inspect/inspect-project.js");
      await inspectProject(path, functions, options);
    });
}
