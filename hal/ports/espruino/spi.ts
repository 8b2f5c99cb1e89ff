import { halError } from "../../contract/error.js";
import type { SpiDevice, SpiMode } from "../../contract/spi.js";
import { openOutput } from "./digital.js";
import { guard } from "./fault.js";
import type { NativeSpi } from "./natives.js";

declare var global: Record<string, NativeSpi | undefined>;

/** Pins by Espruino's names; those that are left out are the bus's own (on nRF52 there are none). */
export interface SpiPins {
  sck?: string;
  mosi?: string;
  miso?: string;
}

/**
 * A device on an SPI bus by Espruino's name, e.g. `SPI1`. The bus is set up once: devices on one bus share its mode.
 * @param chipSelect the pin that is low while this device is spoken to
 * @throws HalError `Unsupported` when the board has no such bus or pin, `Other` for pins that the bus refuses
 */
export function openSpi(name: string, pins: SpiPins, mode: SpiMode, chipSelect: string): SpiDevice {
  var bus = global[name] as NativeSpi;
  if (!bus) throw halError("Unsupported", name + ": no such bus on this board");
  var select = openOutput(chipSelect, true);
  guard(name, [], function () {
    bus.setup({
      sck: pins.sck,
      mosi: pins.mosi,
      miso: pins.miso,
      mode: mode.mode,
      order: mode.bitOrder,
      baud: mode.hertz,
    });
  });
  function selected(transfer: () => Uint8Array | void): Uint8Array {
    return guard(name + " " + chipSelect, [], function () {
      select.setLow();
      try {
        return transfer() || new Uint8Array(0);
      } finally {
        select.setHigh();
      }
    });
  }
  function receive(length: number): Uint8Array | void {
    return length ? bus.send({ data: 0, count: length }) : undefined;
  }
  return {
    read: function (length) {
      return selected(function () {
        return receive(length);
      });
    },
    write: function (bytes) {
      selected(function () {
        bus["write"](bytes);
      });
    },
    transfer: function (bytes) {
      return selected(function () {
        return bytes.length ? bus.send(bytes) : undefined;
      });
    },
    writeRead: function (bytes, length) {
      return selected(function () {
        bus["write"](bytes);
        return receive(length);
      });
    },
  };
}
