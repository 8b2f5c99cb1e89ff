import { check } from "./descriptor.js";
import { INVAL, SPIPE } from "./errno.js";
import type { Guest } from "./guest.js";
import { store64 } from "./memory.js";
import { signed64 } from "./numbers.js";
import { FD_SEEK, FD_TELL } from "./rights.js";

/**
 * `fd_seek`: moves the position and stores it. `spipe` on streams and devices, `inval` before the start.
 * Asking where it is (0 from the position) needs `fd_tell` only.
 * @param whence 0 set, 1 current, 2 end
 */
export function fd_seek(guest: Guest, fd: number, low: number, high: number, whence: number, result: number): number {
  const descriptor = guest.descriptors[fd];
  const tells = !low && !high && whence === 1;
  // `fd_seek` implies `fd_tell`.
  const right = tells && descriptor && descriptor.rights & FD_TELL ? FD_TELL : FD_SEEK;
  if (descriptor && !descriptor.tree) return SPIPE;
  const refused = check(descriptor, right);
  if (refused) return refused;
  if (whence >>> 0 > 2) return INVAL;
  const position = descriptor!.seek!(signed64(low, high), whence);
  return position < 0 ? -position : store64(guest, result, position);
}

/** `fd_tell`: stores the position. */
export function fd_tell(guest: Guest, fd: number, result: number): number {
  return fd_seek(guest, fd, 0, 0, 1, result);
}
