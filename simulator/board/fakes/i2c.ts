import type { I2c } from "../../../hal/contract/index.js";
import type { I2cBus } from "../i2c-bus.js";

/** A controller of the bus. @param hertz 100,000 or 400,000 as the parts allow */
export function i2cController(bus: I2cBus, hertz = 100_000): I2c {
  bus.setup(hertz);
  return {
    read: (address, length) => bus.read(address, length),
    write: (address, bytes) => bus.write(address, bytes),
    writeRead: (address, bytes, length) => bus.transact(address, [{ write: bytes }, { read: length }])[0],
  };
}
