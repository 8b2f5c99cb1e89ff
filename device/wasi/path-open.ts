import { DIRECTORY, REGULAR_FILE } from "../fs/file-system.js";
import { EXIST, INVAL, ISDIR, MFILE, NOTCAPABLE, NOTDIR } from "./errno.js";
import { openNode } from "./file.js";
import type { Guest } from "./guest.js";
import { checkRange, store } from "./memory.js";
import * as right from "./right.js";
import { DIRECTORY_RIGHTS, FD_FILESTAT_SET_TIMES, FD_READ, FD_WRITE, FILE_RIGHTS } from "./rights.js";
import { capable, directory, kind, name, node, opened, slash, tree, walk } from "./target.js";

/** WASI preview 1 `oflags`. */
const CREAT = 1;
const OFLAGS_DIRECTORY = 2;
const EXCL = 4;
const TRUNC = 8;

/** Descriptors that a guest may have open at once; memory is short, and a leak should be told. */
const MOST = 64;
/** Below are the standard streams: a program that closed one doesn't get a file in its place. */
const FIRST = 3;

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
  const refused =
    walk(guest, fd, right.PATH_OPEN, path, length, creates) ||
    (creates && capable(right.PATH_CREATE_FILE)) ||
    (truncates && capable(right.PATH_FILESTAT_SET_SIZE)) ||
    checkRange(guest, result, 4) ||
    (oflags & ~15 || flags & ~31 ? INVAL : kind ? 0 : slash ? ISDIR : oflags & OFLAGS_DIRECTORY && INVAL);
  const isDirectory = kind === DIRECTORY;
  if (refused) return refused;
  if (kind) {
    if (creates && oflags & EXCL) return EXIST;
    if (isDirectory) {
      if (rights & FD_WRITE || creates || truncates) return ISDIR;
    } else if (oflags & OFLAGS_DIRECTORY) return NOTDIR;
  }
  const inherited = opened.inheriting!;
  const device = kind && tree.open ? tree.open(node) : undefined;
  const granted = device ? inherited & device.rights : inherited;
  rights &= device ? device.rights | FD_READ | FD_WRITE : isDirectory ? DIRECTORY_RIGHTS : FILE_RIGHTS;
  if (!isDirectory) inheriting = 0;
  if (((rights & ~granted) | (inheriting & ~inherited)) & ~OPTIONAL) return NOTCAPABLE;
  let number = FIRST;
  while (guest.descriptors[number]) if (++number === MOST) return MFILE;
  const made = kind ? (truncates && !device ? tree.truncate(node, 0) : 0) : tree.create(directory, name, REGULAR_FILE);
  if (made < 0) return -made;
  const file = device || openNode(tree, made || node, kind || REGULAR_FILE, 0, inheriting & inherited);
  file.rights = rights & granted;
  file.flags = flags;
  guest.descriptors[number] = file;
  return store(guest, result, [number]);
}
