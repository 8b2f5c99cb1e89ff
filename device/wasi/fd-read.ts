import { check } from "./descriptor.js";
import { AGAIN, SPIPE } from "./errno.js";
import type { Guest } from "./guest.js";
import { unsigned64 } from "./numbers.js";
import { FD_READ, FD_SEEK, NONBLOCK } from "./rights.js";
import { moveVectors } from "./vectors.js";

/**
 * `fd_read`: reads at the descriptor's position and scatters; stores the number of bytes, 0 at the end.
 * Waits for input on a console or port, unless it is `nonblock`: then `again`.
 */
export function fd_read(guest: Guest, fd: number, iovs: number, count: number, result: number): number {
  const descriptor = guest.descriptors[fd];
  function read(): number {
    return moveVectors(guest, iovs, count, result, descriptor!.tree, function (pointer, length) {
      return descriptor!.read!(guest.memory, pointer, length);
    });
  }
  return (
    check(descriptor, FD_READ) ||
    (!descriptor!.wouldBlock || !descriptor!.wouldBlock()
      ? read()
      : descriptor!.flags & NONBLOCK
        ? AGAIN
        : guest.wait(function (done) {
            const stop = descriptor!.onReadable!(function () {
              stop();
              done(read());
            });
            return stop;
          }))
  );
}

/** `fd_pread`: the same at a position of its own, which stays where it was. `spipe` on what has no positions. */
export function fd_pread(
  guest: Guest,
  fd: number,
  iovs: number,
  count: number,
  low: number,
  high: number,
  result: number,
): number {
  const descriptor = guest.descriptors[fd];
  let position = unsigned64(low, high);
  if (descriptor && !descriptor.tree && !descriptor.readAt) return SPIPE;
  return (
    check(descriptor, FD_READ | FD_SEEK) ||
    moveVectors(guest, iovs, count, result, descriptor!.tree, function (pointer, length) {
      const read = descriptor!.readAt!(position, guest.memory, pointer, length);
      position += length;
      return read;
    })
  );
}
