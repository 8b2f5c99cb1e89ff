import { FAULT, SUCCESS } from "./errno.js";
import type { Guest } from "./guest.js";
import { fits } from "./memory.js";

/** `random_get`: fills `length` bytes at `pointer`. */
export function random_get(guest: Guest, pointer: number, length: number): number {
  if (!fits(guest, pointer, length)) return FAULT;
  guest.entropy(guest.memory, pointer, length);
  return SUCCESS;
}
