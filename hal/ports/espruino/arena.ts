import type { NativeE } from "./natives.js";

declare var E: NativeE & {
  /** undefined where so much doesn't fit in one piece, even after everything was moved together. */
  toFlatString(fill: { data: number; count: number }): string | undefined;
  /** The string's own bytes; undefined for no string. */
  toArrayBuffer(text: string | undefined): ArrayBuffer | undefined;
};

/**
 * Memory in one piece. `new ArrayBuffer` silently makes a chain of variables where there isn't enough of it, fifty times
 * as slow to read; a flat string is in one piece or not at all.
 * @param bytes how many, all zero
 * @throws Error that says how much is wanted
 */
export function allocateArena(bytes: number): ArrayBuffer {
  return E.toArrayBuffer(E.toFlatString({ data: 0, count: bytes })) || refuse(bytes);
}

function refuse(bytes: number): never {
  throw Error("RAM: no " + bytes + " bytes in one piece");
}
