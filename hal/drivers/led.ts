import type { Clock } from "../contract/clock.js";
import type { StatefulOutputPin } from "../contract/digital.js";

/** How the LED is wired. */
export interface LedOptions {
  /** Whether the LED is lit while the pin is low: to the supply. */
  activeLow?: boolean;
}

/** An LED. Methods throw `HalError` where its pin does. */
export interface Led {
  on(): void;
  off(): void;
  toggle(): void;
  isOn(): boolean;
  /**
   * Lights up and goes dark by turns, for the times given, over and over, starting lit.
   * Ends when `on`, `off`, `toggle` or another `blink` is called, or with the function that it returns, which leaves
   * the LED dark.
   * @param microseconds lit, dark, lit, dark, …: an even number of them
   */
  blink(microseconds: readonly number[]): () => void;
}

/**
 * An LED on a pin. All methods throw the pin's `HalError`.
 * @param clock what blinking goes by
 */
export function openLed(pin: StatefulOutputPin, clock: Clock, options: LedOptions): Led {
  var cancel: (() => void) | undefined;
  /** Counts what was asked for, so that an old blinking can't end a newer one. */
  var request = 0;
  function show(lit: boolean): void {
    pin.setState(lit !== !!options.activeLow);
  }
  function still(): void {
    request++;
    if (cancel) cancel();
    cancel = undefined;
  }
  function set(lit: boolean): void {
    still();
    show(lit);
  }
  function isOn(): boolean {
    return pin.isSetHigh() !== !!options.activeLow;
  }
  return {
    on: function () {
      set(true);
    },
    off: function () {
      set(false);
    },
    toggle: function () {
      set(!isOn());
    },
    isOn: isOn,
    blink: function (microseconds) {
      function from(index: number): void {
        show(!(index & 1));
        cancel = clock.after(microseconds[index], function () {
          from((index + 1) % microseconds.length);
        });
      }
      still();
      var mine = request;
      from(0);
      return function () {
        if (request === mine) set(false);
      };
    },
  };
}
