/** Links: the file system has none. What a call would answer before it makes one, it answers. */
import { DIRECTORY } from "../fs/file-system.js";
import { EXIST, INVAL, NOENT, NOTSUP, PERM } from "./errno.js";
import type { Guest } from "./guest.js";
import { walk } from "./path.js";
import { PATH_LINK_SOURCE, PATH_LINK_TARGET, PATH_READLINK, PATH_SYMLINK } from "./rights.js";

function refuseNew(guest: Guest, fd: number, right: number, path: number, length: number): number {
  return walk(guest, fd, right, path, length, function (_tree, node, _kind, _directory, _name, slash) {
    return node >= 0 ? EXIST : slash ? NOENT : NOTSUP;
  });
}

/** `path_link`: `notsup`, or what stands against it anyway: `noent`, `perm` for a directory, `exist`, `notcapable`. */
export function path_link(
  guest: Guest,
  fd: number,
  _lookup: number,
  path: number,
  length: number,
  newFd: number,
  newPath: number,
  newLength: number,
): number {
  return walk(guest, fd, PATH_LINK_SOURCE, path, length, function (_tree, _node, kind) {
    return kind === DIRECTORY ? PERM : refuseNew(guest, newFd, PATH_LINK_TARGET, newPath, newLength);
  });
}

/** `path_symlink`: `notsup`, or what stands against it anyway: `exist`, `noent`, `notcapable`. */
export function path_symlink(
  guest: Guest,
  _target: number,
  _targetLength: number,
  fd: number,
  path: number,
  length: number,
): number {
  return refuseNew(guest, fd, PATH_SYMLINK, path, length);
}

/** `path_readlink`: nothing that exists is a symbolic link: `inval`; or `noent`, `notcapable`. */
export function path_readlink(guest: Guest, fd: number, path: number, length: number): number {
  return walk(guest, fd, PATH_READLINK, path, length, function () {
    return INVAL;
  });
}
