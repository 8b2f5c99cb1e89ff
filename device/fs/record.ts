/**
 * Records as bytes (SPEC.md). What was parsed last stands in this module's variables: an object for each record
 * would cost a board more than the parsing. Nothing here outlives a call into the file system.
 */

/** Kinds of record. The low bits are 0 in a node record, whose other bits say what it holds. */
export const PAGE = 1;
export const TABLE = 2;
export const MORE = 3;
/** Flags of a node record; with neither NAME nor DATA it removes the node. */
export const NAME = 4;
export const DATA = 8;
export const TIMES = 16;
export const PAGES = 32;
export const FOLDER = 64;

/** Bytes in which every header of an undamaged record ends. */
export const PEEK = 16;

/** Entries of a table. */
export const WIDTH = 64;

/** Where the last `decode` ended. */
export let position = 0;

/** The record parsed last: what it is, whose, and its third field (PAGE, TABLE: index; otherwise seconds, see SPEC). */
export let kind = 0;
export let owner = 0;
export let value = 0;
/** Its bytes from the first on, as many as were read, and where its body begins and ends in them. */
export let body: Uint8Array;
export let start = 0;
export let stop = 0;

/** Reads an unsigned LEB128 number below 2^53 at `from`; leaves `position` behind it. */
export function decode(bytes: ArrayLike<number>, from: number): number {
  let result = 0;
  let scale = 1;
  let byte;
  position = from;
  do {
    byte = bytes[position++];
    result += (byte & 127) * scale;
    scale *= 128;
  } while (byte > 127);
  return result;
}

/** Appends a number below 2^53 as unsigned LEB128. */
export function encode(target: number[], number: number): void {
  for (; number > 127; number = Math.floor(number / 128)) target.push((number % 128) | 128);
  target.push(number);
}

/** Takes a record's header apart. */
export function parse(bytes: Uint8Array): void {
  body = bytes;
  kind = bytes[4];
  const length = decode(bytes, 5);
  owner = kind === MORE ? 0 : decode(bytes, position);
  value = decode(bytes, position);
  start = position;
  stop = start + length;
}

/** The data of the parsed node record, or of any other: sets the variables below by what stands before it. */
export function dataStart(): number {
  let at = start;
  pages = 0;
  if (kind & 3) return at;
  if (kind & NAME) {
    at = decode(body, at);
    decode(body, position + at);
    decode(body, position);
    at = position;
  }
  if (kind & TIMES) {
    accessed = decode(body, at);
    modified = decode(body, position);
    at = position;
  }
  if (kind & PAGES) {
    pages = decode(body, at);
    topAt = position;
    at = topAt + 2 * Math.ceil(pages / WIDTH);
  }
  return at;
}

/** Pages in tables, where the addresses of the tables are, and explicit times. */
export let pages = 0;
export let topAt = 0;
export let accessed = 0;
export let modified = 0;
