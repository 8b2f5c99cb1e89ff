import type { Flash } from "../../hal/contract/index.js";
import type { FlashGeometry, FlashRegion } from "../../simulator/board/index.js";

/**
 * What a region holds at this moment, as a flash of its own: looking at it takes no time on the board, counts no
 * operation, and changes nothing there.
 * @param cells of the whole chip, region after region
 */
export function flashSnapshot(geometry: FlashGeometry, region: FlashRegion, cells: Uint8Array): Flash {
  const before = geometry.regions.slice(0, geometry.regions.indexOf(region));
  const offset = before.reduce((sum, { bytes }) => sum + bytes, 0);
  const copy = cells.slice(offset, offset + region.bytes);
  return {
    size: copy.length,
    blockSize: region.blockBytes,
    writeSize: geometry.writeBytes,
    reprogrammable: geometry.reprogrammable,
    read: (address, length) => copy.slice(address, address + length),
    program: (address, bytes) => bytes.forEach((byte, index) => (copy[address + index] &= byte)),
    erase: (address) => void copy.fill(0xff, address, address + region.blockBytes),
  };
}
