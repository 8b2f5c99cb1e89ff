import { SUCCESS } from "./errno.js";
import type { Guest } from "./guest.js";
import { checkRange } from "./memory.js";

/** `random_get`: fills `length` bytes at `pointer`. */
export function random_get(guest: Guest, pointer: number, length: number): number {
  const refused = checkRange(guest, pointer, length);
  if (refused) return refused;
  guest.entropy(guest.memory, pointer, length);
  return SUCCESS;
}
