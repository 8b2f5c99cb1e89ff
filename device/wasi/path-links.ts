/** Links: the file system has none. What a call would answer before it makes one, it answers. */
import { DIRECTORY } from "../fs/file-system.js";
import { EXIST, INVAL, NOENT, NOTSUP, PERM } from "./errno.js";
import type { Guest } from "./guest.js";
import * as right from "./right.js";
import { kind, node, slash, walk } from "./target.js";

function refuseNew(guest: Guest, fd: number, needed: number, path: number, length: number): number {
  return walk(guest, fd, needed, path, length, true) || (node >= 0 ? EXIST : slash ? NOENT : NOTSUP);
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
  return (
    walk(guest, fd, right.PATH_LINK_SOURCE, path, length) ||
    (kind === DIRECTORY ? PERM : refuseNew(guest, newFd, right.PATH_LINK_TARGET, newPath, newLength))
  );
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
  return refuseNew(guest, fd, right.PATH_SYMLINK, path, length);
}

/** `path_readlink`: nothing that exists is a symbolic link: `inval`; or `noent`, `notcapable`. */
export function path_readlink(guest: Guest, fd: number, path: number, length: number): number {
  return walk(guest, fd, right.PATH_READLINK, path, length) || INVAL;
}
