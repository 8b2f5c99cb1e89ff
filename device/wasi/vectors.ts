/** Scattered reads and gathered writes: all calls that move data take a list of `(pointer, length)` pairs. */
import { check } from "./descriptor.js";
import { FAULT } from "./errno.js";
import type { Guest } from "./guest.js";
import { fits, load32, store } from "./memory.js";
import { FD_WRITE } from "./rights.js";

/**
 * Moves data piece by piece, until a piece was not moved whole. An error after the first bytes ends the call
 * as a short count, as in POSIX.
 * @param rights with `FD_WRITE` it writes, otherwise it reads
 * @param iovs where the pairs are
 * @param result where the number of bytes moved goes
 * @param position absent for the descriptor's own
 * @returns errno
 */
export function moveVectors(
  guest: Guest,
  fd: number,
  rights: number,
  iovs: number,
  count: number,
  result: number,
  position?: number,
): number {
  const descriptor = guest.descriptors[fd];
  let total = 0;
  const refused = check(descriptor, rights);
  if (refused) return refused;
  if (!fits(guest, iovs, count * 8) || !fits(guest, result, 4)) return FAULT;
  while (count--) {
    const memory = guest.memory;
    const pointer = load32(guest, iovs);
    const length = load32(guest, iovs + 4);
    const moved = !fits(guest, pointer, length)
      ? -FAULT
      : rights & FD_WRITE
        ? descriptor!.write!(memory, pointer, length, count > 0, position)
        : descriptor!.read!(memory, pointer, length, position);
    iovs += 8;
    if (moved < 0 && !total) return -moved;
    total += Math.max(moved, 0);
    // Each read of a device is a new one, so a piece of it is enough; a write is one however many its pieces.
    if (moved < length || (total && !(rights & FD_WRITE) && !descriptor!.tree)) break;
    if (position !== undefined) position += length;
  }
  return store(guest, result, [total]);
}
