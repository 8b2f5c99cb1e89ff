import { type Flash, halError } from "../../hal/contract/index.js";
import { RandomGenerator } from "../core/random-generator.js";
import { type BoardHost, ProcessorStopped } from "./board-host.js";
import type { FlashBacking } from "./flash-backing.js";
import { PowerCut, type PowerCutPlan, tearErase, tearProgram } from "./power-cut.js";
import type { FlashTiming } from "./flash-timing.js";
import { flashWindow } from "./flash-window.js";

/** A range of the chip that the simulation has. */
export interface FlashRegion {
  /** What it is for: `storage`, `free`. */
  readonly name: string;
  /** On the chip, as `require("Flash")` counts. */
  readonly address: number;
  /** A multiple of `blockBytes`. */
  readonly bytes: number;
  /** Erase unit in bytes. */
  readonly blockBytes: number;
}

/** How a flash is laid out; sizes in bytes. */
export interface FlashGeometry {
  /** In the order in which an image has them. */
  readonly regions: readonly FlashRegion[];
  readonly writeBytes: number;
  readonly reprogrammable: boolean;
}

/** What was done to a flash since it was made. */
export interface FlashCounters {
  reads: number;
  bytesRead: number;
  programs: number;
  bytesProgrammed: number;
  erases: number;
}

/** How a worn block fails; it never tells, it just reads back wrong. */
export type BlockDefect =
  /** Some cells stay 0 after an erase. */
  | "erase"
  /** Some cells stay 1 after a program. */
  | "program";

/**
 * NOR flash as the part behaves: programming clears bits, erasing a block sets them, both take the processor's
 * time, blocks wear out, and the supply may go away in the middle. Addresses are those on the chip.
 * Methods throw `HalError`, or `PowerLoss` when the board is off or goes off.
 */
export class NorFlash {
  readonly counters: FlashCounters = { reads: 0, bytesRead: 0, programs: 0, bytesProgrammed: 0, erases: 0 };
  readonly #host: BoardHost;
  readonly #backing: FlashBacking;
  readonly #timing: FlashTiming;
  readonly #random: RandomGenerator;
  readonly #defects = new Map<number, BlockDefect>();
  /** Units programmed since the last erase, where the part forbids doing it twice. */
  readonly #programmed: Uint8Array | undefined;
  readonly #cut: PowerCut;

  /**
   * @param endurance erases after which a block gets an `erase` defect; never when absent
   */
  constructor(
    readonly geometry: FlashGeometry,
    backing: FlashBacking,
    timing: FlashTiming,
    host: BoardHost,
    seed: number,
    private readonly endurance = Infinity,
  ) {
    const { writeBytes, regions } = geometry;
    const total = flashBytes(geometry);
    for (const { name, bytes, blockBytes } of regions)
      if (bytes % blockBytes !== 0)
        throw new Error(`flash region ${name} of ${bytes} bytes isn't a multiple of its blocks of ${blockBytes} bytes`);
    if (backing.cells.length !== total)
      throw new Error(`the flash has ${total} bytes, but its image has ${backing.cells.length}`);
    this.#host = host;
    this.#backing = backing;
    this.#timing = timing;
    this.#random = RandomGenerator.forPurpose(seed, "flash");
    this.#cut = new PowerCut();
    if (!geometry.reprogrammable) {
      this.#programmed = new Uint8Array(total / writeBytes);
      for (let i = 0; i < total; i++) if (backing.cells[i] !== 0xff) this.#programmed[Math.floor(i / writeBytes)] = 1;
    }
  }

  /** Erases of each block, region after region. */
  get wear(): Uint32Array {
    return this.#backing.wear;
  }

  /** Any range within one region; a copy. Throws `HalError` of kind `OutOfBounds`. */
  read(address: number, length: number): Uint8Array {
    const { offset } = this.#locate(address, length);
    this.#host.spend(length * this.#timing.readByte);
    this.counters.reads++;
    this.counters.bytesRead += length;
    return this.#backing.cells.slice(offset, offset + length);
  }

