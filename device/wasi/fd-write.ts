import { check } from "./descriptor.js";
import type { Guest } from "./guest.js";
import { unsigned64 } from "./numbers.js";
import { FD_SEEK, FD_WRITE } from "./rights.js";
import { SPIPE } from "./errno.js";
import { moveVectors } from "./vectors.js";

/** `fd_write`: gathers and writes at the descriptor's position; stores the number of bytes. */
export function fd_write(guest: Guest, fd: number, iovs: number, count: number, result: number): number {
  const descriptor = guest.descriptors[fd];
  return (
    check(descriptor, FD_WRITE) ||
    moveVectors(guest, iovs, count, result, 1, function (pointer, length, more) {
      return descriptor!.write!(guest.memory, pointer, length, more);
    })
  );
}

/** `fd_pwrite`: the same at a position of its own, which stays where it was. `spipe` on what has no positions. */
export function fd_pwrite(
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
  if (descriptor && !descriptor.tree && !descriptor.writeAt) return SPIPE;
  return (
    check(descriptor, FD_WRITE | FD_SEEK) ||
    moveVectors(guest, iovs, count, result, 1, function (pointer, length, more) {
      const written = descriptor!.writeAt!(position, guest.memory, pointer, length, more);
      position += length;
      return written;
    })
  );
}
