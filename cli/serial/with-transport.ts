import type { Transport } from "../../flasher/index.js";
import { misuse } from "../failure.js";
import type { PortOptions } from "./port-options.js";

type Flasher = typeof import("../../flasher/index.js");

/** Opens a board's port for as long as `use` takes. */
export async function withTransport<T>(
  { port, baud }: PortOptions,
  use: (transport: Transport, flasher: Flasher) => Promise<T>,
): Promise<T> {
  const rate = Number(baud);
  if (!Number.isInteger(rate) || rate < 300) throw misuse(`--baud ${baud}: not a rate`, "for example --baud 115200");
  const flasher = await import("../../flasher/index.js");
  const transport = flasher.transportFor(port, rate);
  await transport.open();
  try {
    return await use(transport, flasher);
  } finally {
    await transport.close();
  }
}
