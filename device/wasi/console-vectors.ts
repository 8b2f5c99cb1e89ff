/**
 * `fd_read` and `fd_write` where nothing is granted, so that whatever is open is a console stream, which never fails, has
 * no position and takes all: smaller functions that answer the same.
 */
import { FAULT } from "./errno.js";
import { whenReadable } from "./fd-read.js";
import type { Guest } from "./guest.js";
import { fits, load, store } from "./memory.js";
import * as right from "./right.js";
import { check, opened } from "./target.js";

/** Moves data piece by piece; returns errno. */
function moveEach(guest: Guest, fd: number, needed: number, iovs: number, count: number, result: number): number {
  const refused = check(guest, fd, needed);
  let total = 0;
  if (refused) return refused;
  if (!fits(guest, iovs, count * 8) || !fits(guest, result, 4)) return FAULT;
  const pieces = load(guest, iovs, count * 2);
  for (let i = 0; i < pieces.length; i += 2) {
    if (!fits(guest, pieces[i], pieces[i + 1])) return FAULT;
    total += (needed === right.FD_WRITE ? opened.write! : opened.read!)(guest.memory, pieces[i], pieces[i + 1]);
  }
  return store(guest, result, [total]);
}

/**
 * `fd_write` (preview 1) on console streams.
 * @returns errno: `badf`, `notcapable`, `fault`
 */
export function fd_write(guest: Guest, fd: number, iovs: number, count: number, result: number): number {
  return moveEach(guest, fd, right.FD_WRITE, iovs, count, result);
}

/**
 * `fd_read` (preview 1) on console streams; waits while there is nothing.
 * @returns errno: `badf`, `notcapable`, `fault`
 */
export function fd_read(guest: Guest, fd: number, iovs: number, count: number, result: number): number {
  return (
    check(guest, fd, right.FD_READ) ||
    whenReadable(guest, opened, function () {
      return moveEach(guest, fd, right.FD_READ, iovs, count, result);
    })
  );
}
