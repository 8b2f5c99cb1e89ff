import type { BoardProfile } from "../../hal/boards/profile.js";

/** More than this is asked for, not given. */
const MOST = 1 << 20;

/** What an allocator gets where the interpreter isn't known: as much as the smaller boards have in all. */
export const STANDALONE_HEAP_BYTES = 32768;

/**
 * What an allocator gets unless the manifest's or the command's `memory` says otherwise: a quarter of the interpreter's
 * variables, which leaves room for the program's own and for what else runs.
 */
export function heapBytes({ memory }: BoardProfile): number {
  return Math.min(MOST, Math.floor((memory.jsVars * memory.jsVarBytes) / 4));
}
