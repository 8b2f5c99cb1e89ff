import type { Guest } from "./guest.js";
import { number64 } from "./numbers.js";
import { moveVectors } from "./vectors.js";

/** Gathers and writes at the descriptor's position; stores the number of bytes. */
export { moveVectors as fd_write };

/**
 * `fd_pwrite`: the same at a position of its own, which stays where it was. Needs `fd_seek` too, so it is `notcapable`
 * on what has no positions.
 */
export function fd_pwrite(
  guest: Guest,
  fd: number,
  iovs: number,
  count: number,
  low: number,
  high: number,
  result: number,
): number {
  return moveVectors(guest, fd, iovs, count, result, 0, number64(low, high >>> 0));
}
