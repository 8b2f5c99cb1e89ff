import type { Watchdog } from "../../contract/watchdog.js";
import { guard } from "./fault.js";
import type { NativeE } from "./natives.js";

declare var E: NativeE;

/**
 * The chip's watchdog. It can't be stopped again, on nRF52 not even by `reset()`: `load()` or a power cycle starts over.
 * `start` throws HalError `Unsupported` for a time that the chip can't count (STM32F4: 13 ms to 26 s; RP2040: 1 ms to 8.3 s).
 */
export const watchdog: Watchdog = {
  start: function (timeoutMicroseconds) {
    guard("watchdog", ["exceeded", "Unsupported", "not a function", "Unsupported"], function () {
      E.enableWatchdog(timeoutMicroseconds / 1e6, false);
    });
  },
  feed: function () {
    E.kickWatchdog();
  },
};
