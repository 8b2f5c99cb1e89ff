import type { BoardProfile } from "../../hal/boards/profile.js";

/**
 * What an allocator gets unless the manifest's or the command's `memory` says otherwise: a quarter of the interpreter's
 * variables, which leaves room for the program's own and for what else runs.
 */
export function heapBytes({ memory }: BoardProfile): number {
  return Math.floor((memory.jsVars * memory.jsVarBytes) / 4);
}
