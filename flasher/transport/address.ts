import { FlasherError } from "../error.js";
import { serialTransport } from "./serial.js";
import { tcpTransport } from "./tcp.js";
import type { Transport } from "./transport.js";

/**
 * The transport that a person's `--port` means; not yet open.
 * @param address `tcp://host:port` (also `tcp://[::1]:port`), or a path of a serial port
 * @param baudRate bits a second of a UART; without meaning on TCP, USB and PTYs
 * @throws FlasherError `port-address` when it is neither
 */
export function transportFor(address: string, baudRate?: number): Transport {
  if (!/^[a-z]+:\/\//i.test(address)) {
    if (address.trim() === "") throw badAddress(address);
    return serialTransport(address, baudRate);
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const port = Number(url?.port);
  if (url?.protocol !== "tcp:" || url.hostname === "" || !port || (url.pathname !== "" && url.pathname !== "/")) {
    throw badAddress(address);
  }
  return tcpTransport(url.hostname.replace(/^\[|\]$/g, ""), port);
}

function badAddress(address: string): FlasherError {
  return new FlasherError(
    "port-address",
    `"${address}" is not a port`,
    "Write a serial port such as /dev/ttyACM0 or COM4, or tcp://host:port.",
  );
}
