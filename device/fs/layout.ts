import type { Flash } from "../../hal/contract/index.js";

/** More than any number of a block, of units or of bytes. */
export const NEVER = 1e12;

/** The lesser of two numbers. */
export function least(a: number, b: number): number {
  return a < b ? a : b;
}

/** What follows from a part's geometry (SPEC.md). */
export function createLayout(flash: Flash) {
  const blockSize = flash.blockSize;
  const blocks = flash.size / blockSize;
  let unit = 4;
  while (unit < flash.writeSize || flash.size / unit > 65536) unit *= 2;
  const blockUnits = blockSize / unit;
  /** What the check of every record begins with, so that one for another geometry isn't taken for ours. */
  const geometry = blocks * 65536 + blockSize / 4 + unit;
  /** A page with its record fits several times into the smallest block. */
  const pageSize = least(240, blockSize >> 4);
  /** Blocks kept free: one that a change may need, and one or two that a full block can be moved to. */
  const reserve = blocks < 8 ? 2 : 3;
  /** The most nodes: damaged records must not make the index grow beyond what could be. */
  const most = least(65535, flash.size >> 5);

  function units(count: number): number {
    return Math.ceil(count / unit);
  }

  return {
    blockSize: blockSize,
    blocks: blocks,
    unit: unit,
    blockUnits: blockUnits,
    geometry: geometry,
    pageSize: pageSize,
    reserve: reserve,
    most: most,
    units: units,
  };
}

export type Layout = ReturnType<typeof createLayout>;
