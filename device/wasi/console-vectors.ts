/**
 * `fd_read` and `fd_write` where nothing is granted, so that whatever is open is a console stream, which never fails, has
 * no position and takes all: smaller functions that answer the same.
 */
import { FAULT } from "./errno.js";
import { whenReadable } from "./fd-read.js";
import type { Guest } from "./guest.js";
import { checkRange, load, store } from "./memory.js";
import * as right from "./right.js";
import { check, opened } from "./target.js";

/** `fd_write`, and with one parameter more `fd_read`: moves data piece by piece; returns errno. */
function moveEach(guest: Guest, fd: number, iovs: number, count: number, result: number, reads?: number): number {
  const refused =
    check(guest, fd, reads ? right.FD_READ : right.FD_WRITE) ||
    checkRange(guest, iovs, count * 8) ||
    checkRange(guest, result, 4);
  let total = 0;
  if (refused) return refused;
  const pieces = load(guest, iovs, count * 2);
  for (let i = 0; i < pieces.length; i += 2) {
    if (checkRange(guest, pieces[i], pieces[i + 1])) return FAULT;
    total += (reads ? opened.read! : opened.write!)(guest.memory, pieces[i], pieces[i + 1]);
  }
  return store(guest, result, [total]);
}

export { moveEach as fd_write };

/** Waits for input, as `fd-read.ts` has it. */
export function fd_read(guest: Guest, fd: number, iovs: number, count: number, result: number): number {
  return (
    check(guest, fd, right.FD_READ) ||
    whenReadable(guest, opened, function () {
      return moveEach(guest, fd, iovs, count, result, 1);
    })
  );
}
