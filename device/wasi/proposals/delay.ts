/** `wasi:gpio/delay@0.2.0`: https://github.com/WebAssembly/wasi-gpio/blob/main/wit/delay.wit */
import type { Guest } from "../guest.js";

function wait(guest: Guest, microseconds: number): number {
  return guest.wait(function (done) {
    return guest.clock.after(microseconds, function () {
      done(0);
    });
  });
}

/** `delay-ns`: waits at least so many nanoseconds, up to the next whole microsecond. */
export function delayNs(guest: Guest, nanoseconds: number): number {
  return wait(guest, Math.ceil((nanoseconds >>> 0) / 1000));
}

/** `delay-us`: waits at least so many microseconds. */
export function delayUs(guest: Guest, microseconds: number): number {
  return wait(guest, microseconds >>> 0);
}

/** `delay-ms`: waits at least so many milliseconds. */
export function delayMs(guest: Guest, milliseconds: number): number {
  return wait(guest, (milliseconds >>> 0) * 1000);
}
