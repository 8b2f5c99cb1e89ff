import { halError, type UartConfig } from "../../hal/contract/index.js";
import type { BusProfile } from "../../hal/boards/profile.js";
import type { BoardHost } from "./board-host.js";

/** What is at the other end of a serial line. */
export interface UartPeer {
  /** A byte that has left the board, when its last bit has. `answer` sends bytes back. */
  receive(byte: number, answer: (bytes: ArrayLike<number>) => void): void;
}

/** A peer that sends back what it gets: a wire from TX to RX. */
export const loopback: UartPeer = {
  receive: (byte, answer) => answer([byte]),
};

/** Bytes that wait to be sent, and bytes that wait to be taken; more than that is an overrun. */
const BUFFER_BYTES = 1024;

/** A serial port other than the console. Bytes take the time of their bits, start, parity and stop bits included. */
export class SimulatedUart {
  readonly name: string;
  readonly #host: BoardHost;
  #config: UartConfig = { baud: 9600, parity: "none", stopBits: 1 };
  #peer: UartPeer | undefined;
  #handler: ((bytes: Uint8Array) => void) | undefined;
  #waiting: number[] = [];
  #sendFree = 0;
  #queued = 0;
  #receiveFree = 0;
  #offering = false;

  constructor(
    readonly profile: BusProfile,
    host: BoardHost,
  ) {
    this.name = profile.name;
    this.#host = host;
  }

  /** 9600 baud 8N1 after a reset, as Espruino has it. */
  get config(): UartConfig {
    return this.#config;
  }

  setup(config: UartConfig): void {
    this.#config = config;
  }

  /** Plugs something into the port; undefined unplugs it. */
  connect(peer: UartPeer | undefined): void {
    this.#peer = peer;
  }

  /** Queues the bytes. Throws `HalError` of kind `Overrun` when more than 1,024 would wait. */
  write(bytes: ArrayLike<number>): void {
    this.#host.spend(0);
    const sent = Uint8Array.from(bytes);
    if (this.#queued + sent.length > BUFFER_BYTES)
      throw halError(
        "Overrun",
        `${this.name}: ${this.#queued + sent.length} bytes wait, the buffer holds ${BUFFER_BYTES}`,
      );
    if (sent.length === 0) return;
    this.#queued += sent.length;
    const start = Math.max(this.#host.clock.now(), this.#sendFree);
    this.#sendFree = this.#eachByte(start, sent, (byte, isLast) => {
      this.#queued--;
      if (isLast) this.#host.events.emit({ type: "uart", port: this.name, direction: "sent", bytes: sent });
      this.#peer?.receive(byte, (answer) => this.deliver(answer));
    });
  }

  /** Bytes from the other end; each arrives after the time of its bits. Lost when the board has no power. */
  deliver(bytes: ArrayLike<number>): void {
    const received = Uint8Array.from(bytes);
    let lost = 0;
    const start = Math.max(this.#host.clock.now(), this.#receiveFree);
    this.#receiveFree = this.#eachByte(start, received, (byte, isLast) => {
      if (this.#waiting.length < BUFFER_BYTES) this.#waiting.push(byte);
      else lost++;
      this.#offer();
      if (!isLast) return;
      this.#host.events.emit({ type: "uart", port: this.name, direction: "received", bytes: received });
      if (lost > 0)
        this.#host.events.emit({ type: "fault", where: this.name, what: `${lost} bytes lost: nobody reads` });
    });
  }

  /** Takes what has arrived while nobody listened. */
  takeWaiting(): Uint8Array {
    const bytes = Uint8Array.from(this.#waiting);
    this.#waiting = [];
    return bytes;
  }

  /**
   * Calls `handler` from the event loop with what arrives, first with what waited; replaces the handler before.
   * @returns a function that ends it
   */
  onData(handler: (bytes: Uint8Array) => void): () => void {
    this.#handler = handler;
    this.#offer();
    return () => {
      if (this.#handler === handler) this.#handler = undefined;
    };
  }

  /** Forgets handler, queues and settings; the peer stays plugged in. */
  reset(): void {
    this.#config = { baud: 9600, parity: "none", stopBits: 1 };
    this.#handler = undefined;
    this.#waiting = [];
    this.#queued = 0;
    this.#sendFree = 0;
    this.#receiveFree = 0;
    this.#offering = false;
  }

  /** Calls `visit` when each byte is over; returns when the last is. */
  #eachByte(start: number, bytes: Uint8Array, visit: (byte: number, isLast: boolean) => void): number {
    const now = this.#host.clock.now();
    const each = this.#byteMicroseconds();
    bytes.forEach((byte, i) =>
      this.#host.schedulePeripheral(start + (i + 1) * each - now, () => visit(byte, i === bytes.length - 1)),
    );
    return start + bytes.length * each;
  }

  /** Gives what waits to the handler, from the event loop. */
  #offer(): void {
    if (!this.#handler || this.#waiting.length === 0 || this.#offering) return;
    this.#offering = true;
    this.#host.schedule(0, () => {
      this.#offering = false;
      if (this.#handler && this.#waiting.length > 0) this.#handler(this.takeWaiting());
    });
  }

  #byteMicroseconds(): number {
    const { baud, parity, stopBits } = this.#config;
    return ((1 + 8 + (parity === "none" ? 0 : 1) + stopBits) / baud) * 1e6;
  }
}
