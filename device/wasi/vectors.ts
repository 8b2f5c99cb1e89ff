/** Scattered reads and gathered writes: all calls that move data take a list of `(pointer, length)` pairs. */
import { FAULT } from "./errno.js";
import type { Guest } from "./guest.js";
import { fits, load32, store32 } from "./memory.js";

/**
 * Moves data piece by piece, until a piece was not moved whole. An error after the first bytes ends the call
 * as a short count, as in POSIX.
 * @param iovs where the pairs are
 * @param result where the number of bytes moved goes
 * @param whole false: one piece that has a length is enough (each read of a device is a new one)
 * @param move moves one piece, which lies in memory; returns bytes, or a negated errno
 * @returns errno
 */
export function moveVectors(
  guest: Guest,
  iovs: number,
  count: number,
  result: number,
  whole: unknown,
  move: (pointer: number, length: number, more: boolean) => number,
): number {
  let total = 0;
  if (!fits(guest, iovs, count * 8) || !fits(guest, result, 4)) return FAULT;
  while (count--) {
    const pointer = load32(guest, iovs);
    const length = load32(guest, iovs + 4);
    const moved = fits(guest, pointer, length) ? move(pointer, length, count > 0) : -FAULT;
    iovs += 8;
    if (moved < 0) {
      if (total) break;
      return -moved;
    }
    total += moved;
    if (moved < length || (total && !whole)) break;
  }
  return store32(guest, result, total);
}
