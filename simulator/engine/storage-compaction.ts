import type { FileHeader, StorageFlash } from "./storage-area.js";

/** A compaction to be done; addresses as the chip counts, sizes in bytes. */
export interface Compaction {
  readonly flash: StorageFlash;
  /** The block where it begins, and the end of Storage. */
  readonly start: number;
  readonly end: number;
  /** Where the last file ends. */
  readonly lastRead: number;
  readonly blockBytes: number;
  /** RAM that the files go through. */
  readonly bufferBytes: number;
  /** Live files from `start` on. */
  readonly files: readonly FileHeader[];
  readonly align: (length: number) => number;
  readonly progress: (text: string) => void;
}

const HEADER_BYTES = 32;

/**
 * Moves live files together as `jsfCompactInternal` does: through a ring buffer of one block, a block being erased
 * as soon as nothing in it is still to be read. A power cut in between loses what the buffer holds.
 */
export function compactStorage(job: Compaction): void {
  const { flash, start, end, blockBytes, bufferBytes, files, align, progress } = job;
  const ring = new Uint8Array(bufferBytes);
  let [head, tail, used, target] = [0, 0, 0, start];
  const nextBlock = (address: number) =>
    Math.min(end, start + (Math.floor((address - start) / blockBytes) + 1) * blockBytes);

  const take = (bytes: Uint8Array) => {
    for (const byte of bytes) {
      ring[head] = byte;
      head = (head + 1) % bufferBytes;
    }
    used += bytes.length;
  };

  const flush = (readAddress: number) => {
    while (used > 0) {
      const limit = nextBlock(target);
      const count = Math.min(used, bufferBytes - tail, limit - target);
      if (readAddress < limit) return;
      if ((target - start) % blockBytes === 0) flash.erase(target);
      flash.program(target, ring.slice(tail, tail + count));
      target += count;
      tail = (tail + count) % bufferBytes;
      used -= count;
    }
  };

  progress("Compacting... ");
  let lastProgress = 0;
  for (const file of files) {
    take(flash.read(file.address, HEADER_BYTES));
    let address = file.address + HEADER_BYTES;
    let left = align(file.size);
    flush(address);
    while (left > 0) {
      const count = Math.min(bufferBytes - used, bufferBytes - head, left, tail > head ? tail - head : Infinity);
      if (count === 0) throw new Error("compaction ran out of buffer, which Espruino's own arithmetic rules out");
      take(flash.read(address, count));
      address += count;
      left -= count;
      flush(address);
    }
    const step = (file.address - start) >> 14;
    if (step !== lastProgress) progress("\b" + "/-\\|"[step & 3]);
    lastProgress = step;
  }
  flush(end);
  const first = target === start ? start : nextBlock(target - 1);
  for (let block = first; block < job.lastRead; block += blockBytes) flash.erase(block);
  progress("\n");
}
