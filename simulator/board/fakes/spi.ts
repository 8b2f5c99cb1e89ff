import type { SpiDevice, SpiMode } from "../../../hal/contract/index.js";
import type { SimulatedPin } from "../pin.js";
import type { SpiBus } from "../spi-bus.js";

/** A device behind its chip select, which becomes an output and high. The bus follows `mode` at each transfer. */
export function spiDevice(bus: SpiBus, chipSelect: SimulatedPin, mode: SpiMode): SpiDevice {
  chipSelect.write(true);
  chipSelect.setMode("output");
  const selected = <T>(work: () => T): T => {
    bus.setup(mode);
    chipSelect.write(false);
    try {
      return work();
    } finally {
      chipSelect.write(true);
    }
  };
  return {
    read: (length) => selected(() => bus.transfer(new Uint8Array(length))),
    write: (bytes) => {
      selected(() => bus.transfer(bytes));
    },
    transfer: (bytes) => selected(() => bus.transfer(bytes)),
    writeRead: (bytes, length) =>
      selected(() => {
        bus.transfer(bytes);
        return bus.transfer(new Uint8Array(length));
      }),
  };
}
