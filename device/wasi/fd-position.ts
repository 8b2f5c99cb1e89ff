import { INVAL, NOTCAPABLE } from "./errno.js";
import type { Guest } from "./guest.js";
import { store, WORD } from "./memory.js";
import { number64 } from "./numbers.js";
import * as right from "./right.js";
import { check, opened, size, tree } from "./target.js";

/**
 * `fd_seek`: moves the position and stores it. `inval` before the start; streams and devices lack the right.
 * Asking where it is (0 from the position) needs `fd_tell` only, which `fd_seek` implies.
 * @param whence 0 set, 1 current, 2 end
 */
export function fd_seek(guest: Guest, fd: number, low: number, high: number, whence: number, result: number): number {
  const refused =
    ((low || high || whence !== 1 || check(guest, fd, right.FD_TELL)) && check(guest, fd, right.FD_SEEK)) ||
    // What has registers may be read at an offset, and yet has no position to move.
    (tree ? 0 : NOTCAPABLE);
  if (refused) return refused;
  const position = number64(low, high) + (whence ? (whence === 1 ? opened.position! : size()) : 0);
  if (whence >>> 0 > 2 || position < 0) return INVAL;
  opened.position = position;
  return store(guest, result, [position, position / WORD]);
}

/** `fd_tell`: stores the position. */
export function fd_tell(guest: Guest, fd: number, result: number): number {
  return fd_seek(guest, fd, 0, 0, 1, result);
}
