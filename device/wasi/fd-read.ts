import { AGAIN } from "./errno.js";
import type { Descriptor, Guest } from "./guest.js";
import { number64 } from "./numbers.js";
import * as right from "./right.js";
import { NONBLOCK } from "./rights.js";
import { check, opened } from "./target.js";
import { moveVectors } from "./vectors.js";

/**
 * Reads at once, or as soon as there is something to read; a `nonblock` descriptor answers `again` instead of waiting.
 * @param read returns an errno
 */
export function whenReadable(guest: Guest, descriptor: Descriptor, read: () => number): number {
  return !descriptor.wouldBlock || !descriptor.wouldBlock()
    ? read()
    : descriptor.flags! & NONBLOCK
      ? AGAIN
      : guest.wait(function (done) {
          function stop(): void {
            descriptor.onReadable = null;
          }
          descriptor.onReadable = function () {
            stop();
            done(read());
          };
          return stop;
        });
}

/**
 * `fd_read`: reads at the descriptor's position and scatters; stores the number of bytes, 0 at the end.
 * Waits for input on a console or port, unless it is `nonblock`: then `again`.
 */
export function fd_read(guest: Guest, fd: number, iovs: number, count: number, result: number): number {
  return (
    check(guest, fd, right.FD_READ) ||
    whenReadable(guest, opened, function () {
      return moveVectors(guest, fd, iovs, count, result, 1);
    })
  );
}

/**
 * `fd_pread`: the same at a position of its own, which stays where it was. Needs `fd_seek` too, so it is `notcapable`
 * on what has no positions.
 */
export function fd_pread(
  guest: Guest,
  fd: number,
  iovs: number,
  count: number,
  low: number,
  high: number,
  result: number,
): number {
  return moveVectors(guest, fd, iovs, count, result, 1, number64(low, high >>> 0));
}
