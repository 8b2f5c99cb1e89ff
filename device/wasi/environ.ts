import type { Guest } from "./guest.js";
import { storeSizes, storeStrings } from "./strings.js";

/** `environ_get`: `NAME=value` strings at `buffer`, pointers to them at `environ`. */
export function environ_get(guest: Guest, environ: number, buffer: number): number {
  return storeStrings(guest, guest.environ, environ, buffer);
}

/** `environ_sizes_get`: the number of variables, and the bytes that `environ_get` will write at `buffer`. */
export function environ_sizes_get(guest: Guest, count: number, bytes: number): number {
  return storeSizes(guest, guest.environ, count, bytes);
}
