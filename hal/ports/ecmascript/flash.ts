import { halError } from "../../contract/error.js";
import type { Flash } from "../../contract/flash.js";

/**
 * NOR flash in RAM: forgets everything when the interpreter ends.
 * @param size bytes, a multiple of `blockSize`
 * @param blockSize bytes erased at once, a power of two
 * @param writeSize bytes programmed at once
 */
export function openRamFlash(size: number, blockSize: number, writeSize: 1 | 2 | 4 | 8 | 16): Flash {
  var cells = new Uint8Array(size);
  for (var i = 0; i < size; i++) cells[i] = 255;
  function check(address: number, length: number, unit: number): void {
    if (address < 0 || length < 0 || address + length > size)
      throw halError("OutOfBounds", "flash: " + length + " bytes at " + address + " of " + size);
    if ((address | length) & (unit - 1))
      throw halError("NotAligned", "flash: " + address + " isn't a multiple of " + unit);
  }
  return {
    size: size,
    blockSize: blockSize,
    writeSize: writeSize,
    reprogrammable: true,
    read: function (address, length) {
      check(address, length, 1);
      return new Uint8Array(cells.subarray(address, address + length));
    },
    program: function (address, bytes) {
      check(address, bytes.length, writeSize);
      for (var i = 0; i < bytes.length; i++) cells[address + i] &= bytes[i];
    },
    erase: function (address) {
      check(address, blockSize, blockSize);
      for (var i = 0; i < blockSize; i++) cells[address + i] = 255;
    },
  };
}
