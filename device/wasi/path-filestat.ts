import { DIRECTORY } from "../fs/file-system.js";
import { NOENT } from "./errno.js";
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
  const place = walk(guest, fd, PATH_FILESTAT_GET, path, length);
  if (typeof place === "number") return place;
  return place.node < 0 ? NOENT : storeStatus(guest, result, DIRECTORY, place.tree, place.node);
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
  const place = walk(guest, fd, PATH_FILESTAT_SET_TIMES, path, length);
  if (typeof place === "number") return place;
  return place.node < 0
    ? NOENT
    : setTimes(guest, place.tree, place.node, accessedLow, accessedHigh, modifiedLow, modifiedHigh, flags);
}
