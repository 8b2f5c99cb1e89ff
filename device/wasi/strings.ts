/** Lists of strings: arguments and environment have the same shape. */
import type { Guest } from "./guest.js";
import { store, storeText } from "./memory.js";

/** The strings' bytes, a NUL after each. */
function join(list: readonly string[]): string {
  return list.concat("").join("\0");
}

/** Stores how many strings there are, and how many bytes `storeStrings` takes for them. */
export function storeSizes(guest: Guest, list: readonly string[], count: number, bytes: number): number {
  return store(guest, count, [list.length]) || store(guest, bytes, [join(list).length]);
}

/** Stores the strings with a NUL after each at `buffer`, and where each begins at `pointers`. */
export function storeStrings(guest: Guest, list: readonly string[], pointers: number, buffer: number): number {
  let next = buffer;
  return (
    storeText(guest, buffer, join(list)) ||
    store(
      guest,
      pointers,
      list.map(function (text) {
        const begin = next;
        next += text.length + 1;
        return begin;
      }),
    )
  );
}
