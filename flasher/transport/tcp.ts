import { connect, type Socket } from "node:net";
import { FlasherError } from "../error.js";
import type { Transport } from "./transport.js";

/** Milliseconds that a host may take to answer a connection. */
const CONNECT_TIMEOUT = 5000;

/**
 * A board behind `tcp://host:port`: a simulated one, or a real one behind a serial-to-network bridge.
 * @param host name or address; IPv6 without its brackets
 * @param port 1 to 65535
 */
export function tcpTransport(host: string, port: number): Transport {
  const address = `tcp://${host.includes(":") ? `[${host}]` : host}:${port}`;
  let socket: Socket | undefined;
  let lost: FlasherError | undefined;
  let onData: (bytes: Uint8Array) => void = () => {};
  let onLost: (error: Error) => void = () => {};

  const lose = (why: string): FlasherError => {
    if (!lost) {
      lost = new FlasherError("port-lost", `${address}: ${why}`, "See whether the board still runs, and flash again.");
      if (socket) onLost(lost);
    }
    return lost;
  };

  return {
    async open() {
      const opening = connect({ host, port, noDelay: true });
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => opening.destroy(new Error("no answer in 5 s")), CONNECT_TIMEOUT);
        opening.once("connect", () => (clearTimeout(timer), resolve()));
        opening.once("error", (error: NodeJS.ErrnoException) => {
          clearTimeout(timer);
          const refused = error.code === "ECONNREFUSED" ? "nothing listens there" : error.message;
          reject(
            new FlasherError(
              "port-missing",
              `${address}: ${refused}`,
              "Start the board or simulator that should listen there, or correct host and port.",
            ),
          );
        });
      });
      socket = opening;
      opening.removeAllListeners("error");
      opening.on("data", (chunk) => onData(chunk));
      opening.on("error", (error) => lose(error.message));
      opening.on("close", () => lose("the connection was closed"));
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (!socket || lost) return reject(lost ?? lose("not open"));
        socket.write(bytes, (error) => (error ? reject(lose(error.message)) : resolve()));
      }),
    onData: (listener) => void (onData = listener),
    onLost: (listener) => void (onLost = listener),
    async close() {
      const closing = socket;
      socket = undefined;
      if (!closing) return;
      onLost = () => {};
      if (closing.destroyed) return;
      await new Promise<void>((resolve) => closing.once("close", () => resolve()).end(() => closing.destroy()));
    },
    describe: () => address,
  };
}
