import { performance } from "node:perf_hooks";
import type { SimulatedBoard } from "../board/index.js";
import { Espruino } from "../engine/index.js";
import { Prompt } from "./prompt.js";
import type { Transport } from "./transport.js";

/** Milliseconds on the wall between two looks at the transports while a script runs. */
const POLL_MILLISECONDS = 20;

/** What a console needs. */
export interface BoardConsoleOptions {
  readonly board: SimulatedBoard;
  /** Milliseconds on the wall; for Ctrl-C only, time in the simulation is the board's. */
  readonly wallMilliseconds?: () => number;
}

/**
 * A board with Espruino on it and its console on any number of transports. Who made the board moves its clock:
 * a `Pacer` along with the wall's, or a test as fast as it likes.
 */
export class BoardConsole {
  readonly espruino: Espruino;
  readonly prompt: Prompt;
  readonly #transports = new Set<Transport>();
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();

  private constructor(espruino: Espruino, prompt: Prompt, device: (transmit: (bytes: Uint8Array) => void) => void) {
    this.espruino = espruino;
    this.prompt = prompt;
    device((bytes) => {
      for (const transport of this.#transports) transport.write(bytes);
      for (const listener of this.#listeners) listener(bytes);
    });
  }

  /** Makes the console; `espruino.powerOn()` starts it, after the transports were attached. */
  static async create({
    board,
    wallMilliseconds = () => performance.now(),
  }: BoardConsoleOptions): Promise<BoardConsole> {
    const prompt = new Prompt();
    let transmit: (bytes: Uint8Array) => void = () => {};
    let poll: () => void = () => {};
    let polled = -Infinity;
    const espruino = await Espruino.create({
      board,
      console: prompt,
      // Only the default device has wires here: what goes elsewhere, like Bluetooth beside USB, is in the air.
      transmit: (device, bytes) => {
        if (device === board.profile.console) transmit(bytes);
      },
      poll: () => {
        const now = wallMilliseconds();
        if (now - polled < POLL_MILLISECONDS) return;
        polled = now;
        poll();
      },
    });
    prompt.attach(espruino);
    prompt.output = (bytes) => espruino.transmitConsole(bytes);
    const console = new BoardConsole(espruino, prompt, (write) => {
      transmit = write;
    });
    poll = () => {
      for (const transport of console.#transports) transport.poll();
    };
    return console;
  }

  get board(): SimulatedBoard {
    return this.espruino.board;
  }

  /** @returns a function that takes it off again, without closing it */
  attach(transport: Transport): () => void {
    this.#transports.add(transport);
    transport.onData((bytes) => this.type(bytes));
    return () => this.#transports.delete(transport);
  }

  /** Bytes at the board's console device, as if a transport had brought them. Lost while the board has no power. */
  type(input: Uint8Array | string): void {
    const bytes = typeof input === "string" ? new Uint8Array(Buffer.from(input, "latin1")) : input;
    if (this.board.powered) this.espruino.receive(this.board.profile.console, bytes);
  }

  /** Calls `listener` with what leaves the console device. @returns a function that ends it */
  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the interpreter and closes the transports. */
  async close(): Promise<void> {
    const transports = [...this.#transports];
    this.#transports.clear();
    await Promise.all(transports.map((transport) => transport.close()));
    this.espruino.dispose();
  }
}
