/** Scattered reads and gathered writes: all calls that move data take a list of `(pointer, length)` pairs. */
import { FAULT } from "./errno.js";
import { moveFile } from "./file.js";
import type { Guest } from "./guest.js";
import { fits, load, store } from "./memory.js";
import * as right from "./right.js";
import { capable, check, opened, tree } from "./target.js";

/**
 * Moves data piece by piece, until a piece was not moved whole. In a file, an error after the first bytes ends the call
 * as a short count, as in POSIX; a device's transaction succeeds or fails as one.
 * @param needed `right.FD_WRITE` writes, `right.FD_READ` reads
 * @param iovs where the pairs are
 * @param result where the number of bytes moved goes
 * @param position absent for the descriptor's own; else `fd_seek` is needed, too
 * @returns errno
 */
export function moveVectors(
  guest: Guest,
  fd: number,
  needed: number,
  iovs: number,
  count: number,
  result: number,
  position?: number,
): number {
  const writes = needed === right.FD_WRITE;
  const refused = check(guest, fd, needed) || (position! >= 0 && capable(right.FD_SEEK));
  let total = 0;
  if (refused) return refused;
  if (!fits(guest, iovs, count * 8) || !fits(guest, result, 4)) return FAULT;
  // The list is copied before the first piece moves: a read may well go over the list itself.
  const pieces = load(guest, iovs, count * 2);
  for (let i = 0; i < pieces.length; i += 2) {
    const start = pieces[i];
    const length = pieces[i + 1];
    const at = position! + total;
    if (!fits(guest, start, length)) return FAULT;
    const moved = tree
      ? moveFile(writes, guest.memory, start, length, at)
      : writes
        ? opened.write!(guest.memory, start, length, i + 2 < pieces.length, at)
        : opened.read!(guest.memory, start, length, at);
    if (moved < 0) {
      if (total && tree) break;
      return -moved;
    }
    total += moved;
    // Each read of a device is a new one, so a piece of it is enough; a write is one however many its pieces.
    if (moved < length || (total && !writes && !tree)) break;
  }
  return store(guest, result, [total]);
}
