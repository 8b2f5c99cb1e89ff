/** Scattered reads and gathered writes: all calls that move data take a list of `(pointer, length)` pairs. */
import { FAULT, FBIG } from "./errno.js";
import { LARGEST } from "./file.js";
import type { Guest } from "./guest.js";
import { checkRange, load, store } from "./memory.js";
import * as right from "./right.js";
import { APPEND, DSYNC, SYNC } from "./rights.js";
import { capable, check, opened, node, size, tree } from "./target.js";

/**
 * `fd_write`, and with more parameters all of its kin. Moves data piece by piece, until a piece was not moved whole. In
 * a file, an error after the first bytes ends the call as a short count, as in POSIX; a device's transaction succeeds or
 * fails as one.
 * @param iovs where the pairs are
 * @param result where the number of bytes moved goes
 * @param reads whether it reads
 * @param position absent for the descriptor's own; else `fd_seek` is needed, too
 * @returns errno
 */
export function moveVectors(
  guest: Guest,
  fd: number,
  iovs: number,
  count: number,
  result: number,
  reads?: boolean | number,
  position?: number,
): number {
  const given = position! >= 0;
  const refused =
    check(guest, fd, reads ? right.FD_READ : right.FD_WRITE) ||
    (given && capable(right.FD_SEEK)) ||
    checkRange(guest, iovs, count * 8) ||
    checkRange(guest, result, 4);
  let total = 0;
  if (refused) return refused;
  const flags = reads ? 0 : opened.flags!;
  let at = given ? position! : tree && flags & APPEND ? size() : opened.position!;
  // The list is copied before the first piece moves: a read may well go over the list itself.
  const pieces = load(guest, iovs, count * 2);
  for (let i = 0; i < pieces.length; i += 2) {
    const start = pieces[i];
    const length = pieces[i + 1];
    if (checkRange(guest, start, length)) return FAULT;
    const moved = tree
      ? reads
        ? tree.read(node, at, guest.memory, start, length)
        : at + length > LARGEST
          ? -FBIG
          : tree.write(node, at, guest.memory, start, length)
      : reads
        ? opened.read!(guest.memory, start, length, at)
        : opened.write!(guest.memory, start, length, i + 2 < pieces.length, at);
    if (moved < 0) {
      if (total && tree) break;
      return -moved;
    }
    total += moved;
    at += moved;
    if (tree && !given) opened.position = at;
    // Each read of a device is a new one, so a piece of it is enough; a write is one however many its pieces.
    if (moved < length || (total && reads && !tree)) break;
  }
  return (tree && flags & (SYNC | DSYNC) && -tree.sync(node)) || store(guest, result, [total]);
}
