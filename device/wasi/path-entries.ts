import { DIRECTORY, REGULAR_FILE } from "../fs/file-system.js";
import { BUSY, EXIST, INVAL, ISDIR, NOTDIR, XDEV } from "./errno.js";
import type { Guest } from "./guest.js";
import * as right from "./right.js";
import { directory, kind, name, node, slash, tree, walk } from "./target.js";

/** `path_create_directory`. */
export function path_create_directory(guest: Guest, fd: number, path: number, length: number): number {
  return (
    walk(guest, fd, right.PATH_CREATE_DIRECTORY, path, length, true) ||
    (node < 0 ? Math.max(0, -tree.create(directory, name, DIRECTORY)) : EXIST)
  );
}

/** `path_unlink_file`: removes a file; `isdir` for a directory. */
export function path_unlink_file(guest: Guest, fd: number, path: number, length: number): number {
  return (
    walk(guest, fd, right.PATH_UNLINK_FILE, path, length) ||
    (kind === DIRECTORY ? ISDIR : -tree.remove(directory, name, REGULAR_FILE))
  );
}

/** `path_remove_directory`: removes an empty directory; `notempty`, `notdir`, `inval` for `.` and `..`. */
export function path_remove_directory(guest: Guest, fd: number, path: number, length: number): number {
  return (
    walk(guest, fd, right.PATH_REMOVE_DIRECTORY, path, length) ||
    (name ? -tree.remove(directory, name, DIRECTORY) : INVAL)
  );
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
  const refused = walk(guest, fd, right.PATH_RENAME_SOURCE, path, length);
  const oldTree = tree;
  const oldKind = kind;
  const oldDirectory = directory;
  const oldName = name;
  return (
    refused ||
    walk(guest, newFd, right.PATH_RENAME_TARGET, newPath, newLength, true) ||
    (tree !== oldTree
      ? XDEV
      : !oldName || !name
        ? BUSY
        : slash && oldKind !== DIRECTORY
          ? NOTDIR
          : -tree.rename(oldDirectory, oldName, directory, name))
  );
}
