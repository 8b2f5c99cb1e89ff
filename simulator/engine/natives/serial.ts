import type { SimulatedUart } from "../../board/index.js";
import { type NativeContext, type Natives, isHalError } from "./context.js";

/** Bytes given to the port at once, and those that wait for it. */
const BURST_BYTES = 256;

/** How the machine routes its console. */
export interface ConsoleRouting {
  /** Bytes that a script writes to a device that isn't a serial port of the chip. */
  transmit(device: string, bytes: Uint8Array): void;
  /** Bytes that arrive at a device. */
  arrive(device: string, bytes: Uint8Array): void;
  move(device: string): void;
}

/**
 * Serial ports over the board's; a port that is full makes bytes wait, as Espruino's transmit buffer does.
 * @returns `send` for what the console prints: false when the device isn't a serial port of the chip
 */
export function serialNatives(
  context: NativeContext,
  routing: ConsoleRouting,
): { natives: Natives; send(device: string, bytes: Uint8Array): boolean } {
  const { board, received } = context;
  const backlog = new Map<SimulatedUart, number[]>();
  const find = (name: unknown) => board.uarts.find((port) => port.name === name);
  const open = new Set<SimulatedUart>();

  const drain = (port: SimulatedUart) => {
    const waiting = backlog.get(port);
    if (!waiting) return;
    while (waiting.length > 0) {
      try {
        port.write(waiting.slice(0, BURST_BYTES));
      } catch (error) {
        if (!isHalError(error)) throw error;
        board.schedule((BURST_BYTES * 10 * 1e6) / port.config.baud, () => drain(port));
        return;
      }
      waiting.splice(0, BURST_BYTES);
    }
    backlog.delete(port);
  };
  const send = (port: SimulatedUart, bytes: Uint8Array) => {
    const waiting = backlog.get(port);
    if (waiting) waiting.push(...bytes);
    else {
      backlog.set(port, [...bytes]);
      drain(port);
    }
  };
  const listen = (port: SimulatedUart) => {
    if (open.has(port)) return;
    open.add(port);
    port.onData((bytes) => routing.arrive(port.name, bytes));
  };

  const natives: Natives = {
    serialSetup: (name, baud, parity, stopBits) => {
      const port = find(name);
      if (!port) return;
      const names = { n: "none", e: "even", o: "odd" } as const;
      port.setup({
        baud: Number(baud),
        parity: names[String(parity) as "n" | "e" | "o"],
        stopBits: Number(stopBits) === 2 ? 2 : 1,
      });
      listen(port);
    },
    serialWrite: (name) => {
      const bytes = received();
      const port = find(name);
      if (port) send(port, bytes);
      else routing.transmit(String(name), bytes);
    },
    listen: (name) => {
      const port = find(name);
      if (port) listen(port);
    },
    inject: (name) => {
      const bytes = received();
      board.schedule(0, () => routing.arrive(String(name), bytes));
    },
    setConsole: (name) => {
      const port = find(name);
      if (port) listen(port);
      routing.move(String(name));
    },
  };
  return {
    natives,
    send: (device, bytes) => {
      const port = find(device);
      if (port) send(port, bytes);
      return port !== undefined;
    },
  };
}
