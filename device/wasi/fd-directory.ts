import { DIRECTORY } from "../fs/file-system.js";
import { check } from "./descriptor.js";
import { BADF, FAULT, NAMETOOLONG } from "./errno.js";
import type { Guest } from "./guest.js";
import { fits, store, storeText, wide } from "./memory.js";
import { unsigned64 } from "./numbers.js";
import { FD_READDIR } from "./rights.js";

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
  const descriptor = guest.descriptors[fd];
  const refused = check(descriptor, FD_READDIR);
  let cookie = unsigned64(cookieLow, cookieHigh);
  let used = 0;
  if (refused) return refused;
  if (!fits(guest, buffer, length) || !fits(guest, result, 4)) return FAULT;
  while (used < length) {
    const entry =
      cookie < DOTS
        ? { node: descriptor!.node!, kind: DIRECTORY, name: cookie ? ".." : ".", cookie: cookie + 1 - DOTS }
        : descriptor!.tree!.next(descriptor!.node!, cookie - DOTS);
    if (!entry) break;
    cookie = entry.cookie + DOTS;
    const scratch = { memory: new Uint8Array(HEADER + entry.name.length) };
    store(scratch, 0, wide(cookie).concat(wide(entry.node), entry.name.length, entry.kind));
    storeText(scratch, HEADER, entry.name);
    for (let i = 0; i < scratch.memory.length && used < length;) guest.memory[buffer + used++] = scratch.memory[i++];
  }
  return store(guest, result, [used]);
}

/** `fd_prestat_get`: stores tag 0 (a directory) and the length of its name; `badf` for what wasn't granted. */
export function fd_prestat_get(guest: Guest, fd: number, result: number): number {
  const descriptor = guest.descriptors[fd];
  if (!descriptor || descriptor.preopen === undefined) return BADF;
  return store(guest, result, [0, descriptor.preopen.length]);
}

/** `fd_prestat_dir_name`: stores the name under which a directory was granted, without a NUL. */
export function fd_prestat_dir_name(guest: Guest, fd: number, path: number, length: number): number {
  const descriptor = guest.descriptors[fd];
  if (!descriptor || descriptor.preopen === undefined) return BADF;
  return length >>> 0 < descriptor.preopen.length ? NAMETOOLONG : storeText(guest, path, descriptor.preopen);
}
