/**
 * `fd_read` and `fd_write` where nothing is granted, so that whatever is open is a console stream, which never fails, has
 * no position and takes all: smaller functions that answer the same.
 */
import { check } from "./descriptor.js";
import { FAULT } from "./errno.js";
import { whenReadable } from "./fd-read.js";
import type { Descriptor, Guest } from "./guest.js";
import { fits, load, store } from "./memory.js";
import { FD_READ, FD_WRITE } from "./rights.js";

/** Moves data piece by piece; returns errno. */
function moveEach(
  guest: Guest,
  descriptor: Descriptor,
  iovs: number,
  count: number,
  result: number,
  writes?: boolean,
): number {
  let total = 0;
  if (!fits(guest, iovs, count * 8) || !fits(guest, result, 4)) return FAULT;
  const pieces = load(guest, iovs, count * 2);
  for (let i = 0; i < pieces.length; i += 2) {
    if (!fits(guest, pieces[i], pieces[i + 1])) return FAULT;
    total += writes
      ? descriptor.write!(guest.memory, pieces[i], pieces[i + 1])
      : descriptor.read!(guest.memory, pieces[i], pieces[i + 1]);
  }
  return store(guest, result, [total]);
}

/**
 * `fd_write` (preview 1) on console streams.
 * @returns errno: `badf`, `notcapable`, `fault`
 */
export function fd_write(guest: Guest, fd: number, iovs: number, count: number, result: number): number {
  const descriptor = guest.descriptors[fd]!;
  return check(descriptor, FD_WRITE) || moveEach(guest, descriptor, iovs, count, result, true);
}

/**
 * `fd_read` (preview 1) on console streams; waits while there is nothing.
 * @returns errno: `badf`, `notcapable`, `fault`
 */
export function fd_read(guest: Guest, fd: number, iovs: number, count: number, result: number): number {
  const descriptor = guest.descriptors[fd]!;
  function read(): number {
    return moveEach(guest, descriptor, iovs, count, result);
  }
  return check(descriptor, FD_READ) || whenReadable(guest, descriptor, read);
}
