import { check, closeDescriptor } from "./descriptor.js";
import { BADF, INVAL, NOTCAPABLE, SUCCESS } from "./errno.js";
import type { Guest } from "./guest.js";
import { store } from "./memory.js";
import { FD_FDSTAT_SET_FLAGS } from "./rights.js";

/** `fd_close`. What was written to a file is safe from a power cut when this succeeds. */
export function fd_close(guest: Guest, fd: number): number {
  return closeDescriptor(guest, fd);
}

/** `fd_renumber`: closes `to`, and `from` takes its number. Both must be open, so that no number is left over by chance. */
export function fd_renumber(guest: Guest, from: number, to: number): number {
  const descriptors = guest.descriptors;
  if (!descriptors[from] || !descriptors[to]) return BADF;
  if (from === to) return SUCCESS;
  const errno = closeDescriptor(guest, to);
  descriptors[to] = descriptors[from];
  descriptors[from] = undefined;
  return errno;
}

/** `fd_fdstat_get`: stores file type, flags and rights (`fdstat`, 24 bytes). */
export function fd_fdstat_get(guest: Guest, fd: number, result: number): number {
  const descriptor = guest.descriptors[fd];
  return descriptor
    ? store(guest, result, [
        descriptor.kind | (descriptor.flags << 16),
        0,
        descriptor.rights,
        0,
        descriptor.inheriting,
        0,
      ])
    : BADF;
}

/** `fd_fdstat_set_flags`: append, dsync, nonblock, rsync and sync may all change; other bits are `inval`. */
export function fd_fdstat_set_flags(guest: Guest, fd: number, flags: number): number {
  const descriptor = guest.descriptors[fd];
  const refused = check(descriptor, FD_FDSTAT_SET_FLAGS) || (flags & ~31 && INVAL);
  if (!refused) descriptor!.flags = flags;
  return refused;
}

/** `fd_fdstat_set_rights`: rights can be given up, never gained: `notcapable`. */
export function fd_fdstat_set_rights(
  guest: Guest,
  fd: number,
  rights: number,
  rightsHigh: number,
  inheriting: number,
  inheritingHigh: number,
): number {
  const descriptor = guest.descriptors[fd];
  if (!descriptor) return BADF;
  if (rightsHigh | inheritingHigh | (rights & ~descriptor.rights) | (inheriting & ~descriptor.inheriting))
    return NOTCAPABLE;
  descriptor.rights = rights;
  descriptor.inheriting = inheriting;
  return SUCCESS;
}
