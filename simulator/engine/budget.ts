import type { BoardProfile } from "../../hal/boards/profile.js";

/**
 * How much of the host a board's interpreter may use, and how its work counts in virtual time.
 *
 * QuickJS isn't Espruino: it keeps bytecode and shapes, Espruino keeps source text in chained variables. So these
 * are rules to tell a runaway script from a fitting one and to let polling loops see time pass; they aren't a
 * measurement of the board. `process.memory()` has its own estimate, see `memory-estimate.ts`.
 */
export interface EngineBudget {
  /** Bytes that the script may allocate in QuickJS beyond what the empty interpreter takes and its code. */
  readonly heapBytes: number;
  /** Bytes more for each byte of a script that is run. */
  readonly heapBytesPerCodeByte: number;
  /** Bytes of QuickJS's own stack. */
  readonly stackBytes: number;
  /** Virtual microseconds for each branch and each call that QuickJS counts. */
  readonly microsecondsPerStep: number;
  /** Virtual microseconds that a call of a native function takes. */
  readonly microsecondsPerCall: number;
}

/** QuickJS takes 3 to 5 times the bytes of Espruino's variables for small objects, arrays and closures. */
const HEAP_FACTOR = 5;

/** Code runs from Storage on a board and takes no variables there; QuickJS holds its text, bytecode and atoms. */
const CODE_FACTOR = 16;

/** Beyond this, V8's own stack would end before QuickJS notices (measured: 256 KiB is too much for its JSON parser). */
const MOST_STACK_BYTES = 160 << 10;
const LEAST_STACK_BYTES = 48 << 10;

/**
 * A step of QuickJS (a branch or a call) in processor cycles of Espruino: half of an empty loop's turn, which is about
 * 60 us at 64 MHz. That is what a step takes at the least: the kernels of `bench/kernels` take 1.0 to 4.7 such turns for
 * each step on the desktop build, 2.3 in the geometric mean, since expressions count for nothing here.
 */
const CYCLES_PER_STEP = 1920;

/** A native call with one argument, in processor cycles: `digitalWrite` in a loop toggles at about 4 kHz at 64 MHz. */
const CYCLES_PER_CALL = 7000;

/** A board's budget, from its memory and its processor's clock. */
export function engineBudget(profile: BoardProfile): EngineBudget {
  const { memory, processor } = profile;
  return {
    heapBytes: memory.jsVars * memory.jsVarBytes * HEAP_FACTOR,
    heapBytesPerCodeByte: CODE_FACTOR,
    stackBytes: Math.min(MOST_STACK_BYTES, Math.max(LEAST_STACK_BYTES, memory.stackBytes)),
    microsecondsPerStep: (CYCLES_PER_STEP * 1e6) / processor.hertz,
    microsecondsPerCall: (CYCLES_PER_CALL * 1e6) / processor.hertz,
  };
}
