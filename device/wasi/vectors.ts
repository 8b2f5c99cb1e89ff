/** Scattered reads and gathered writes: all calls that move data take a list of `(pointer, length)` pairs. */
import { check } from "./descriptor.js";
import { FAULT } from "./errno.js";
import type { Guest } from "./guest.js";
import { fits, load, store } from "./memory.js";
import { FD_WRITE } from "./rights.js";

/**
 * Moves data piece by piece, until a piece was not moved whole. In a file, an error after the first bytes ends the call
 * as a short count, as in POSIX; a device's transaction succeeds or fails as one.
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
  const refused = check(descriptor, rights);
  let total = 0;
  if (refused) return refused;
  if (!fits(guest, iovs, count * 8) || !fits(guest, result, 4)) return FAULT;
  // The list is copied before the first piece moves: a read may well go over the list itself.
  const pieces = load(guest, iovs, count * 2);
  for (let i = 0; i < pieces.length; i += 2) {
    const length = pieces[i + 1];
    if (!fits(guest, pieces[i], length)) return FAULT;
    const moved =
      rights & FD_WRITE
        ? descriptor!.write!(guest.memory, pieces[i], length, i + 2 < pieces.length, position! + total)
        : descriptor!.read!(guest.memory, pieces[i], length, position! + total);
    if (moved < 0) {
      if (total && descriptor!.tree) break;
      return -moved;
    }
    total += moved;
    // Each read of a device is a new one, so a piece of it is enough; a write is one however many its pieces.
    if (moved < length || (total && !(rights & FD_WRITE) && !descriptor!.tree)) break;
  }
  return store(guest, result, [total]);
}
