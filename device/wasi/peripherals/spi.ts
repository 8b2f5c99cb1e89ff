/** `/dev/spi/<name>`: each call is one transfer under the device's chip select. */
import type { SpiDevice } from "../../../hal/contract/index.js";
import type { Descriptor } from "../guest.js";
import { openRegisters } from "./registers.js";

/** Parts that mark a read in the register's number, as most do with bit 7, want it in the offset of `pread`. */
export function openSpi(device: SpiDevice): Descriptor {
  return openRegisters(
    function (length) {
      return device.read(length);
    },
    function (bytes) {
      device.write(bytes);
    },
    function (bytes, length) {
      return device.writeRead(bytes, length);
    },
  );
}
