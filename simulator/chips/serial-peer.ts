import { loopback, type SimulatedBoard } from "../board/index.js";
import { noProperty, type Part } from "./part.js";

/** What is at the other end of a serial port. */
export interface SerialPeerOptions {
  /** Its name; the port's name when absent. */
  readonly name?: string;
  /** What is sent back after the board has sent the key; longer keys win. A wire from TX to RX when absent. */
  readonly replies?: Readonly<Record<string, string>>;
}

/** More than this of what the board sent isn't kept. */
const KEPT_CHARACTERS = 4096;

/** What is plugged into a serial port: a wire from TX to RX, or something that answers to what it knows. */
export function attachSerialPeer(board: SimulatedBoard, portName: string, options: SerialPeerOptions = {}): Part {
  const port = board.uart(portName);
  const name = options.name ?? portName;
  const replies = Object.entries(options.replies ?? {}).sort(([a], [b]) => b.length - a.length);
  let received = "";
  // What hasn't been answered yet, so that a byte is answered to once.
  let pending = "";
  port.connect({
    receive: (byte, answer) => {
      const char = String.fromCharCode(byte);
      received = (received + char).slice(-KEPT_CHARACTERS);
      pending = (pending + char).slice(-KEPT_CHARACTERS);
      if (!options.replies) return loopback.receive(byte, answer);
      const known = replies.find(([request]) => pending.endsWith(request));
      if (!known) return;
      pending = "";
      answer(Buffer.from(known[1], "latin1"));
    },
  });
  const part: Part = {
    name,
    type: "serial",
    state: () => ({ received }),
    set: (property, value) => {
      if (property !== "received") throw noProperty(part, property, ["received"]);
      if (typeof value !== "string") throw new Error(`serial ${name}: received is text, not ${value}`);
      received = value;
    },
    detach: () => port.connect(undefined),
  };
  return part;
}
