import { HEADER, HEADER_SIZE, MAGIC, NONE } from "../../device/fs/record.js";
import type { Flash } from "../../hal/contract/index.js";
import { crc32 } from "../../simulator/engine/crc32.js";

/** What a look at all records tells that the file system itself can't. */
export interface LogScan {
  /** Blocks, from 0, in which whole records can't be found, since one before them is damaged. */
  readonly damaged: readonly number[];
  /** Bytes programmed for each byte that users wrote, over the life of the file system; undefined while that is short. */
  readonly writeAmplification: number | undefined;
}

/** The format's units on a part (device/fs/SPEC.md). */
interface Layout {
  readonly unit: number;
  /** What the CRC of each record begins with. */
  readonly geometry: number;
}

interface Block {
  readonly place: number;
  /** The block's number, the number of the log's oldest block, and what users wrote until it was opened, in bytes. */
  readonly number: number;
  readonly oldest: number;
  readonly userBytes: number;
}

/** Looks at every record of a file system's log, as device/fs/SPEC.md describes it. Changes nothing. */
export function scanLog(flash: Flash): LogScan {
  const layout = layoutOf(flash);
  const blocks: Block[] = [];
  for (let place = 0; place < flash.size / flash.blockSize; place++) {
    const block = openBlock(flash, layout, place);
    if (block) blocks.push(block);
  }
  if (blocks.length === 0) return { damaged: [], writeAmplification: undefined };
  const newest = blocks.reduce((best, block) => (block.number > best.number ? block : best));
  const live = blocks.filter(({ number }) => number >= newest.oldest);
  return {
    damaged: live.filter(({ place }) => hidesRecords(flash, layout, place)).map(({ place }) => place),
    writeAmplification: amplification(newest, flash),
  };
}

function layoutOf({ size, blockSize, writeSize }: Flash): Layout {
  let unit = Math.max(4, writeSize);
  while (size / unit > 65536) unit *= 2;
  return { unit, geometry: (size / blockSize) * 65536 + blockSize / 4 + unit };
}

function openBlock(flash: Flash, layout: Layout, place: number): Block | undefined {
  const cells = flash.read(place * flash.blockSize, flash.blockSize);
  const view = new DataView(cells.buffer, cells.byteOffset);
  if (recordAt(cells, place, 0, layout) === undefined || view.getUint16(4, true) >> 10 !== HEADER) return undefined;
  const word = (index: number): number => view.getUint32(HEADER_SIZE + 4 * index, true);
  if (word(0) !== MAGIC) return undefined;
  return { place, number: word(1), oldest: word(2), userBytes: word(3) };
}

/** Where the record at an offset of a block ends, going by its length; undefined where that can't be one. */
function endOf(cells: Uint8Array, offset: number, unit: number): number | undefined {
  if (offset + HEADER_SIZE > cells.length) return undefined;
  const what = new DataView(cells.buffer, cells.byteOffset).getUint16(offset + 4, true);
  const end = offset + Math.ceil((what & 1023) / unit) * unit;
  return (what & 1023) < HEADER_SIZE || what >> 10 >= NONE || end > cells.length ? undefined : end;
}

/** Where a record ends whose CRC is right; undefined where there is none. */
function recordAt(cells: Uint8Array, place: number, offset: number, { unit, geometry }: Layout): number | undefined {
  const end = endOf(cells, offset, unit);
  if (end === undefined) return undefined;
  const address = (place * cells.length + offset) / unit;
  const crc = crc32(cells.subarray(offset + 4, end)) ^ address ^ geometry;
  return crc >>> 0 === new DataView(cells.buffer, cells.byteOffset).getUint32(offset, true) ? end : undefined;
}

/**
 * Whether records can't be found. The file system goes from one to the next by their lengths. Behind a torn record nothing
 * is written in its block, so a whole one behind a place where that way ends says that something was damaged later.
 */
function hidesRecords(flash: Flash, { unit, geometry }: Layout, place: number): boolean {
  const cells = flash.read(place * flash.blockSize, flash.blockSize);
  let offset = 0;
  for (let end = endOf(cells, offset, unit); end !== undefined; end = endOf(cells, offset, unit)) offset = end;
  const blank = (at: number): boolean => cells.subarray(at, at + unit).every((byte) => byte === 0xff);
  if (offset >= cells.length || blank(offset)) return false;
  for (let at = offset + unit; at < cells.length; at += unit)
    if (!blank(at) && recordAt(cells, place, at, { unit, geometry }) !== undefined) return true;
  return false;
}

/** Every block before the newest was filled once; what users wrote is counted modulo 2^32. */
function amplification({ number, userBytes }: Block, { blockSize }: Flash): number | undefined {
  const programmed = number * blockSize;
  return number < 4 || userBytes === 0 || programmed > 2 ** 32 ? undefined : programmed / userBytes;
}
