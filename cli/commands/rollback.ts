import { Command } from "commander";
import { withPort } from "../serial/port-options.js";
import type { PortOptions } from "../serial/port-options.js";

/** `ristretto rollback` */
export function rollbackCommand(): Command {
  return withPort(new Command("rollback"))
    .description("give the board's program up for good and start the one before it")
    .option("--json", "as JSON")
    .action(async (options: PortOptions & { json?: boolean }) => {
      const { withTransport } = await import("../serial/with-transport.js");
      const { progressReporter } = await import("../serial/progress.js");
      const report = await withTransport(options, async (transport, flasher) =>
        flasher.rollback(transport, progressReporter(transport.describe(), options.json === true)),
      );
      process.stdout.write(
        options.json
          ? `${JSON.stringify(report)}\n`
          : `${report.from.name} in slot ${report.from.slot} is given up; ${report.to.name} in slot ${report.to.slot} runs\n`,
      );
    });
}
