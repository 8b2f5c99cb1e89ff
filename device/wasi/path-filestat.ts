import { setTimes, storeStatus } from "./filestat.js";
import type { Guest } from "./guest.js";
import * as right from "./right.js";
import { walk } from "./target.js";

/** `path_filestat_get`: stores the attributes (64 bytes) of what the path leads to. */
export function path_filestat_get(
  guest: Guest,
  fd: number,
  _lookup: number,
  path: number,
  length: number,
  result: number,
): number {
  return walk(guest, fd, right.PATH_FILESTAT_GET, path, length) || storeStatus(guest, result);
}

/** `path_filestat_set_times`: nanoseconds since 1970; which of them count is in `flags`. */
export function path_filestat_set_times(
  guest: Guest,
  fd: number,
  _lookup: number,
  path: number,
  length: number,
  accessedLow: number,
  accessedHigh: number,
  modifiedLow: number,
  modifiedHigh: number,
  flags: number,
): number {
  return (
    walk(guest, fd, right.PATH_FILESTAT_SET_TIMES, path, length) ||
    setTimes(guest, accessedLow, accessedHigh, modifiedLow, modifiedHigh, flags)
  );
}
