import type { Clock } from "../../contract/clock.js";

declare var global: { setTime?: (seconds: number) => void };
declare function getTime(): number;
declare function setTime(seconds: number): void;
declare function setTimeout(handler: () => void, milliseconds: number): number;
declare function clearTimeout(id: number): void;

/** Microseconds: the step of the slowest clock that Espruino counts with, 32,768 Hz on nRF52. Others step by 1 us. */
export const RESOLUTION = 31;

/** Microseconds since 1970. */
export function realtime(): number {
  return getTime() * 1e6;
}

/**
 * Monotonic time in microseconds.
 *
 * Espruino has one clock, `getTime`, which `setTime` moves. So that monotonic time doesn't leap when a program or an
 * IDE sets the date, this puts a `setTime` of its own over Espruino's, which takes the leap back out.
 * Where something else sets the clock back, monotonic time stands still instead.
 */
export function openMonotonic(): () => number {
  var nativeSetTime = setTime;
  /** Seconds. */
  var offset = 0;
  var latest = 0;
  global.setTime = function (seconds) {
    offset += getTime();
    nativeSetTime(seconds);
    offset -= getTime();
  };
  return function () {
    var now = getTime();
    if (now + offset < latest) offset = latest - now;
    latest = now + offset;
    return latest * 1e6;
  };
}

/** Espruino's timers count on when the date is set. */
export function after(microseconds: number, handler: () => void): () => void {
  var timer = setTimeout(function () {
    // The number may be another timer's from now on.
    timer = 0;
    handler();
  }, microseconds / 1000);
  return function () {
    if (timer) clearTimeout(timer);
    timer = 0;
  };
}

/** All of the board's clock. */
export function openClock(): Clock {
  return { monotonic: openMonotonic(), realtime: realtime, resolution: RESOLUTION, after: after };
}
