/** File attributes: storing them, and the times that a guest sets. */
import { BADF, FAULT, INVAL } from "./errno.js";
import type { Guest, Tree } from "./guest.js";
import { fits, store32, store64, storeTime } from "./memory.js";
import { microseconds } from "./numbers.js";

/**
 * Stores a `filestat` (64 bytes).
 * @param tree undefined for what isn't in one, as a console stream: then all is 0 but the kind
 * @returns errno
 */
export function storeStatus(guest: Guest, result: number, kind: number, tree?: Tree, node?: number): number {
  if (!fits(guest, result, 64)) return FAULT;
  for (let i = 0; i < 64; i += 4) store32(guest, result + i, 0);
  const status = tree && tree.stat(node!);
  if (tree) {
    if (!status) return BADF;
    store32(guest, result, tree.device || 0);
    store64(guest, result + 8, node!);
    kind = status.kind;
    store64(guest, result + 32, status.size);
    storeTime(guest, result + 40, status.accessed);
    storeTime(guest, result + 48, status.modified);
    storeTime(guest, result + 56, status.changed);
  }
  guest.memory[result + 16] = kind;
  return store32(guest, result + 24, 1);
}

/**
 * Sets what `fstflags` asks for: 1 accessed, 2 accessed now, 4 modified, 8 modified now.
 * File systems keep microseconds: nanoseconds below are cut off.
 * @returns errno; `inval` for a time that is both given and now
 */
export function setTimes(
  guest: Guest,
  tree: Tree,
  node: number,
  accessedLow: number,
  accessedHigh: number,
  modifiedLow: number,
  modifiedHigh: number,
  flags: number,
): number {
  if (flags & ~15 || (flags & 3) === 3 || (flags & 12) === 12) return INVAL;
  function choose(bits: number, low: number, high: number): number | undefined {
    return bits & 1 ? Math.floor(microseconds(low, high)) : bits & 2 ? guest.clock.realtime() : undefined;
  }
  return -tree.setTimes(node, choose(flags, accessedLow, accessedHigh), choose(flags >> 2, modifiedLow, modifiedHigh));
}
