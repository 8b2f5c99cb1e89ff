import { Option } from "commander";
import type { Command } from "commander";

/** The arguments and options of every command that takes a program; read by `loadProject`. */
export function withProject(command: Command): Command {
  return command
    .argument("<program>", ".wasm, .c, .wat or .ts (AssemblyScript)")
    .option("--board <board>", "which board; see ristretto boards (default: the manifest's, or generic)")
    .option("--manifest <file>", "what it needs and is granted (default: ristretto.json beside the program)")
    .addOption(new Option("--no-manifest", "grant nothing but stdio, clocks and random"))
    .option("--memory <bytes>", "linear memory to back, 4096 or 4k (default: what the module's layout shows)");
}
