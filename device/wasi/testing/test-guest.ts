/** A guest without a program: memory to put arguments in, a clock that the test moves, calls by hand. For tests only. */
import type { Clock } from "../../../hal/contract/index.js";
import type { Descriptor, Guest } from "../guest.js";

/** Time that passes only while somebody waits. */
class TestClock implements Clock {
  now = 0;
  /** Microseconds since 1970 at `now` 0. */
  epoch = 1_700_000_000_000_000;
  readonly resolution = 1;
  #timers: { due: number; handler: () => void }[] = [];

  monotonic = (): number => this.now;
  realtime = (): number => this.epoch + this.now;
  after = (microseconds: number, handler: () => void): (() => void) => {
    const timer = { due: this.now + microseconds, handler };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((other) => other !== timer));
  };

  /** How many timers are pending. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Runs the earliest timer; false when there is none. */
  step(): boolean {
    const next = [...this.#timers].sort((a, b) => a.due - b.due)[0];
    if (!next) return false;
    this.#timers = this.#timers.filter((other) => other !== next);
    this.now = Math.max(this.now, next.due);
    next.handler();
    return true;
  }
}

/** Where something was put into memory. */
export interface Range {
  readonly pointer: number;
  readonly length: number;
}

/** Where a test's calls put their results. */
export const RESULT = 8;
/** What is put into memory goes from here on. */
const FIRST = 256;

/** A guest for tests: memory to put arguments into, a clock of its own, and no bytes from anywhere else. */
export class TestGuest implements Guest {
  memory: Uint8Array;
  descriptors: (Descriptor | undefined)[] = [];
  args: string[] = [];
  environ: string[] = [];
  readonly clock = new TestClock();
  /** 1, 2, 3, … */
  readonly entropy = (bytes: Uint8Array, start: number, length: number): void => {
    for (let i = 0; i < length; i++) bytes[start + i] = i + 1;
  };
  /** How often a call has waited. */
  waits = 0;
  #next = FIRST;

  constructor(memoryBytes = 65536) {
    this.memory = new Uint8Array(memoryBytes);
  }

  wait(begin: (done: (errno: number) => void) => () => void): number {
    let errno: number | undefined;
    this.waits++;
    begin((result) => {
      if (errno !== undefined) throw new Error("done twice");
      errno = result;
    });
    while (errno === undefined) if (!this.clock.step()) throw new Error("waits for ever");
    return errno;
  }

  /** Puts bytes, or text as UTF-8, somewhere free. */
  put(content: string | ArrayLike<number>): Range {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : Uint8Array.from(content);
    const pointer = this.#next;
    this.memory.set(bytes, pointer);
    this.#next += (bytes.length + 7) & ~7;
    return { pointer, length: bytes.length };
  }

  /** Puts little-endian 32-bit words. */
  putWords(...words: number[]): Range {
    return this.put(new Uint8Array(Int32Array.from(words).buffer));
  }

  /** Puts the `(pointer, length)` pairs of a scattered read or gathered write. */
  putVectors(...ranges: Range[]): { pointer: number; count: number } {
    const { pointer } = this.putWords(...ranges.flatMap((range) => [range.pointer, range.length]));
    return { pointer, count: ranges.length };
  }

  u16(pointer: number): number {
    return new DataView(this.memory.buffer).getUint16(pointer, true);
  }
  u32(pointer = RESULT): number {
    return new DataView(this.memory.buffer).getUint32(pointer, true);
  }
  u64(pointer = RESULT): bigint {
    return new DataView(this.memory.buffer).getBigUint64(pointer, true);
  }
  text(pointer: number, length: number): string {
    return new TextDecoder().decode(this.memory.subarray(pointer, pointer + length));
  }
}

/** The two int32 of an i64 argument. */
export function i64(value: number | bigint): [low: number, high: number] {
  return [Number(BigInt.asIntN(32, BigInt(value))), Number(BigInt.asIntN(32, BigInt(value) >> 32n))];
}
