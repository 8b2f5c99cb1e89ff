import { setTimes, storeStatus } from "./filestat.js";
import type { Guest } from "./guest.js";
import { walk } from "./path.js";
import { PATH_FILESTAT_GET, PATH_FILESTAT_SET_TIMES } from "./rights.js";

/** `path_filestat_get`: stores the attributes (64 bytes) of what the path leads to. */
export function path_filestat_get(
  guest: Guest,
  fd: number,
  _lookup: number,
  path: number,
  length: number,
  result: number,
): number {
  return walk(guest, fd, PATH_FILESTAT_GET, path, length, function (tree, node, kind) {
    return storeStatus(guest, result, kind, tree, node);
  });
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
  return walk(guest, fd, PATH_FILESTAT_SET_TIMES, path, length, function (tree, node) {
    return setTimes(guest, tree, node, accessedLow, accessedHigh, modifiedLow, modifiedHigh, flags);
  });
}
