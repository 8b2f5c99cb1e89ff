import { check } from "./descriptor.js";
import { FBIG, INVAL, SUCCESS } from "./errno.js";
import { setTimes, storeStatus } from "./filestat.js";
import type { Descriptor, Guest } from "./guest.js";
import { unsigned64 } from "./numbers.js";
import {
  FD_ADVISE,
  FD_ALLOCATE,
  FD_DATASYNC,
  FD_FILESTAT_GET,
  FD_FILESTAT_SET_SIZE,
  FD_FILESTAT_SET_TIMES,
  FD_SYNC,
} from "./rights.js";

function sync(guest: Guest, fd: number, right: number): number {
  const descriptor = guest.descriptors[fd];
  return check(descriptor, right) || -descriptor!.tree!.sync(descriptor!.node!);
}

/** `fd_sync`: what was written survives a power cut when this succeeds. */
export function fd_sync(guest: Guest, fd: number): number {
  return sync(guest, fd, FD_SYNC);
}

/** `fd_datasync`: as `fd_sync`. */
export function fd_datasync(guest: Guest, fd: number): number {
  return sync(guest, fd, FD_DATASYNC);
}

/** `fd_advise`: nothing is done with the advice (0 to 5), but a bad one is told. */
export function fd_advise(
  guest: Guest,
  fd: number,
  _offsetLow: number,
  _offsetHigh: number,
  _lengthLow: number,
  _lengthHigh: number,
  advice: number,
): number {
  const descriptor = guest.descriptors[fd];
  return check(descriptor, FD_ADVISE) || (advice >>> 0 > 5 ? INVAL : SUCCESS);
}

function resize(descriptor: Descriptor, size: number): number {
  return size > 0x7fffffff ? FBIG : -descriptor.tree!.truncate(descriptor.node!, size);
}

/** `fd_allocate`: the file is at least `offset` + `length` bytes long afterwards; new bytes are 0. */
export function fd_allocate(
  guest: Guest,
  fd: number,
  offsetLow: number,
  offsetHigh: number,
  lengthLow: number,
  lengthHigh: number,
): number {
  const descriptor = guest.descriptors[fd];
  const refused = check(descriptor, FD_ALLOCATE);
  if (refused) return refused;
  const length = unsigned64(lengthLow, lengthHigh);
  const size = unsigned64(offsetLow, offsetHigh) + length;
  if (!length) return INVAL;
  return size > descriptor!.tree!.stat(descriptor!.node!)!.size ? resize(descriptor!, size) : SUCCESS;
}

/** `fd_filestat_get`: stores the attributes (64 bytes). */
export function fd_filestat_get(guest: Guest, fd: number, result: number): number {
  const descriptor = guest.descriptors[fd];
  return (
    check(descriptor, FD_FILESTAT_GET) ||
    storeStatus(guest, result, descriptor!.kind, descriptor!.tree, descriptor!.node)
  );
}

/** `fd_filestat_set_size`: cuts the file, or extends it with zeros. */
export function fd_filestat_set_size(guest: Guest, fd: number, low: number, high: number): number {
  const descriptor = guest.descriptors[fd];
  return check(descriptor, FD_FILESTAT_SET_SIZE) || resize(descriptor!, unsigned64(low, high));
}

/** `fd_filestat_set_times`: nanoseconds since 1970; which of them count is in `flags`. */
export function fd_filestat_set_times(
  guest: Guest,
  fd: number,
  accessedLow: number,
  accessedHigh: number,
  modifiedLow: number,
  modifiedHigh: number,
  flags: number,
): number {
  const descriptor = guest.descriptors[fd];
  return (
    check(descriptor, FD_FILESTAT_SET_TIMES) ||
    setTimes(guest, descriptor!.tree!, descriptor!.node!, accessedLow, accessedHigh, modifiedLow, modifiedHigh, flags)
  );
}
