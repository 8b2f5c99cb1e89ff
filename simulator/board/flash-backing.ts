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

/** Cells that live as long as the process. @param bytes a multiple of `blockBytes`; erased unless given */
export function memoryBacking(bytes: number, blockBytes: number, cells?: Uint8Array): FlashBacking {
  return {
    cells: cells ?? new Uint8Array(bytes).fill(0xff),
    wear: new Uint32Array(bytes / blockBytes),
    cellsChanged: () => {},
    wearChanged: () => {},
  };
}
