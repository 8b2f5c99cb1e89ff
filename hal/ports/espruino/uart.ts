import { halError } from "../../contract/error.js";
import type { Uart, UartConfig } from "../../contract/uart.js";
import { bytesOf } from "./bytes.js";
import { guard } from "./fault.js";
import type { NativeSerial } from "./natives.js";

declare var global: Record<string, NativeSerial | undefined>;

/** Pins by Espruino's names; those that are left out are the port's own. */
export interface UartPins {
  tx?: string;
  rx?: string;
}

/**
 * A serial port by Espruino's name, e.g. `Serial1`. Must not be the one that has the prompt.
 * Writing waits while the transmit buffer (128 or 256 bytes) is full, so `Overrun` doesn't happen.
 * @throws HalError `Unsupported` when the board has no such port or refuses the parity or stop bits
 */
export function openUart(name: string, pins: UartPins, config: UartConfig): Uart {
  var port = global[name] as NativeSerial;
  if (!port) throw halError("Unsupported", name + ": no such port on this board");
  guard(name, ["upported", "Unsupported"], function () {
    port.setup(config.baud, { tx: pins.tx, rx: pins.rx, parity: config.parity, stopbits: config.stopBits });
  });
  var end = function (): void {};
  return {
    write: function (bytes) {
      guard(name, [], function () {
        port["write"](bytes);
      });
    },
    onData: function (handler) {
      end();
      function listen(data: string): void {
        handler(bytesOf(data));
      }
      port.on("data", listen);
      return (end = function () {
        port.removeListener("data", listen);
      });
    },
  };
}
