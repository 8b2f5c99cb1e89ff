/** File attributes: storing them, and the times that a guest sets. */
import { INVAL } from "./errno.js";
import type { FileStatus } from "../fs/file-system.js";
import type { Guest } from "./guest.js";
import { nanoseconds, store } from "./memory.js";
import { microseconds } from "./numbers.js";
import { kind, node, tree } from "./target.js";

/**
 * Stores the `filestat` (64 bytes) of what was found. What isn't in a tree, as a console stream, has a kind, and all else
 * is 0.
 * @returns errno
 */
export function storeStatus(guest: Guest, result: number): number {
  const status = (tree ? tree.stat(node) : {}) as FileStatus & number;
  // An errno is below 0, and an object isn't.
  return status < 0
    ? -status
    : store(
        guest,
        result,
        [tree && tree.device, 0, node, 0, kind, 0, 1, 0, status.size, 0].concat(
          nanoseconds(status.accessed),
          nanoseconds(status.modified),
          nanoseconds(status.changed),
        ),
      );
}

/** What `fstflags` asks for: bit 0 the time given, bit 1 now. */
function choose(guest: Guest, bits: number, low: number, high: number): number | undefined {
  return bits & 1 ? Math.floor(microseconds(low, high)) : bits & 2 ? guest.clock.realtime() : undefined;
}

/**
 * Sets what `fstflags` asks for, on what was found: 1 accessed, 2 accessed now, 4 modified, 8 modified now.
 * File systems keep microseconds: nanoseconds below are cut off.
 * @returns errno; `inval` for a time that is both given and now
 */
export function setTimes(
  guest: Guest,
  accessedLow: number,
  accessedHigh: number,
  modifiedLow: number,
  modifiedHigh: number,
  flags: number,
): number {
  // Both bits of a pair: one is set, and so is the one above it.
  return flags & ~15 || flags & (flags >> 1) & 5
    ? INVAL
    : -tree.setTimes(
        node,
        choose(guest, flags, accessedLow, accessedHigh),
        choose(guest, flags >> 2, modifiedLow, modifiedHigh),
      );
}
