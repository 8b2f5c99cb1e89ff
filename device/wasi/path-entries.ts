import { DIRECTORY, REGULAR_FILE } from "../fs/file-system.js";
import { BUSY, EXIST, INVAL, ISDIR, NOENT, NOTDIR, XDEV } from "./errno.js";
import type { Guest } from "./guest.js";
import { isDirectory, walk } from "./path.js";
import {
  PATH_CREATE_DIRECTORY,
  PATH_REMOVE_DIRECTORY,
  PATH_RENAME_SOURCE,
  PATH_RENAME_TARGET,
  PATH_UNLINK_FILE,
} from "./rights.js";

/** `path_create_directory`. */
export function path_create_directory(guest: Guest, fd: number, path: number, length: number): number {
  const place = walk(guest, fd, PATH_CREATE_DIRECTORY, path, length);
  if (typeof place === "number") return place;
  return place.node < 0 ? Math.max(0, -place.tree.create(place.directory, place.name, DIRECTORY)) : EXIST;
}

/** `path_unlink_file`: removes a file; `isdir` for a directory. */
export function path_unlink_file(guest: Guest, fd: number, path: number, length: number): number {
  const place = walk(guest, fd, PATH_UNLINK_FILE, path, length);
  if (typeof place === "number") return place;
  if (place.node < 0) return NOENT;
  return isDirectory(place.tree, place.node) ? ISDIR : -place.tree.remove(place.directory, place.name, REGULAR_FILE);
}

/** `path_remove_directory`: removes an empty directory; `notempty`, `notdir`, `inval` for `.` and `..`. */
export function path_remove_directory(guest: Guest, fd: number, path: number, length: number): number {
  const place = walk(guest, fd, PATH_REMOVE_DIRECTORY, path, length);
  if (typeof place === "number") return place;
  if (place.node < 0) return NOENT;
  if (!place.name) return INVAL;
  return -place.tree.remove(place.directory, place.name, DIRECTORY);
}

/**
 * `path_rename`: atomic, also over a file or an empty directory. `busy` for `.` and `..`, `xdev` from one grant's tree
 * into another's.
 */
export function path_rename(
  guest: Guest,
  fd: number,
  path: number,
  length: number,
  newFd: number,
  newPath: number,
  newLength: number,
): number {
  const source = walk(guest, fd, PATH_RENAME_SOURCE, path, length);
  if (typeof source === "number") return source;
  const target = walk(guest, newFd, PATH_RENAME_TARGET, newPath, newLength);
  if (typeof target === "number") return target;
  if (source.tree !== target.tree) return XDEV;
  if (source.node < 0) return NOENT;
  if (!source.name || !target.name) return BUSY;
  if (target.slash && !isDirectory(source.tree, source.node)) return NOTDIR;
  return -source.tree.rename(source.directory, source.name, target.directory, target.name);
}
