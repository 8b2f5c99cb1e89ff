import { FBIG, INVAL, SUCCESS } from "./errno.js";
import { LARGEST } from "./file.js";
import { setTimes, storeStatus } from "./filestat.js";
import type { Guest } from "./guest.js";
import { number64 } from "./numbers.js";
import * as right from "./right.js";
import { check, node, size, tree } from "./target.js";

/** `fd_sync`: what was written survives a power cut when this succeeds. */
export function fd_sync(guest: Guest, fd: number): number {
  return check(guest, fd, right.FD_SYNC) || -tree.sync(node);
}

/** `fd_datasync`: as `fd_sync`. */
export function fd_datasync(guest: Guest, fd: number): number {
  return check(guest, fd, right.FD_DATASYNC) || -tree.sync(node);
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
  return check(guest, fd, right.FD_ADVISE) || (advice >>> 0 > 5 ? INVAL : SUCCESS);
}

function resize(size: number): number {
  return size > LARGEST ? FBIG : -tree.truncate(node, size);
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
  const length = number64(lengthLow, lengthHigh >>> 0);
  const end = number64(offsetLow, offsetHigh >>> 0) + length;
  return check(guest, fd, right.FD_ALLOCATE) || (!length ? INVAL : end > size() ? resize(end) : SUCCESS);
}

/** `fd_filestat_get`: stores the attributes (64 bytes). */
export function fd_filestat_get(guest: Guest, fd: number, result: number): number {
  return check(guest, fd, right.FD_FILESTAT_GET) || storeStatus(guest, result);
}

/** `fd_filestat_set_size`: cuts the file, or extends it with zeros. */
export function fd_filestat_set_size(guest: Guest, fd: number, low: number, high: number): number {
  return check(guest, fd, right.FD_FILESTAT_SET_SIZE) || resize(number64(low, high >>> 0));
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
  return (
    check(guest, fd, right.FD_FILESTAT_SET_TIMES) ||
    setTimes(guest, accessedLow, accessedHigh, modifiedLow, modifiedHigh, flags)
  );
}
