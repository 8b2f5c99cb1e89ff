import type { Flash } from "../../hal/contract/index.js";
import type { FlashGeometry } from "../../simulator/board/index.js";

/**
 * What the file system's flash holds at this moment, as a flash of its own: looking at it takes no time on the board,
 * counts no operation, and changes nothing there.
 * @param cells of the whole chip, region after region
 */
export function flashSnapshot(geometry: FlashGeometry, cells: Uint8Array): Flash {
  const pieces: Uint8Array[] = [];
  let blockSize = 0;
  let offset = 0;
  for (const { name, bytes, blockBytes } of geometry.regions) {
    if (name === "free") {
      pieces.push(cells.subarray(offset, offset + bytes));
      blockSize = blockBytes;
    }
    offset += bytes;
  }
  const copy = new Uint8Array(Buffer.concat(pieces));
  return {
    size: copy.length,
    blockSize,
    writeSize: geometry.writeBytes,
    reprogrammable: geometry.reprogrammable,
    read: (address, length) => copy.slice(address, address + length),
    program: (address, bytes) => bytes.forEach((byte, index) => (copy[address + index] &= byte)),
    erase: (address) => void copy.fill(0xff, address, address + blockSize),
  };
}
