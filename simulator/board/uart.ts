import { halError, type UartConfig } from "../../hal/contract/index.js";
import type { BusProfile } from "../../hal/boards/profile.js";
import type { BoardHost } from "./board-host.js";

/** What is at the other end of a serial line. */
export interface UartPeer {
  /** Bytes that have left the board, when their last bit has. `answer` sends bytes back. */
  receive(bytes: Uint8Array, answer: (bytes: ArrayLike<number>) => void): void;
}

/** A peer that sends back what it gets: a wire from TX to RX. */
export const loopback: UartPeer = {
  receive: (bytes, answer) => answer(bytes),
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
    const now = this.#host.clock.now();
    this.#sendFree = Math.max(now, this.#sendFree) + sent.length * this.#byteMicroseconds();
    this.#host.schedulePeripheral(this.#sendFree - now, () => {
      this.#queued -= sent.length;
      this.#host.events.emit({ type: "uart", port: this.name, direction: "sent", bytes: sent });
      this.#peer?.receive(sent, (answer) => this.deliver(answer));
    });
  }

  /** Bytes from the other end; they arrive after the time of their bits. */
  deliver(bytes: ArrayLike<number>): void {
    const received = Uint8Array.from(bytes);
    if (received.length === 0) return;
    const now = this.#host.clock.now();
    this.#receiveFree = Math.max(now, this.#receiveFree) + received.length * this.#byteMicroseconds();
    this.#host.schedulePeripheral(this.#receiveFree - now, () => {
      this.#host.events.emit({ type: "uart", port: this.name, direction: "received", bytes: received });
      const room = BUFFER_BYTES - this.#waiting.length;
      this.#waiting.push(...received.subarray(0, room));
      if (room < received.length)
        this.#host.events.emit({
          type: "fault",
          where: this.name,
          what: `${received.length - room} bytes lost: nobody reads`,
        });
      this.#offer();
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
  }

  /** Gives what waits to the handler, from the event loop. */
  #offer(): void {
    if (!this.#handler || this.#waiting.length === 0) return;
    this.#host.schedule(0, () => {
      if (this.#handler && this.#waiting.length > 0) this.#handler(this.takeWaiting());
    });
  }

  #byteMicroseconds(): number {
    const { baud, parity, stopBits } = this.#config;
    return ((1 + 8 + (parity === "none" ? 0 : 1) + stopBits) / baud) * 1e6;
  }
}
