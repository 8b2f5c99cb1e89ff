import { Command } from "commander";
import { withPort } from "../serial/port-options.js";
import type { PortOptions } from "../serial/port-options.js";

/** `ristretto console` */
export function consoleCommand(): Command {
  return withPort(new Command("console"))
    .description("type at a board's prompt and see what it prints; Ctrl-] leaves, the program goes on")
    .action(async (options: PortOptions) => {
      const { joinConsole } = await import("../serial/join-console.js");
      await joinConsole(options);
    });
}