  /**
   * Clears the bits that are 0 in `bytes`. Throws `HalError` of kind `OutOfBounds` or `NotAligned`, or `Other`
   * for a unit that was programmed already on a part that forbids it; then nothing was programmed.
   */
  program(address: number, bytes: Uint8Array): void {
    this.#host.spend(0);
    const { writeBytes } = this.geometry;
    const { offset } = this.#locate(address, bytes.length);
    if (address % writeBytes !== 0 || bytes.length % writeBytes !== 0)
      throw halError(
        "NotAligned",
        `flash ${hex(address)}: ${bytes.length} bytes, but programs begin and end at multiples of ${writeBytes}`,
      );
    if (this.#programmed)
      for (let unit = offset / writeBytes; unit < (offset + bytes.length) / writeBytes; unit++)
        if (this.#programmed[unit])
          throw halError(
            "Other",
            `flash ${hex(address - offset + unit * writeBytes)}: programmed already, and this part allows it once after an erase`,
          );
    const moment = this.#cut.next();
    if (moment === "before") this.#lose(`cut before programming ${hex(address)}`);
    const time = this.#timing.programCall + (bytes.length / writeBytes) * this.#timing.programUnit;
    this.#whileBusy(time, moment, `programming ${hex(address)}`, (torn) => {
      this.#clear(address, offset, torn ? tearProgram(bytes, writeBytes, this.#random, this.#cut.plan) : bytes);
      this.counters.programs++;
      this.counters.bytesProgrammed += bytes.length;
      this.#host.events.emit({ type: "flash", operation: "program", address, bytes: bytes.length });
    });
  }

