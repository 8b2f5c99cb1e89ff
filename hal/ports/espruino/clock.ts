import type { Clock } from "../../contract/clock.js";

declare var global: { setTime?: (seconds: number) => void };
declare function getTime(): number;
declare function setTime(seconds: number): void;
declare function setTimeout(handler: () => void, milliseconds: number): number;
declare function clearTimeout(id: number): void;

/**
 * The board's clock.
 *
 * Espruino has one clock, `getTime`, which `setTime` moves. So that monotonic time doesn't leap when a program or an
 * IDE sets the date, this puts a `setTime` of its own over Espruino's, which takes the leap back out.
 * Where something else sets the clock back, monotonic time stands still instead.
 */
export function openClock(): Clock {
  var nativeSetTime = setTime;
  /** Seconds. */
  var offset = 0;
  var latest = 0;
  global.setTime = function (seconds) {
    var before = getTime();
    nativeSetTime(seconds);
    offset += before - getTime();
  };
  function monotonic(): number {
    var now = getTime() + offset;
    if (now < latest) {
      offset += latest - now;
      now = latest;
    }
    latest = now;
    return now * 1e6;
  }
  return {
    monotonic: monotonic,
    realtime: function () {
      return getTime() * 1e6;
    },
    // The slowest clock that Espruino counts with: 32,768 Hz on nRF52. Others step by 1 us.
    resolution: 31,
    after: function (microseconds, handler) {
      var due = monotonic() + microseconds;
      var timer: number | undefined;
      function wait(): void {
        var left = due - monotonic();
        if (left > 0) timer = setTimeout(wait, left / 1000);
        else {
          timer = undefined;
          handler();
        }
      }
      timer = setTimeout(wait, microseconds / 1000);
      return function () {
        // A number that has run out may be another timer's by now.
        if (timer !== undefined) clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}
