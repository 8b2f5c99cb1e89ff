import type { DirectoryEntry } from "../fs/file-system.js";
import { BADF, NAMETOOLONG } from "./errno.js";
import type { Guest } from "./guest.js";
import { bytesOf, checkRange, store, storeText } from "./memory.js";
import { number64 } from "./numbers.js";
import * as right from "./right.js";
import { check, find, node, opened, tree } from "./target.js";

/** Bytes of a `dirent` before its name. */
const HEADER = 24;
/** Cookies 1 and 2 come after `.` and `..`; the tree's own follow. */
const DOTS = 2;

/**
 * `fd_readdir`: entries from `cookie` on (0 to begin), `.` and `..` first, as many as fit, the last one cut off
 * where the buffer ends. Stores the bytes used: fewer than `length` is the end of the directory.
 */
export function fd_readdir(
  guest: Guest,
  fd: number,
  buffer: number,
  length: number,
  cookieLow: number,
  cookieHigh: number,
  result: number,
): number {
  const refused =
    check(guest, fd, right.FD_READDIR) || checkRange(guest, buffer, length) || checkRange(guest, result, 4);
  let cookie = number64(cookieLow, cookieHigh >>> 0);
  let used = 0;
  if (refused) return refused;
  while (used < length) {
    const dots = [".", ".."][cookie];
    // What they lead to is told as the directory itself.
    const entry = dots ? opened : tree.next(node, cookie - DOTS);
    if (!entry) break;
    const name = dots || (entry as DirectoryEntry).name;
    cookie = dots ? cookie + 1 : (entry as DirectoryEntry).cookie + DOTS;
    const header = bytesOf([cookie, 0, entry.node, 0, name.length, entry.kind]);
    for (let i = 0; i < HEADER + name.length && used < length; i++)
      guest.memory[buffer + used++] = i < HEADER ? header[i] : name.charCodeAt(i - HEADER);
  }
  return store(guest, result, [used]);
}

/** Finds what was granted; `badf` for what wasn't. */
function findGranted(guest: Guest, fd: number): number {
  return find(guest, fd) || (opened.preopen ? 0 : BADF);
}

/** `fd_prestat_get`: stores tag 0 (a directory) and the length of its name; `badf` for what wasn't granted. */
export function fd_prestat_get(guest: Guest, fd: number, result: number): number {
  return findGranted(guest, fd) || store(guest, result, [0, opened.preopen!.length]);
}

/** `fd_prestat_dir_name`: stores the name under which a directory was granted, without a NUL. */
export function fd_prestat_dir_name(guest: Guest, fd: number, path: number, length: number): number {
  return (
    findGranted(guest, fd) ||
    (length >>> 0 < opened.preopen!.length ? NAMETOOLONG : storeText(guest, path, opened.preopen!))
  );
}
