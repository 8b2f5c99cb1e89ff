import type { Transport } from "../../flasher/index.js";
import { withTransport } from "./with-transport.js";
import type { PortOptions } from "./port-options.js";

/** Joins the terminal and a board until Ctrl-] is typed or stdin ends. */
export async function joinConsole(options: PortOptions): Promise<void> {
  await withTransport(options, joinTransport);
}

/** As `joinConsole`, on a port that is open already. */
export async function joinTransport(
  transport: Transport,
  flasher: typeof import("../../flasher/index.js"),
): Promise<void> {
  const terminal = process.stdin.isTTY;
  if (terminal) {
    process.stderr.write(`${transport.describe()}: Ctrl-] leaves\n`);
    process.stdin.setRawMode(true);
  }
  try {
    // Piped bytes are sent as they are, whatever they are.
    await flasher.console(transport, {
      input: process.stdin,
      output: process.stdout,
      escape: terminal ? undefined : null,
    });
  } finally {
    if (terminal) process.stdin.setRawMode(false);
    process.stdin.unref();
  }
}
