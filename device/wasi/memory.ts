/**
 * The guest's memory: every byte that a WASI call reads or writes goes through here, or was checked by `fits`.
 */
import { FAULT, SUCCESS } from "./errno.js";
import type { Guest } from "./guest.js";

const WORD = 4294967296;

/**
 * Whether a range lies in memory.
 * @param pointer int32, any
 * @param length bytes; a negative one is a length of 2 GiB or more and never fits
 */
export function fits(guest: Guest, pointer: number, length: number): boolean {
  return length >= 0 && (pointer >>> 0) + length <= guest.memory.length;
}

/** Reads an int32 from where `fits` said that there is one. */
export function load32(guest: Guest, pointer: number): number {
  const memory = guest.memory;
  return memory[pointer] | (memory[pointer + 1] << 8) | (memory[pointer + 2] << 16) | (memory[pointer + 3] << 24);
}

/** @returns errno: success or fault */
export function store32(guest: Guest, pointer: number, value: number): number {
  if (!fits(guest, pointer, 4)) return FAULT;
  for (let end = pointer + 4; pointer < end; value >>= 8) guest.memory[pointer++] = value;
  return SUCCESS;
}

/**
 * @param value a whole number, 0 to 2^53
 * @returns errno: success or fault
 */
export function store64(guest: Guest, pointer: number, value: number): number {
  return store32(guest, pointer, value) || store32(guest, pointer + 4, Math.floor(value / WORD));
}

/**
 * Stores a time as nanoseconds in an u64, exact though its nanoseconds don't fit a double.
 * @param microseconds not negative
 * @returns errno: success or fault
 */
export function storeTime(guest: Guest, pointer: number, microseconds: number): number {
  const high = Math.floor(microseconds / WORD);
  const low = (microseconds - high * WORD) * 1000;
  return store32(guest, pointer, low) || store32(guest, pointer + 4, high * 1000 + Math.floor(low / WORD));
}

/**
 * Stores bytes.
 * @param text one byte a char
 * @returns errno: success or fault
 */
export function storeText(guest: Guest, pointer: number, text: string): number {
  if (!fits(guest, pointer, text.length)) return FAULT;
  for (let i = 0; i < text.length; i++) guest.memory[pointer + i] = text.charCodeAt(i);
  return SUCCESS;
}
