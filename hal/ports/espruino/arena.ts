import type { NativeE } from "./natives.js";

declare var E: NativeE & {
  /** 0 where a value doesn't lie in one piece. */
  getAddressOf(value: ArrayBuffer, flat: boolean): number;
  /** Moves everything together, so that the free space is in one piece. */
  defrag(): void;
};

/**
 * Memory in one piece. Without enough of it Espruino silently makes a chain of variables, fifty times as slow to read,
 * so that is asked for, and refused.
 * @param bytes how many, all zero
 * @throws Error that says how much is wanted
 */
export function allocateArena(bytes: number): ArrayBuffer {
  var arena: ArrayBuffer = new ArrayBuffer(bytes);
  if (bytes && !E.getAddressOf(arena, true)) {
    arena = null as unknown as ArrayBuffer;
    E.defrag();
    arena = new ArrayBuffer(bytes);
    if (!E.getAddressOf(arena, true)) throw Error("not enough memory in one piece: " + bytes + " bytes wanted");
  }
  return arena;
}