  /** Sets the block that begins at `address`. Throws `HalError` of kind `OutOfBounds` or `NotAligned`. */
  erase(address: number): void {
    this.#host.spend(0);
    const { writeBytes } = this.geometry;
    const { offset, block, region } = this.#locate(address, 1);
    const { blockBytes } = region;
    if ((address - region.address) % blockBytes !== 0)
      throw halError("NotAligned", `flash ${hex(address)}: blocks there begin at multiples of ${blockBytes} bytes`);
    const moment = this.#cut.next();
    if (moment === "before") this.#lose(`cut before erasing ${hex(address)}`);
    this.#whileBusy(this.#timing.eraseBlock(blockBytes), moment, `erasing ${hex(address)}`, (torn) => {
      const cells = this.#backing.cells.subarray(offset, offset + blockBytes);
      const worn = this.#defects.get(block) === "erase" || this.#backing.wear[block] >= this.endurance;
      if (torn) tearErase(cells, this.#random);
      else if (worn) this.#eraseWorn(cells);
      else cells.fill(0xff);
      this.#programmed?.fill(0, offset / writeBytes, (offset + blockBytes) / writeBytes);
      this.#backing.wear[block]++;
      this.#backing.cellsChanged(offset, blockBytes);
      this.#backing.wearChanged(block);
      this.counters.erases++;
      this.#host.events.emit({ type: "flash", operation: "erase", address, bytes: blockBytes });
    });
  }

  /** The cells as they are, without time or counters; for tools and tests. A copy. */
  peek(address: number, length: number): Uint8Array {
    const { offset } = this.#locate(address, length);
    return this.#backing.cells.slice(offset, offset + length);
  }

  /**
   * The cells themselves, as a processor sees flash that is mapped into its memory: without time or counters, and to be
   * read only.
   */
  mapped(address: number, length: number): Uint8Array {
    const { offset } = this.#locate(address, length);
    return this.#backing.cells.subarray(offset, offset + length);
  }

  /** Sets cells as a programmer on the bench would, without time or counters. */
  poke(address: number, bytes: Uint8Array): void {
    const { offset } = this.#locate(address, bytes.length);
    this.#backing.cells.set(bytes, offset);
    this.#backing.cellsChanged(offset, bytes.length);
    if (this.#programmed)
      for (let i = 0; i < bytes.length; i++)
        this.#programmed[Math.floor((offset + i) / this.geometry.writeBytes)] = bytes[i] === 0xff ? 0 : 1;
  }

  /** From now on the block at `address` fails; undefined mends it. */
  setDefect(address: number, defect: BlockDefect | undefined): void {
    const { block } = this.#locate(address, 1);
    if (defect) this.#defects.set(block, defect);
    else this.#defects.delete(block);
  }

  /** Plans one power cut; undefined takes it back. See `PowerCutPlan`. */
  planPowerCut(plan: PowerCutPlan | undefined): void {
    this.#cut.arm(plan);
  }

  /** Programs and erases since the last `planPowerCut`, or since the flash was made. */
  get operations(): number {
    return this.#cut.operations;
  }

  /**
   * The contract's flash over `bytes` from `address` on, counted from 0; within one region, whole blocks.
   * Throws a plain `Error` otherwise.
   */
  window(address: number, bytes: number): Flash {
    const { region } = this.#locate(address, bytes);
    return flashWindow(this, this.geometry, [
      { name: `${region.name} at ${hex(address)}`, address, bytes, blockBytes: region.blockBytes },
    ]);
  }

  /**
   * The contract's flash over all regions of that name, one after the other, counted from 0.
   * Throws a plain `Error` when there is none, or when their blocks differ in size.
   */
  area(name: string): Flash {
    return flashWindow(
      this,
      this.geometry,
      this.geometry.regions.filter((region) => region.name === name),
      name,
    );
  }

  /**
   * Lets the time of an operation pass and changes the cells: torn when it was planned so, or when the processor
   * was stopped from outside meanwhile.
   */
  #whileBusy(time: number, moment: PowerCutPlan["moment"] | undefined, doing: string, change: (torn: boolean) => void) {
    try {
      this.#host.spend(time);
    } catch (error) {
      if (error instanceof ProcessorStopped) change(true);
      throw error;
    }
    change(moment === "torn");
    if (moment) this.#lose(`cut ${moment === "torn" ? "while" : "after"} ${doing}`);
  }

  /** Some cells stay as they are: a byte each 32 or so. */
  #eraseWorn(cells: Uint8Array): void {
    let stuck = this.#random.below(64);
    for (let i = 0; i < cells.length; i++) {
      if (i !== stuck) cells[i] = 0xff;
      else stuck += 1 + this.#random.below(64);
    }
  }

  #clear(address: number, offset: number, bytes: Uint8Array): void {
    const { writeBytes } = this.geometry;
    const cells = this.#backing.cells;
    for (let i = 0; i < bytes.length; i++) {
      const stuck = this.#defects.size > 0 && this.#defects.get(this.#locate(address + i, 1).block) === "program";
      cells[offset + i] &= stuck ? bytes[i] | this.#random.below(256) : bytes[i];
    }
    this.#programmed?.fill(1, offset / writeBytes, Math.ceil((offset + bytes.length) / writeBytes));
    if (bytes.length > 0) this.#backing.cellsChanged(offset, bytes.length);
  }

  #lose(cause: string): never {
    return this.#host.losePower(cause);
  }

  /** Where a range is: its region, its place in the image, and the block that it begins in, counted over the image. */
  #locate(address: number, length: number): { region: FlashRegion; offset: number; block: number } {
    let base = 0;
    let firstBlock = 0;
    for (const region of this.geometry.regions) {
      const within = address - region.address;
      if (within >= 0 && length >= 0 && within + length <= region.bytes)
        return { region, offset: base + within, block: firstBlock + Math.floor(within / region.blockBytes) };
      base += region.bytes;
      firstBlock += region.bytes / region.blockBytes;
    }
    throw halError("OutOfBounds", `flash ${hex(address)}: ${length} bytes there aren't in any region of this board`);
  }
}

/** Bytes in all regions together: the size of an image. */
export function flashBytes(geometry: FlashGeometry): number {
  return geometry.regions.reduce((sum, region) => sum + region.bytes, 0);
}

/** Blocks in all regions together. */
export function flashBlocks(geometry: FlashGeometry): number {
  return geometry.regions.reduce((sum, region) => sum + region.bytes / region.blockBytes, 0);
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
