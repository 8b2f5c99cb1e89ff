import { flashBlocks, flashBytes, type FlashGeometry } from "./nor-flash.js";

/** Where a simulated flash keeps its cells and its history. */
export interface FlashBacking {
  /** Every cell of every region, one region after the other. The flash writes into it. */
  readonly cells: Uint8Array;
  /** Erases so far, one count a block, in the order of `cells`. The flash writes into it. */
  readonly wear: Uint32Array;
  /** Called after the cells from `offset` on have changed. */
  cellsChanged(offset: number, length: number): void;
  /** Called after a block was erased. */
  wearChanged(block: number): void;
}

/**
 * Cells that live as long as the process, and over any number of boards made with them.
 * @param cells of the geometry's size; erased unless given
 */
export function memoryBacking(geometry: FlashGeometry, cells?: Uint8Array): FlashBacking {
  return {
    cells: cells ?? new Uint8Array(flashBytes(geometry)).fill(0xff),
    wear: new Uint32Array(flashBlocks(geometry)),
    cellsChanged: () => {},
    wearChanged: () => {},
  };
}
