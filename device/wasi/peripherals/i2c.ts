/** `/dev/i2c/<bus>/<address>`: each call is one transaction with one device. */
import type { I2c } from "../../../hal/contract/index.js";
import type { Descriptor } from "../guest.js";
import { openRegisters } from "./registers.js";

/** @param address 7 bits, not shifted */
export function openI2c(bus: I2c, address: number): Descriptor {
  return openRegisters(
    function (length) {
      return bus.read(address, length);
    },
    function (bytes) {
      bus.write(address, bytes);
    },
    function (bytes, length) {
      return bus.writeRead(address, bytes, length);
    },
  );
}
