import type { Flash } from "../../../hal/contract/index.js";
import { halError } from "../../../hal/contract/index.js";

/**
 * A NOR flash for the tests of the file system, with the faults that real parts have.
 *
 * A program only clears bits, an erase sets a block, both are counted. Power can be cut at any operation, with the
 * operation not done, half done or done; blocks can be worn so that they no longer erase or program.
 */
export interface NorFlash extends Flash {
  /** The cells. Tests may change them. */
  readonly cells: Uint8Array;
  readonly counters: Counters;
  /** How often each block was erased. */
  readonly erasures: number[];
  /** Cuts the power at an operation; undefined never does. */
  cut: PowerCut | undefined;
  /** Blocks that fail: their erases and programs change nothing, or what they change doesn't hold. */
  readonly worn: Set<number>;
}

export interface Counters {
  reads: number;
  bytesRead: number;
  programs: number;
  bytesProgrammed: number;
  erases: number;
  /** Programs and erases together: what a cut is counted in. */
  operations: number;
}

/** When the power goes, counted in programs and erases from 0, and how far that operation gets. */
export interface PowerCut {
  operation: number;
  /**
   * `clean`: the operation isn't begun. `torn`: a program stops after `bytes` bytes, a unit may be half-written;
   * an erase leaves random bits. `done`: it is finished, but nobody learns.
   */
  kind: "clean" | "torn" | "done";
  /** Bytes of the program that are in the cells. */
  bytes?: number;
  /** For random bits. */
  seed?: number;
}

/** What a cut throws. It isn't a HalError: nothing may catch it. */
export class PowerLost extends Error {}

export interface NorFlashOptions {
  blocks?: number;
  blockSize?: number;
  writeSize?: number;
  reprogrammable?: boolean;
  /** Cells to begin with; they are used, not copied. */
  cells?: Uint8Array;
}

/** A generator of pseudo-random 32-bit numbers (Mulberry32), so that tests can be repeated. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return function () {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

export function createNorFlash(options: NorFlashOptions = {}): NorFlash {
  const blockSize = options.blockSize ?? 4096;
  const blocks = options.blocks ?? 64;
  const size = blocks * blockSize;
  const writeSize = options.writeSize ?? 4;
  const reprogrammable = options.reprogrammable ?? true;
  const cells = options.cells ?? new Uint8Array(size).fill(0xff);
  /** Units that were programmed since their erase: some parts forbid a second time. */
  const programmed = new Uint8Array(size / writeSize);
  for (let i = 0; i < size; i++) if (cells[i] !== 0xff) programmed[Math.floor(i / writeSize)] = 1;
  const counters = { reads: 0, bytesRead: 0, programs: 0, bytesProgrammed: 0, erases: 0, operations: 0 };
  const erasures = new Array<number>(blocks).fill(0);

  function within(address: number, length: number, multiple: number): void {
    if (!(address >= 0 && length >= 0 && address + length <= size))
      throw halError("OutOfBounds", `flash: ${length} bytes at ${address} of ${size}`);
    if (address % multiple || length % multiple) throw halError("NotAligned", `flash: ${length} bytes at ${address}`);
  }

  const flash: NorFlash = {
    size,
    blockSize,
    writeSize,
    reprogrammable,
    cells,
    counters,
    erasures,
    cut: undefined,
    worn: new Set(),
    read(address, length) {
      within(address, length, 1);
      counters.reads++;
      counters.bytesRead += length;
      return cells.slice(address, address + length);
    },
    program(address, bytes) {
      within(address, bytes.length, writeSize);
      if (!reprogrammable)
        for (let unit = address / writeSize; unit < (address + bytes.length) / writeSize; unit++)
          if (programmed[unit]) throw halError("Other", `flash: ${unit * writeSize} is programmed already`);
      const cut = flash.cut?.operation === counters.operations ? flash.cut : undefined;
      if (cut?.kind === "clean") throw new PowerLost("power lost before a program");
      const count = cut?.kind === "torn" ? Math.min(cut.bytes ?? 0, bytes.length) : bytes.length;
      counters.operations++;
      counters.programs++;
      counters.bytesProgrammed += count;
      if (!flash.worn.has(Math.floor(address / blockSize))) {
        for (let i = 0; i < count; i++) cells[address + i] &= bytes[i];
        for (let i = 0; i < count; i++) programmed[Math.floor((address + i) / writeSize)] = 1;
        if (cut?.kind === "torn" && count < bytes.length) {
          // The byte that was under way has some of its zeros.
          const random = randomNumbers((cut.seed ?? 0) + count);
          const unit = Math.floor((address + count) / writeSize);
          for (let i = address + count; i < (unit + 1) * writeSize && i < address + bytes.length; i++)
            cells[i] &= bytes[i - address] | random();
          programmed[unit] = 1;
        }
      }
      if (cut) throw new PowerLost(`power lost ${cut.kind === "done" ? "after" : "in"} a program`);
    },
    erase(address) {
      within(address, blockSize, blockSize);
      const cut = flash.cut?.operation === counters.operations ? flash.cut : undefined;
      if (cut?.kind === "clean") throw new PowerLost("power lost before an erase");
      counters.operations++;
      counters.erases++;
      const block = address / blockSize;
      erasures[block]++;
      if (!flash.worn.has(block)) {
        if (cut?.kind === "torn") {
          const random = randomNumbers(cut.seed ?? 0);
          for (let i = 0; i < blockSize; i++) cells[address + i] |= random();
          programmed.fill(1, address / writeSize, (address + blockSize) / writeSize);
        } else {
          cells.fill(0xff, address, address + blockSize);
          programmed.fill(0, address / writeSize, (address + blockSize) / writeSize);
        }
      }
      if (cut) throw new PowerLost(`power lost ${cut.kind === "done" ? "after" : "in"} an erase`);
    },
  };
  return flash;
}
