import type { Flash } from "../../../hal/contract/index.js";
import { halError } from "../../../hal/contract/index.js";

/**
 * A NOR flash for the tests of the file system, with the faults that real parts have.
 *
 * A program only clears bits, an erase sets a block, both are counted. Before each, a test can take a copy and go on
 * with it as if power had been cut then or halfway; blocks can be worn so that they no longer erase or program.
 */
export interface NorFlash extends Flash {
  /** The cells. Tests may change them. */
  readonly cells: Uint8Array;
  readonly counters: Counters;
  /** How often each block was erased. */
  readonly erasures: number[];
  /** Called before each program and erase; what it throws is thrown by them. */
  before: ((operation: FlashOperation) => void) | undefined;
  /** Which units were programmed since their block was erased. */
  readonly programmedUnits: Uint8Array;
  /** Blocks that fail: their erases and programs change nothing. */
  readonly worn: Set<number>;
  /** Blocks that half fail: a program leaves some of its zeros out, an erase some bits unerased. */
  readonly weak: Set<number>;
  /** Another flash with the same cells. */
  fork(): NorFlash;
  /** Does a part of an operation, as a power cut leaves it. */
  tear(operation: FlashOperation, tear: Tear): void;
}

/**
 * What a power cut leaves of an operation, from a seed where it is random.
 *
 * A program stops after `count` bytes. The unit that it stops in, or before, is half-written: it has some of its zeros;
 * without a seed nothing of a unit is there that hadn't been begun.
 * An erase leaves bits at random (`random`), the old zeros with some of them erased (`weak`), or a block of which only
 * the beginning is erased (`half`).
 */
export type Tear =
  | { readonly kind: "program"; readonly count: number; readonly seed?: number }
  | { readonly kind: "random" | "weak" | "half"; readonly seed: number };

/** What was done to a flash since it was made. */
export interface Counters {
  reads: number;
  bytesRead: number;
  programs: number;
  bytesProgrammed: number;
  erases: number;
  /** Programs and erases together: what a cut is counted in. */
  operations: number;
  /** Programs that were refused since the part forbids a second one before an erase. */
  refused: number;
}

/** A program or erase that is about to happen. */
export interface FlashOperation {
  /** Counted from 0. */
  index: number;
  address: number;
  /** What is programmed; undefined for an erase. */
  bytes: Uint8Array | undefined;
}

/** The part: 64 blocks of 4,096 bytes, write size 4, reprogrammable, erased, unless told otherwise. Sizes in bytes. */
export interface NorFlashOptions {
  blocks?: number;
  blockSize?: number;
  writeSize?: number;
  reprogrammable?: boolean;
  /** Cells to begin with; they are used, not copied. */
  cells?: Uint8Array;
  /** As `programmedUnits`; told from the cells when absent. Used, not copied. */
  programmedUnits?: Uint8Array;
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

/** NOR flash in RAM with the faults of real parts: torn operations, bad blocks, refused programs. */
export function createNorFlash(options: NorFlashOptions = {}): NorFlash {
  const blockSize = options.blockSize ?? 4096;
  const blocks = options.blocks ?? 64;
  const size = blocks * blockSize;
  const writeSize = options.writeSize ?? 4;
  const reprogrammable = options.reprogrammable ?? true;
  const cells = options.cells ?? new Uint8Array(size).fill(0xff);
  /** Units that were programmed since their erase: some parts forbid a second time. */
  const programmed = options.programmedUnits ?? new Uint8Array(size / writeSize);
  if (options.cells && !options.programmedUnits)
    for (let i = 0; i < size; i++) if (cells[i] !== 0xff) programmed[Math.floor(i / writeSize)] = 1;
  const counters = { reads: 0, bytesRead: 0, programs: 0, bytesProgrammed: 0, erases: 0, operations: 0, refused: 0 };
  const erasures = new Array<number>(blocks).fill(0);

  function within(address: number, length: number, multiple: number): void {
    if (!(address >= 0 && length >= 0 && address + length <= size))
      throw halError("OutOfBounds", `flash: ${length} bytes at ${address} of ${size}`);
    if (address % multiple || length % multiple) throw halError("NotAligned", `flash: ${length} bytes at ${address}`);
  }

  function put(address: number, bytes: Uint8Array, count: number): void {
    const block = Math.floor(address / blockSize);
    if (flash.worn.has(block)) return;
    for (let i = 0; i < count; i++) cells[address + i] &= bytes[i];
    if (flash.weak.has(block) && count) cells[address + (address % count)] |= 1 << (address % 7);
    if (count) programmed.fill(1, Math.floor(address / writeSize), Math.ceil((address + count) / writeSize));
  }

  const flash: NorFlash = {
    programmedUnits: programmed,
    size,
    blockSize,
    writeSize,
    reprogrammable,
    cells,
    counters,
    erasures,
    before: undefined,
    worn: new Set(),
    weak: new Set(),
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
          if (programmed[unit]) {
            counters.refused++;
            throw halError("Other", `flash: ${unit * writeSize} is programmed already`);
          }
      flash.before?.({ index: counters.operations, address, bytes });
      counters.operations++;
      counters.programs++;
      counters.bytesProgrammed += bytes.length;
      put(address, bytes, bytes.length);
    },
    erase(address) {
      within(address, blockSize, blockSize);
      flash.before?.({ index: counters.operations, address, bytes: undefined });
      counters.operations++;
      counters.erases++;
      const block = address / blockSize;
      erasures[block]++;
      if (flash.worn.has(block)) return;
      cells.fill(0xff, address, address + blockSize);
      if (flash.weak.has(block)) cells[address + ((erasures[block] * 37) % blockSize)] = 0xbf;
      programmed.fill(0, address / writeSize, (address + blockSize) / writeSize);
    },
    fork() {
      const copy = createNorFlash({ ...options, cells: cells.slice(), programmedUnits: programmed.slice() });
      for (const block of flash.worn) copy.worn.add(block);
      for (const block of flash.weak) copy.weak.add(block);
      return copy;
    },
    tear(operation, tear) {
      const { address, bytes } = operation;
      if (tear.kind === "program") {
        if (!bytes) throw new Error("an erase can't be torn like a program");
        put(address, bytes, tear.count);
        const unit = Math.floor((address + tear.count) / writeSize);
        if (tear.count === bytes.length || (tear.seed === undefined && tear.count % writeSize === 0)) return;
        const random = randomNumbers(tear.seed ?? 0);
        for (let i = address + tear.count; i < (unit + 1) * writeSize; i++) cells[i] &= bytes[i - address] | random();
        programmed[unit] = 1;
        return;
      }
      const random = randomNumbers(tear.seed);
      const end = address + (tear.kind === "half" ? blockSize / 2 : blockSize);
      for (let i = address; i < end; i++)
        cells[i] = tear.kind === "random" ? random() : tear.kind === "weak" ? cells[i] | random() : 0xff;
      programmed.fill(1, address / writeSize, (address + blockSize) / writeSize);
    },
  };
  return flash;
}
