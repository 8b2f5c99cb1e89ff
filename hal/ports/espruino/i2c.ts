import { halError } from "../../contract/error.js";
import type { I2c } from "../../contract/i2c.js";
import { guard } from "./fault.js";
import type { NativeI2c } from "./natives.js";

declare var global: Record<string, NativeI2c | undefined>;

/** Pins by Espruino's names; those that are left out are the bus's own (on nRF52 there are none). */
export interface I2cOptions {
  scl?: string;
  sda?: string;
  /** Bits per second, 100,000 unless given. */
  bitrate?: number;
}

/**
 * What the targets say of a transfer that failed: nRF5x (numbers of its TWI driver), STM32, RP2040, ESP32, ESP8266 and
 * the software bus, which ignores a missing acknowledge altogether.
 */
const I2C_FAULTS: readonly string[] = [
  "33281",
  "NoAcknowledgeAddress",
  "33282",
  "NoAcknowledgeData",
  "33280",
  "Overrun",
  "ACK",
  "NoAcknowledgeUnknown",
  "not responding",
  "NoAcknowledgeUnknown",
  "I/O error",
  "NoAcknowledgeUnknown",
  "Arbitration",
  "ArbitrationLoss",
  "Transmit Mode",
  "NoAcknowledgeAddress",
  "Receive Mode",
  "NoAcknowledgeAddress",
  "imeout",
  "Bus",
  "busy",
  "Bus",
];

/**
 * An I2C bus by Espruino's name, e.g. `I2C1`.
 *
 * Espruino sends nothing at all for a write without bytes, so a probe reads one byte and drops it.
 * @throws HalError `Unsupported` when the board has no such bus, `Other` for pins that it refuses
 */
export function openI2c(name: string, options: I2cOptions): I2c {
  var bus = global[name] as NativeI2c;
  if (!bus) throw halError("Unsupported", name + ": no such bus on this board");
  guard(name, [], function () {
    bus.setup(options);
  });
  function transfer(address: number, bytes: ArrayLike<number>, length: number): Uint8Array {
    return guard(name + " 0x" + address.toString(16), I2C_FAULTS, function () {
      if (bytes.length) bus.writeTo({ address: address, stop: !length }, bytes);
      else if (!length) bus.readFrom(address, 1);
      return length ? bus.readFrom(address, length) : new Uint8Array(0);
    });
  }
  return {
    read: function (address, length) {
      return transfer(address, [], length);
    },
    write: function (address, bytes) {
      transfer(address, bytes, 0);
    },
    writeRead: transfer,
  };
}
