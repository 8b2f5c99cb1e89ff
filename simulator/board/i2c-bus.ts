import { type ErrorKind, halError } from "../../hal/contract/index.js";
import type { BusProfile } from "../../hal/boards/profile.js";
import type { BoardHost } from "./board-host.js";
import type { BusSegment } from "./events.js";

/**
 * A part on an I2C bus, byte by byte, in the words of NXP's UM10204. Methods are called in the order in which
 * the conditions come on the wire.
 */
export interface I2cTarget {
  readonly name: string;
  /** A start or repeated start with this part's address. @returns false for no acknowledge */
  start(direction: "write" | "read"): boolean;
  /** A byte from the controller. @returns false for no acknowledge */
  write(byte: number): boolean;
  /** The next byte for the controller. */
  read(): number;
  stop(): void;
}

/** A fault to come. */
export interface I2cFault {
  /** What the controller will notice. */
  readonly kind: Extract<
    ErrorKind,
    "Bus" | "ArbitrationLoss" | "NoAcknowledgeAddress" | "NoAcknowledgeData" | "Overrun" | "Other"
  >;
  /** Only transactions with this address; any when absent. */
  readonly address?: number;
  /** Data bytes that pass before it, counted from the start condition; 0 when absent. Ignored for `NoAcknowledgeAddress`. */
  readonly afterBytes?: number;
  /** How many transactions suffer; 1 when absent, `Infinity` until `clearFaults`. */
  readonly count?: number;
}

type Segment = { readonly write: ArrayLike<number> } | { readonly read: number };

/**
 * An I2C bus with one controller, the board. Transactions take the time of their bits at the bus's rate.
 * The wires themselves aren't modelled: SDA and SCL have no levels while bytes pass.
 */
export class I2cBus {
  readonly name: string;
  readonly #host: BoardHost;
  readonly #targets = new Map<number, I2cTarget>();
  #faults: { fault: I2cFault; left: number }[] = [];
  #hertz = 100_000;
  /** The address of a transaction that was left without a stop. */
  #open: number | undefined;

  constructor(
    readonly profile: BusProfile,
    host: BoardHost,
  ) {
    this.name = profile.name;
    this.#host = host;
  }

  /** Bits per second; 100,000 after a reset. */
  get hertz(): number {
    return this.#hertz;
  }

  setup(hertz: number): void {
    this.#hertz = hertz;
  }

  /**
   * Solders a part to the bus.
   * @param address 7 bits, not shifted; throws a plain `Error` when another part has it
   * @returns a function that takes it off
   */
  attach(address: number, target: I2cTarget): () => void {
    const other = this.#targets.get(address);
    if (other) throw new Error(`${this.name} ${hex(address)} is taken by ${other.name}`);
    this.#targets.set(address, target);
    return () => {
      if (this.#targets.get(address) === target) this.#targets.delete(address);
    };
  }

  /** Addresses and what answers there. */
  get targets(): ReadonlyMap<number, I2cTarget> {
    return this.#targets;
  }

  inject(fault: I2cFault): void {
    this.#faults.push({ fault, left: fault.count ?? 1 });
  }

  clearFaults(): void {
    this.#faults = [];
  }

  /**
   * Start (a repeated one if the last transaction had no stop), address with write, the bytes, and a stop unless
   * `stop` is false. Throws `HalError`.
   */
  write(address: number, bytes: ArrayLike<number>, stop = true): void {
    this.transact(address, [{ write: bytes }], stop);
  }

  /** Start, address with read, `length` bytes, and a stop unless `stop` is false. Throws `HalError`. */
  read(address: number, length: number, stop = true): Uint8Array {
    return this.transact(address, [{ read: length }], stop)[0];
  }

  /**
   * One transaction: each segment begins with a (repeated) start.
   * @returns the bytes of each read segment. Throws `HalError` after a stop condition; the part saw what came before.
   */
  transact(address: number, segments: readonly Segment[], stop = true): Uint8Array[] {
    this.#host.spend(0);
    const target = this.#targets.get(address);
    if (this.#open !== undefined && this.#open !== address) {
      this.#targets.get(this.#open)?.stop();
    }
    this.#open = undefined;
    const fault = this.#takeFault(address);
    const record: BusSegment[] = [];
    const results: Uint8Array[] = [];
    let bits = 1;
    let passed = 0;
    let started = false;
    const fail = (kind: ErrorKind, what: string): never => {
      if (started) target?.stop();
      this.#host.spend((bits / this.#hertz) * 1e6);
      this.#host.events.emit({ type: "i2c", bus: this.name, address, segments: record, error: kind });
      throw halError(kind, `${this.name} ${hex(address)}: ${what}`);
    };
    const checkFault = () => {
      if (fault && fault.kind !== "NoAcknowledgeAddress" && passed >= (fault.afterBytes ?? 0))
        fail(fault.kind, FAULT_WORDS[fault.kind]);
    };
    for (const segment of segments) {
      const direction = "write" in segment ? "write" : "read";
      bits += 10;
      if (fault?.kind === "NoAcknowledgeAddress" || !target || !target.start(direction))
        fail("NoAcknowledgeAddress", "no acknowledge of the address");
      started = true;
      const count = "write" in segment ? segment.write.length : segment.read;
      const bytes = new Uint8Array(count);
      record.push({ direction, bytes });
      for (let i = 0; i < count; i++) {
        checkFault();
        bits += 9;
        if ("write" in segment) {
          bytes[i] = segment.write[i];
          if (!target!.write(bytes[i])) fail("NoAcknowledgeData", `no acknowledge of byte ${i}`);
        } else bytes[i] = target!.read() & 0xff;
        passed++;
      }
      if ("read" in segment) results.push(bytes);
    }
    checkFault();
    if (stop) target?.stop();
    else this.#open = address;
    this.#host.spend((bits / this.#hertz) * 1e6);
    this.#host.events.emit({ type: "i2c", bus: this.name, address, segments: record });
    return results;
  }

  /** The controller forgets an open transaction and its rate; parts and injected faults stay. */
  reset(): void {
    if (this.#open !== undefined) this.#targets.get(this.#open)?.stop();
    this.#open = undefined;
    this.#hertz = 100_000;
  }

  #takeFault(address: number): I2cFault | undefined {
    const entry = this.#faults.find(({ fault }) => fault.address === undefined || fault.address === address);
    if (!entry) return undefined;
    if (--entry.left <= 0) this.#faults = this.#faults.filter((other) => other !== entry);
    return entry.fault;
  }
}

const FAULT_WORDS = {
  Bus: "the bus is stuck",
  ArbitrationLoss: "another controller won the bus",
  NoAcknowledgeAddress: "no acknowledge of the address",
  NoAcknowledgeData: "no acknowledge of the data",
  Overrun: "overrun",
  Other: "fault",
} as const;

function hex(address: number): string {
  return `0x${address.toString(16).padStart(2, "0")}`;
}
