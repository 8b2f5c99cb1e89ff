/** Lists of strings: arguments and environment have the same shape. */
import { FAULT, SUCCESS } from "./errno.js";
import type { Guest } from "./guest.js";
import { store32, storeText } from "./memory.js";

/** Stores how many strings there are, and how many bytes they take with a NUL after each. */
export function sizes(guest: Guest, list: readonly string[], count: number, bytes: number): number {
  return store32(guest, count, list.length) || store32(guest, bytes, list.join("\0").length + (list.length && 1));
}

/** Stores the strings with a NUL after each at `buffer`, and where each begins at `pointers`. */
export function store(guest: Guest, list: readonly string[], pointers: number, buffer: number): number {
  for (let i = 0; i < list.length; i++) {
    if (store32(guest, pointers + 4 * i, buffer) || storeText(guest, buffer, list[i] + "\0")) return FAULT;
    buffer += list[i].length + 1;
  }
  return SUCCESS;
}
