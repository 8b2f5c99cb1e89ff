/** 64-bit arguments, which arrive as two int32. */
import { WORD } from "./memory.js";

/** @returns the s64, or with `high >>> 0` the u64; exact below 2^53 */
export function number64(low: number, high: number): number {
  return high * WORD + (low >>> 0);
}

/** @returns the u64 of nanoseconds as microseconds; exact to the nanosecond as far as a double can hold it */
export function microseconds(low: number, high: number): number {
  high >>>= 0;
  return Math.floor(high / 1000) * WORD + number64(low, high % 1000) / 1000;
}
