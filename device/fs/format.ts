/**
 * The numbers of the byte format (SPEC.md), and its variable-length integers.
 */

/** The first four bytes of a block: "rFS" and the version of the format. */
export const MAGIC = 0x01534672;
/** Bytes of a block's header before padding. */
export const HEADER = 32;
/** Bytes of a record that are read at first: the longest header of a record that isn't damaged. */
export const PEEK = 16;

/** Kinds of record. A node record has no low bits set and says by flags what it holds. */
export const PAGE = 1;
export const TABLE = 2;
export const MORE = 3;
/** Flags of a node record; one with neither NAME nor DATA removes the node. */
export const NAME = 4;
export const DATA = 8;
export const TIMES = 16;
export const PAGES = 32;
export const FOLDER = 64;

/** `names[node]` of a file that no record on flash names yet. */
export const PENDING = 1;
/** `names[node]` of a node that was removed while it is open. */
export const UNLINKED = 2;

/** Entries of a table, as a power of two. */
export const FAN = 5;

/** Where the last `decode` ended. */
export let position = 0;

/** Reads an unsigned LEB128 number of up to 53 bits at `from`; leaves `position` behind it. */
export function decode(bytes: ArrayLike<number>, from: number): number {
  let value = 0;
  let scale = 1;
  let byte;
  position = from;
  do {
    byte = bytes[position++];
    value += (byte & 127) * scale;
    scale *= 128;
  } while (byte & 128);
  return value;
}

/** Appends `value`, a non-negative integer below 2^53, as unsigned LEB128. */
export function encode(target: number[], value: number): void {
  while (value > 127) {
    target.push((value % 128) | 128);
    value = Math.floor(value / 128);
  }
  target.push(value);
}

/** Appends the low `count` bytes of a number, lowest first. */
export function pushLittle(target: number[], value: number, count: number): void {
  while (count--) {
    target.push(value & 255);
    value = Math.floor(value / 256);
  }
}

/** `count` bytes at `at`, lowest first, as an unsigned number. */
export function little(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  while (count--) value = value * 256 + bytes[at + count];
  return value;
}
