import { Command } from "commander";
import { withPort } from "../serial/port-options.js";
import type { PortOptions } from "../serial/port-options.js";

/** `ristretto info` */
export function infoCommand(): Command {
  return withPort(new Command("info"))
    .description("what is on a board: firmware, both slots, Storage; its program goes on")
    .option("--json", "as JSON")
    .action(async (options: PortOptions & { json?: boolean }) => {
      const { withTransport } = await import("../serial/with-transport.js");
      const { describeBoard } = await import("../serial/describe-board.js");
      const found = await withTransport(options, async (transport, flasher) => flasher.info(transport));
      process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : describeBoard(found));
    });
}
