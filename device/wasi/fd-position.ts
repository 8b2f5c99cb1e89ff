import { BADF, NOTCAPABLE } from "./errno.js";
import type { Guest } from "./guest.js";
import { store, wide } from "./memory.js";
import { signed64 } from "./numbers.js";
import { FD_SEEK } from "./rights.js";

/** How far to the right of `FD_TELL` is `FD_SEEK`. */
const TELL_TO_SEEK = 3;

/**
 * `fd_seek`: moves the position and stores it. `inval` before the start; streams and devices lack the right.
 * Asking where it is (0 from the position) needs `fd_tell` only, which `fd_seek` implies.
 * @param whence 0 set, 1 current, 2 end
 */
export function fd_seek(guest: Guest, fd: number, low: number, high: number, whence: number, result: number): number {
  const descriptor = guest.descriptors[fd];
  if (!descriptor) return BADF;
  const rights = descriptor.rights;
  const tells = !low && !high && whence === 1;
  // What has registers may be read at an offset, and yet has no position to move.
  if (!descriptor.seek || !((tells ? rights | (rights >> TELL_TO_SEEK) : rights) & FD_SEEK)) return NOTCAPABLE;
  const position = descriptor.seek(signed64(low, high), whence);
  return position < 0 ? -position : store(guest, result, wide(position));
}

/** `fd_tell`: stores the position. */
export function fd_tell(guest: Guest, fd: number, result: number): number {
  return fd_seek(guest, fd, 0, 0, 1, result);
}
