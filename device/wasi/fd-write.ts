import type { Guest } from "./guest.js";
import { unsigned64 } from "./numbers.js";
import * as right from "./right.js";
import { moveVectors } from "./vectors.js";

/** `fd_write`: gathers and writes at the descriptor's position; stores the number of bytes. */
export function fd_write(guest: Guest, fd: number, iovs: number, count: number, result: number): number {
  return moveVectors(guest, fd, right.FD_WRITE, iovs, count, result);
}

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
  return moveVectors(guest, fd, right.FD_WRITE, iovs, count, result, unsigned64(low, high));
}
