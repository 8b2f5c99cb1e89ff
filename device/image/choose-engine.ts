import type { BoardProfile } from "../../hal/boards/profile.js";

/** How a guest runs on a board. */
export type Engine = "js" | "thumb";

/** Why machine code can't run on a board at all; undefined where it can. */
export function whyNoMachineCode({ id, nativeCall, engines }: BoardProfile): string | undefined {
  if (!nativeCall) return `the firmware of ${id} has no E.nativeCall`;
  return engines.includes("thumb") ? undefined : `${id} can't run the thumb engine`;
}

/** What a native guest takes of a board's RAM, in bytes. */
export interface NativeNeeds {
  readonly arenaBytes: number;
  readonly stackBytes: number;
  readonly codeBytes: number;
}

/**
 * Why a program in machine code doesn't fit a board's RAM; undefined where it does. Code in flash that the processor
 * can't read in place goes to RAM.
 */
export function whyTooLarge(needs: NativeNeeds, { id, memory, flash }: BoardProfile): string | undefined {
  const all = memory.jsVars * memory.jsVarBytes;
  const code = flash.executeInPlace ? 0 : needs.codeBytes;
  const wanted = needs.arenaBytes + needs.stackBytes + code;
  if (wanted < all) return undefined;
  const parts = [
    `memory ${needs.arenaBytes}`,
    `stack, globals and tables ${needs.stackBytes}`,
    ...(code ? [`code ${code}, since Storage is in SPI flash`] : []),
  ];
  return `needs ${wanted} B of RAM (${parts.join(", ")}), and ${id} has ${all} B for everything`;
}
