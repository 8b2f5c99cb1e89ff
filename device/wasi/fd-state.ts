import { closeDescriptor } from "./descriptor.js";
import { BADF, INVAL, NOTCAPABLE, SUCCESS } from "./errno.js";
import type { Guest } from "./guest.js";
import { store } from "./memory.js";
import * as right from "./right.js";
import { check, find, opened } from "./target.js";

/** What was written to a file is safe from a power cut when this succeeds. */
export { closeDescriptor as fd_close };

/** `fd_renumber`: closes `to`, and `from` takes its number. Both must be open, so that no number is left over by chance. */
export function fd_renumber(guest: Guest, from: number, to: number): number {
  const descriptors = guest.descriptors;
  const moved = descriptors[from];
  if (!moved || !descriptors[to]) return BADF;
  if (from === to) return SUCCESS;
  descriptors[from] = undefined;
  const errno = closeDescriptor(guest, to);
  descriptors[to] = moved;
  return errno;
}

/** `fd_fdstat_get`: stores file type, flags and rights (`fdstat`, 24 bytes). */
export function fd_fdstat_get(guest: Guest, fd: number, result: number): number {
  return (
    find(guest, fd) ||
    store(guest, result, [opened.kind | (opened.flags! << 16), 0, opened.rights, 0, opened.inheriting, 0])
  );
}

/** `fd_fdstat_set_flags`: append, dsync, nonblock, rsync and sync may all change; other bits are `inval`. */
export function fd_fdstat_set_flags(guest: Guest, fd: number, flags: number): number {
  const refused = check(guest, fd, right.FD_FDSTAT_SET_FLAGS) || (flags & ~31 && INVAL);
  if (!refused) opened.flags = flags;
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
  const missing = find(guest, fd);
  if (missing) return missing;
  if (rightsHigh | inheritingHigh | (rights & ~opened.rights) | (inheriting & ~opened.inheriting!)) return NOTCAPABLE;
  opened.rights = rights;
  opened.inheriting = inheriting;
  return SUCCESS;
}
