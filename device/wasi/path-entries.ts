import { DIRECTORY, REGULAR_FILE } from "../fs/file-system.js";
import { BUSY, EXIST, INVAL, ISDIR, NOTDIR, XDEV } from "./errno.js";
import type { Guest } from "./guest.js";
import { walk } from "./path.js";
import {
  PATH_CREATE_DIRECTORY,
  PATH_REMOVE_DIRECTORY,
  PATH_RENAME_SOURCE,
  PATH_RENAME_TARGET,
  PATH_UNLINK_FILE,
} from "./rights.js";

/** `path_create_directory`. */
export function path_create_directory(guest: Guest, fd: number, path: number, length: number): number {
  return walk(guest, fd, PATH_CREATE_DIRECTORY, path, length, function (tree, node, _kind, directory, name) {
    return node < 0 ? Math.max(0, -tree.create(directory, name, DIRECTORY)) : EXIST;
  });
}

/** `path_unlink_file`: removes a file; `isdir` for a directory. */
export function path_unlink_file(guest: Guest, fd: number, path: number, length: number): number {
  return walk(guest, fd, PATH_UNLINK_FILE, path, length, function (tree, _node, kind, directory, name) {
    return kind === DIRECTORY ? ISDIR : -tree.remove(directory, name, REGULAR_FILE);
  });
}

/** `path_remove_directory`: removes an empty directory; `notempty`, `notdir`, `inval` for `.` and `..`. */
export function path_remove_directory(guest: Guest, fd: number, path: number, length: number): number {
  return walk(guest, fd, PATH_REMOVE_DIRECTORY, path, length, function (tree, _node, _kind, directory, name) {
    return name ? -tree.remove(directory, name, DIRECTORY) : INVAL;
  });
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
  return walk(guest, fd, PATH_RENAME_SOURCE, path, length, function (tree, _node, kind, directory, name) {
    return walk(
      guest,
      newFd,
      PATH_RENAME_TARGET,
      newPath,
      newLength,
      function (newTree, _newNode, _newKind, newDirectory, newName, slash) {
        return tree !== newTree
          ? XDEV
          : !name || !newName
            ? BUSY
            : slash && kind !== DIRECTORY
              ? NOTDIR
              : -tree.rename(directory, name, newDirectory, newName);
      },
    );
  });
}
