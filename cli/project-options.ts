import { Option } from "commander";
import { DEFAULT_ENGINE, ENGINE_CHOICES } from "./engine-choice.js";
import type { Command } from "commander";

/**
 * The arguments and options of every command that takes a program; read by `loadProject`.
 * @param otherBoard which board it is for when neither the command nor the manifest says
 */
export function withProject(command: Command, otherBoard = "generic"): Command {
  return command
    .argument("<program>", ".wasm, .c, .cpp, .wat or .ts (AssemblyScript)")
    .option("--board <board>", `which board; see ristretto boards (default: the manifest's, or ${otherBoard})`)
    .option("--manifest <file>", "what it needs and is granted (default: ristretto.json beside the program)")
    .addOption(new Option("--no-manifest", "grant nothing but stdio, clocks and random"))
    .option("--memory <bytes>", "linear memory to back, 4096 or 4k (default: what the module's layout shows)");
}

/** Which engine a program is compiled for; read by `engineChoice`. */
export function engineOption(): Option {
  const words = `how it runs on the board (default: the manifest's, or ${DEFAULT_ENGINE})`;
  return new Option("--engine <engine>", words).choices(ENGINE_CHOICES);
}
