/** What records are (SPEC.md): four halfwords of header, a body of halfwords, then bytes. */

/** Bytes of a header, and how many are read to see what a record is. */
export const HEADER_SIZE = 8;
export const PEEK = 12;

/** Kinds of records, 6 bits. A block's header is the first record in it. */
export const HEADER = 1;
export const PAGE = 2;
export const TABLE = 3;
export const REMOVE = 4;
/** A change of the file's last page. Plus one of these, plus seconds since the record before; LATER: a word tells them. */
export const CHAIN = 48;
export const BEGINS = 8;
export const REPLACES = 4;
export const LATER = 3;
/** Plus the flags below. */
export const NODE = 32;
/** The name was another node's until now: that one is the body's first half. */
export const TAKES = 1;
export const PAGES = 2;
export const TIMES = 4;
export const FOLDER = 8;
/** What erased flash looks like. */
export const NONE = 63;

/** "rFS" and the version of the format. */
export const MAGIC = 0x03534672;

/** Pages of a table, and tables of a file. */
export const WIDTH = 32;
export const TABLES = 128;

/** Bytes of a block's header without its summary, and the most halves of that. */
export const PLAIN = HEADER_SIZE + 16;
export const SUMMARY = 400;
/** A block of fewer records has none. */
export const MANY = 32;
/** Where a damaged page is: only a block's header begins there. */
export const NOWHERE = 0;
/** Bytes that are looked at together for being blank. */
export const CHUNK = 64;

// Looked up by a shorter way, and shorter when minified.
export const Bytes = Uint8Array;
export const Halves = Uint16Array;

/** A text's bytes. */
export function codes(text: string): number[] {
  return [].map.call(text, function (character: string) {
    return character.charCodeAt(0);
  }) as number[];
}

/** A number as two halves. */
export function word(value: number): number[] {
  return [value, value / 65536];
}
