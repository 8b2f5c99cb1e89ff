import type { Clock, RandomSource } from "../../hal/contract/index.js";

/**
 * A running wasm program as the WASI calls see it. An engine makes one and fills in what the calls that the
 * module imports will need; what isn't imported isn't shipped, so most fields are set only on demand.
 *
 * Every call is a plain function `(guest, …arguments) => errno`. An i64 argument arrives as two int32, low word
 * first; pointers and lengths are int32 and may be anything at all: a call answers `fault` rather than touch
 * a byte outside `memory`.
 */
export interface Guest {
  /** Linear memory, as long as the arena. An engine replaces it when memory grows, so never keep it. */
  memory: Uint8Array;
  /** File descriptors by number; holes are undefined. */
  descriptors: (Descriptor | undefined)[];
  /** Arguments, the program's name first, as UTF-8 bytes one char each. */
  args: string[];
  /** `NAME=value`, as UTF-8 bytes one char each. */
  environ: string[];
  clock: Clock;
  random: RandomSource;
  /**
   * Suspends the guest. A call that can't finish yet returns what this returns, at once.
   * The engine gives the event loop back and returns to the guest with the errno that `done` got.
   * @param begin starts the waiting; returns how to give it up, for when the guest is stopped meanwhile
   */
  wait(begin: (done: (errno: number) => void) => () => void): number;
}

/**
 * An open file, directory, console stream or peripheral. A method that is missing means that the kind can't do it.
 * Methods return a non-negative count, or a negated WASI errno.
 */
export interface Descriptor {
  /** WASI preview 1 `filetype`. */
  readonly kind: number;
  /** WASI preview 1 `fdflags`. */
  flags: number;
  /** WASI preview 1 `rights`, base and inheriting; bits 0-29 are all that preview 1 defines. */
  rights: number;
  inheriting: number;
  /** Set on preopened directories and devices: the guest's name for it, UTF-8 bytes one char each. */
  readonly preopen?: string;
  read?(target: Uint8Array, start: number, length: number): number;
  write?(source: Uint8Array, start: number, length: number): number;
  readAt?(position: number, target: Uint8Array, start: number, length: number): number;
  writeAt?(position: number, source: Uint8Array, start: number, length: number): number;
  /**
   * Calls `ready` once, when a read wouldn't wait any more (for a pin: after an edge). Absent: always ready.
   * @returns a function that ends the watch
   */
  onReadable?(ready: () => void): () => void;
  /** Whether a read would wait now. */
  wouldBlock?(): boolean;
  close?(): number;
}

/** What a guest's end by `proc_exit` is thrown as; the engine catches it. */
export interface Exit {
  readonly exitCode: number;
}
