import { type Flash, halError } from "../../hal/contract/index.js";
import type { FlashGeometry, FlashRegion, NorFlash } from "./nor-flash.js";

/**
 * The contract's flash over ranges of a chip, one after the other, with addresses from 0.
 * @param ranges each whole blocks within one region
 * @param name for messages. Throws a plain `Error` when there are no ranges, or their blocks differ or are cut.
 */
export function flashWindow(
  chip: NorFlash,
  geometry: FlashGeometry,
  ranges: readonly FlashRegion[],
  name = ranges[0]?.name,
): Flash {
  if (ranges.length === 0) throw new Error(`the flash has no region ${name}`);
  const { blockBytes } = ranges[0];
  const { writeBytes, reprogrammable } = geometry;
  for (const range of ranges) {
    if (range.blockBytes !== blockBytes)
      throw new Error(`flash ${name}: blocks of ${range.blockBytes} and of ${blockBytes} bytes can't be one area`);
    const region = geometry.regions.find(
      (each) => range.address >= each.address && range.address < each.address + each.bytes,
    );
    if (!region || (range.address - region.address) % blockBytes !== 0 || range.bytes % blockBytes !== 0)
      throw new Error(`flash ${name}: ${range.bytes} bytes there aren't whole blocks of ${blockBytes}`);
  }
  const size = ranges.reduce((sum, range) => sum + range.bytes, 0);

  /** Calls `visit` with chip addresses for each part of the range that lies in one region. */
  const spans = (address: number, length: number, visit: (chip: number, start: number, bytes: number) => void) => {
    if (!(address >= 0 && length >= 0 && address + length <= size))
      throw halError("OutOfBounds", `flash ${name}: ${length} bytes at ${address} are beyond its ${size} bytes`);
    let base = 0;
    for (const range of ranges) {
      const from = Math.max(address, base);
      const to = Math.min(address + length, base + range.bytes);
      if (from < to) visit(range.address + from - base, from - address, to - from);
      base += range.bytes;
    }
  };
  return {
    size,
    blockSize: blockBytes,
    writeSize: writeBytes,
    reprogrammable,
    read: (address, length) => {
      if (!(length >= 0)) throw halError("OutOfBounds", `flash ${name}: a length of ${length}`);
      const result = new Uint8Array(Math.min(length, size));
      spans(address, length, (from, start, bytes) => result.set(chip.read(from, bytes), start));
      return result;
    },
    program: (address, bytes) => {
      if (address % writeBytes !== 0 || bytes.length % writeBytes !== 0)
        throw halError(
          "NotAligned",
          `flash ${name}: ${bytes.length} bytes at ${address}, but programs begin and end at multiples of ${writeBytes}`,
        );
      spans(address, bytes.length, (to, start, length) => chip.program(to, bytes.subarray(start, start + length)));
    },
    erase: (address) => {
      if (address % blockBytes !== 0)
        throw halError("NotAligned", `flash ${name}: ${address} isn't a multiple of its blocks of ${blockBytes} bytes`);
      spans(address, blockBytes, (at) => chip.erase(at));
    },
  };
}
