/** Scattered reads and gathered writes: all calls that move data take a list of `(pointer, length)` pairs. */
import { FAULT } from "./errno.js";
import { moveFile } from "./file.js";
import type { Guest } from "./guest.js";
import { fits, load, store } from "./memory.js";
import * as right from "./right.js";
import { capable, check, opened, tree } from "./target.js";

/**
 * `fd_write`, and with more parameters all of its kin. Moves data piece by piece, until a piece was not moved whole. In a file, an error after the first bytes ends the call
 * as a short count, as in POSIX; a device's transaction succeeds or fails as one.
 * @param iovs where the pairs are
 * @param result where the number of bytes moved goes
 * @param position NaN or absent for the descriptor's own; else `fd_seek` is needed, too
 * @param reads whether it reads
 * @returns errno
 */
export function moveVectors(
  guest: Guest,
  fd: number,
  iovs: number,
  count: number,
  result: number,
  position?: number,
  reads?: boolean | number,
): number {
  const refused =
    check(guest, fd, reads ? right.FD_READ : right.FD_WRITE) ||
    (position! >= 0 && capable(right.FD_SEEK)) ||
    (fits(guest, iovs, count * 8) && fits(guest, result, 4) ? 0 : FAULT);
  let total = 0;
  if (refused) return refused;
  // The list is copied before the first piece moves: a read may well go over the list itself.
  const pieces = load(guest, iovs, count * 2);
  for (let i = 0; i < pieces.length; i += 2) {
    const start = pieces[i];
    const length = pieces[i + 1];
    const at = position! + total;
    if (!fits(guest, start, length)) return FAULT;
    const moved = tree
      ? moveFile(reads, guest.memory, start, length, at)
      : reads
        ? opened.read!(guest.memory, start, length, at)
        : opened.write!(guest.memory, start, length, i + 2 < pieces.length, at);
    if (moved < 0) {
      if (total && tree) break;
      return -moved;
    }
    total += moved;
    // Each read of a device is a new one, so a piece of it is enough; a write is one however many its pieces.
    if (moved < length || (total && reads && !tree)) break;
  }
  return store(guest, result, [total]);
}
