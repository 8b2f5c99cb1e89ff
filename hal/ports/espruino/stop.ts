/** What the prompt can stop, and a byte 3 of a device that the prompt isn't on. */
export interface Stoppable {
  ristretto: { stop(): void };
}

declare var global: Partial<Stoppable>;

/**
 * Offers `ristretto.stop()` at the prompt.
 *
 * Espruino tells a program nothing of Ctrl-C: it ends code that has run on for two turns of its SysTick, about half a
 * second, and otherwise clears the prompt's line. So whoever has the terminal says it in words: `ristretto console` does,
 * after Ctrl-C.
 */
export function offerStop(stop: () => void): void {
  global.ristretto = { stop: stop };
}

/** The same for one of several guests: all of them are stopped. */
export function offerStopOfAll(stop: () => void): void {
  var before = global.ristretto;
  global.ristretto = {
    stop: function () {
      if (before) before.stop();
      stop();
    },
  };
}
