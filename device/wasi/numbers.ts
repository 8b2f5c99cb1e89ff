/** 64-bit arguments, which arrive as two int32. */

const WORD = 4294967296;

/** @returns the s64, exact below 2^53 */
export function signed64(low: number, high: number): number {
  return high * WORD + (low >>> 0);
}

/** @returns the u64, exact below 2^53 */
export function unsigned64(low: number, high: number): number {
  return signed64(low, high >>> 0);
}

/** @returns the u64 of nanoseconds as microseconds; exact to the nanosecond as far as a double can hold it */
export function microseconds(low: number, high: number): number {
  const thousands = Math.floor((high >>> 0) / 1000);
  return thousands * WORD + unsigned64(low, (high >>> 0) - thousands * 1000) / 1000;
}
