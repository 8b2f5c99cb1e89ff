/**
 * The guest's memory: every byte that a WASI call reads or writes goes through here, or was checked by `fits`.
 */
import { FAULT, SUCCESS } from "./errno.js";
import type { Guest } from "./guest.js";

/** All that is needed of a guest here. */
type Memory = Pick<Guest, "memory">;

const WORD = 4294967296;

/**
 * Whether a range lies in memory.
 * @param pointer int32, any
 * @param length bytes; a negative one is a length of 2 GiB or more and never fits
 */
export function fits(guest: Memory, pointer: number, length: number): boolean {
  return length >= 0 && (pointer >>> 0) + length <= guest.memory.length;
}

/** Reads an int32 from where `fits` said that there is one. */
export function load32(guest: Memory, pointer: number): number {
  const memory = guest.memory;
  return memory[pointer] | (memory[pointer + 1] << 8) | (memory[pointer + 2] << 16) | (memory[pointer + 3] << 24);
}

/**
 * Stores 32-bit words one after the other; a larger value leaves its low word.
 * @returns errno: success or fault
 */
export function store(guest: Memory, pointer: number, words: readonly number[]): number {
  const length = words.length * 4;
  if (!fits(guest, pointer, length)) return FAULT;
  for (let i = 0; i < length; i++) guest.memory[pointer + i] = words[i >> 2] >> ((i & 3) * 8);
  return SUCCESS;
}

/** @returns the two words of a whole number from 0 to 2^53 */
export function wide(value: number): number[] {
  return [value, Math.floor(value / WORD)];
}

/** @returns a time's nanoseconds as the two words of an u64, exact though they don't fit a double */
export function nanoseconds(microseconds: number): number[] {
  const high = Math.floor(microseconds / WORD);
  const low = (microseconds - high * WORD) * 1000;
  return [low, high * 1000 + Math.floor(low / WORD)];
}

/**
 * Stores bytes.
 * @param text one byte a char
 * @returns errno: success or fault
 */
export function storeText(guest: Memory, pointer: number, text: string): number {
  if (!fits(guest, pointer, text.length)) return FAULT;
  for (let i = 0; i < text.length; i++) guest.memory[pointer + i] = text.charCodeAt(i);
  return SUCCESS;
}
