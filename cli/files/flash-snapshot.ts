import type { Flash } from "../../hal/contract/index.js";
import type { FlashGeometry } from "../../simulator/board/index.js";
import type { FileArea } from "./file-area.js";

/**
 * What an area holds at this moment, as a flash of its own: looking at it takes no time on the board, counts no
 * operation, and changes nothing there.
 * @param area within one of the chip's regions
 * @param cells of the whole chip, region after region
 */
export function flashSnapshot(geometry: FlashGeometry, area: FileArea, cells: Uint8Array): Flash {
  let offset = 0;
  for (const { address, bytes } of geometry.regions) {
    if (area.address >= address && area.address < address + bytes) {
      offset += area.address - address;
      break;
    }
    offset += bytes;
  }
  const copy = cells.slice(offset, offset + area.bytes);
  return {
    size: copy.length,
    blockSize: area.blockBytes,
    writeSize: geometry.writeBytes,
    reprogrammable: geometry.reprogrammable,
    read: (address, length) => copy.slice(address, address + length),
    program: (address, bytes) => bytes.forEach((byte, index) => (copy[address + index] &= byte)),
    erase: (address) => void copy.fill(0xff, address, address + area.blockBytes),
  };
}
