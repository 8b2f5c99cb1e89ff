import { DIRECTORY, REGULAR_FILE } from "../fs/file-system.js";
import { freeDescriptor } from "./descriptor.js";
import { EXIST, FAULT, INVAL, ISDIR, NOTCAPABLE, NOTDIR } from "./errno.js";
import { openNode } from "./file.js";
import type { Guest } from "./guest.js";
import { fits, store } from "./memory.js";
import { walk } from "./path.js";
import {
  DIRECTORY_RIGHTS,
  FD_FILESTAT_SET_TIMES,
  FD_READ,
  FD_WRITE,
  FILE_RIGHTS,
  PATH_CREATE_FILE,
  PATH_FILESTAT_SET_SIZE,
  PATH_OPEN,
} from "./rights.js";

/** WASI preview 1 `oflags`. */
const CREAT = 1;
const OFLAGS_DIRECTORY = 2;
const EXCL = 4;
const TRUNC = 8;

/**
 * Rights that are left out, not refused, when they aren't there to be had. Rust's standard library asks for every
 * right on each file that it opens; these serve none of its reading or writing.
 */
const OPTIONAL = (DIRECTORY_RIGHTS & ~FILE_RIGHTS) | FD_FILESTAT_SET_TIMES;

/**
 * `path_open`: opens, and with `creat` makes, a file, directory or device; stores the new descriptor.
 *
 * Rights that don't apply to what is opened are dropped; the others must be in the directory's inheriting rights,
 * else `notcapable`. `isdir` for a directory that is to be written.
 */
export function path_open(
  guest: Guest,
  fd: number,
  _lookup: number,
  path: number,
  length: number,
  oflags: number,
  rights: number,
  _rightsHigh: number,
  inheriting: number,
  _inheritingHigh: number,
  flags: number,
  result: number,
): number {
  const creates = oflags & CREAT;
  const truncates = oflags & TRUNC;
  return walk(
    guest,
    fd,
    PATH_OPEN | (creates && PATH_CREATE_FILE) | (truncates && PATH_FILESTAT_SET_SIZE),
    path,
    length,
    function (tree, node, kind, parent, name, slash) {
      const directory = kind === DIRECTORY;
      const number = freeDescriptor(guest);
      if (oflags & ~15 || flags & ~31) return INVAL;
      if (!fits(guest, result, 4)) return FAULT;
      if (kind) {
        if (creates && oflags & EXCL) return EXIST;
        if (directory && (rights & FD_WRITE || creates || truncates)) return ISDIR;
        if (!directory && oflags & OFLAGS_DIRECTORY) return NOTDIR;
      } else {
        if (slash) return ISDIR;
        if (oflags & OFLAGS_DIRECTORY) return INVAL;
      }
      const inherited = guest.descriptors[fd]!.inheriting;
      let opened = kind && tree.open ? tree.open(node) : undefined;
      const granted = opened ? inherited & opened.rights : inherited;
      rights &= opened ? opened.rights | FD_READ | FD_WRITE : directory ? DIRECTORY_RIGHTS : FILE_RIGHTS;
      inheriting = directory ? inheriting : 0;
      if (((rights & ~granted) | (inheriting & ~inherited)) & ~OPTIONAL) return NOTCAPABLE;
      if (number < 0) return -number;
      if (!kind) node = tree.create(parent, name, REGULAR_FILE);
      const done = kind && truncates && !opened ? tree.truncate(node, 0) : node;
      if (done < 0) return -done;
      opened = opened || openNode(tree, node, kind || REGULAR_FILE);
      opened.flags = flags;
      opened.rights = rights & granted;
      opened.inheriting = inheriting & inherited;
      guest.descriptors[number] = opened;
      return store(guest, result, [number]);
    },
  );
}
