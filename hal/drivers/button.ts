import type { Clock } from "../contract/clock.js";
import type { EdgePin } from "../contract/digital.js";

/** How the button is wired, and how long its contacts bounce. */
export interface ButtonOptions {
  /** Whether the pin is low while the button is pressed: to ground, with a pull-up. */
  activeLow?: boolean;
  /** Microseconds for which the level must stand still to count; 20,000 unless given. */
  debounceMicroseconds?: number;
}

/** A button that is watched. */
export interface Button {
  /** After debouncing. */
  isPressed(): boolean;
  /** Ends the watch; calling it twice does nothing more. */
  close(): void;
}

/**
 * A push button. Contacts bounce for some milliseconds; a change counts when no edge has come for the debounce time,
 * so a glitch shorter than that is no press, and nothing polls while nobody presses.
 * @param handler called from the event loop after each press and release, with the time of the change's last edge on
 * the monotonic clock in microseconds
 * @throws HalError if the pin can't be read or watched
 */
export function openButton(
  pin: EdgePin,
  clock: Clock,
  options: ButtonOptions,
  handler: (pressed: boolean, microseconds: number) => void,
): Button {
  var pause = options.debounceMicroseconds === undefined ? 20000 : options.debounceMicroseconds;
  var pressed = pin.isHigh() !== !!options.activeLow;
  var cancel: (() => void) | undefined;
  var stop = pin.onEdge("both", function (high, microseconds) {
    if (cancel) cancel();
    cancel = clock.after(pause, function () {
      cancel = undefined;
      var now = high !== !!options.activeLow;
      if (now === pressed) return;
      pressed = now;
      handler(now, microseconds);
    });
  });
  return {
    isPressed: function () {
      return pressed;
    },
    close: function () {
      stop();
      if (cancel) cancel();
      cancel = undefined;
    },
  };
}
