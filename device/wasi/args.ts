import type { Guest } from "./guest.js";
import { storeSizes, storeStrings } from "./strings.js";

/** `args_get`: the arguments' bytes at `buffer`, pointers to them at `argv`. */
export function args_get(guest: Guest, argv: number, buffer: number): number {
  return storeStrings(guest, guest.args, argv, buffer);
}

/** `args_sizes_get`: the number of arguments, and the bytes that `args_get` will write at `buffer`. */
export function args_sizes_get(guest: Guest, count: number, bytes: number): number {
  return storeSizes(guest, guest.args, count, bytes);
}
