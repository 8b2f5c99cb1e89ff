/**
 * The guest's memory: every byte that a WASI call reads or writes goes through here, or was checked by `checkRange`.
 */
import { FAULT, SUCCESS } from "./errno.js";
import type { Guest } from "./guest.js";

/** All that is needed of a guest here. */
type Memory = Pick<Guest, "memory">;

/** Of the high word of 64 bits: what one counts. */
export const WORD = 4294967296;

/**
 * Whether a range lies in memory.
 * @param pointer int32, any
 * @param length bytes; a negative one is a length of 2 GiB or more, which nothing has room for
 * @returns errno: success or fault
 */
export function checkRange(guest: Memory, pointer: number, length: number): number {
  return length < 0 || (pointer >>> 0) + length > guest.memory.length ? FAULT : SUCCESS;
}

/**
 * Copies int32 words, low byte first, from where `checkRange` said that there are so many.
 * Natives do it: a loop would take milliseconds on a board. All targets are little-endian.
 */
export function load(guest: Memory, pointer: number, count: number): Int32Array {
  return new Int32Array(new Uint8Array(guest.memory.subarray(pointer, pointer + 4 * count)).buffer);
}

/** The bytes of 32-bit words; of a larger value the low word's, of what is missing 0. */
export function bytesOf(words: readonly (number | undefined)[]): Uint8Array {
  return new Uint8Array(new Int32Array(words as number[]).buffer);
}

/**
 * Stores 32-bit words one after the other, as `bytesOf` has them.
 * @returns errno: success or fault
 */
export function store(guest: Memory, pointer: number, words: readonly (number | undefined)[]): number {
  const bytes = bytesOf(words);
  const memory = guest.memory;
  // As `checkRange` has it: nearly every call comes by here, and a board takes its time to call a function.
  if ((pointer >>> 0) + bytes.length > memory.length) return FAULT;
  memory.set(bytes, pointer);
  return SUCCESS;
}

/** @returns a time's nanoseconds as the two words of an u64, exact though they don't fit a double */
export function nanoseconds(microseconds: number): number[] {
  const low = (microseconds % WORD) * 1000;
  return [low, ((microseconds / WORD) | 0) * 1000 + ((low / WORD) | 0)];
}

/**
 * Copies a text's first bytes to where there is room for them.
 * @param text one byte a char
 * @returns success
 */
export function copyText(text: string, length: number, target: Uint8Array, start: number): number {
  for (let i = 0; i < length; i++) target[start + i] = text.charCodeAt(i);
  return SUCCESS;
}

/**
 * Stores bytes.
 * @param text one byte a char
 * @returns errno: success or fault
 */
export function storeText(guest: Memory, pointer: number, text: string): number {
  return checkRange(guest, pointer, text.length) || copyText(text, text.length, guest.memory, pointer);
}
