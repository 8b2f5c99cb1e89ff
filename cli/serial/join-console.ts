import { withTransport } from "./with-transport.js";
import type { PortOptions } from "./port-options.js";

/** Joins the terminal and a board until Ctrl-] is typed or stdin ends. */
export async function joinConsole(options: PortOptions): Promise<void> {
  await withTransport(options, async (transport, flasher) => {
    const terminal = process.stdin.isTTY;
    if (terminal) {
      process.stderr.write(`${transport.describe()}: Ctrl-] leaves\n`);
      process.stdin.setRawMode(true);
    }
    try {
      await flasher.console(transport, {
        input: process.stdin,
        output: process.stdout,
        // Piped bytes are sent as they are, whatever they are.
        escape: terminal ? undefined : null,
      });
    } finally {
      if (terminal) process.stdin.setRawMode(false);
      process.stdin.unref();
    }
  });
}
