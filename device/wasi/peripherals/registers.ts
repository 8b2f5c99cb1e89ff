/** What I2C and SPI devices have in common: transactions of bytes, and registers by their number. */
import { INVAL } from "../errno.js";
import type { Descriptor } from "../guest.js";
import { FD_READ, FD_SEEK, FD_WRITE } from "../rights.js";
import { stream } from "../stream.js";
import { attempt } from "./fault.js";
import { writeWhole } from "./text.js";

/**
 * A device on a bus.
 * @param read reads that many bytes
 * @param write writes the bytes
 * @param writeRead writes the bytes, and in the same transaction reads that many
 */
export function openRegisters(
  read: (length: number) => Uint8Array,
  write: (bytes: number[]) => void,
  writeRead: (bytes: number[], length: number) => Uint8Array,
): Descriptor {
  const device = stream(FD_READ | FD_WRITE | FD_SEEK);
  device.read = function (target, start, length, register) {
    if (register! > 255) return -INVAL;
    return attempt(function () {
      const bytes = register! >= 0 ? writeRead([register!], length) : read(length);
      for (let i = 0; i < bytes.length; i++) target[start + i] = bytes[i];
      return bytes.length;
    });
  };
  writeWhole(device, function (bytes, register) {
    if (register! > 255) return -INVAL;
    write(register! >= 0 ? [register!].concat(bytes) : bytes);
  });
  return device;
}
