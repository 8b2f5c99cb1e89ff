import type { PwmOutput } from "../../contract/pwm.js";
import { guard, PIN_FAULTS } from "./fault.js";
import type { NativePin } from "./natives.js";

declare var Pin: { new (name: string): NativePin };
declare function analogWrite(pin: NativePin, value: number, options: { freq: number; soft: boolean }): void;

/**
 * A PWM output, at 1,000 Hz and low until told otherwise; in software where no timer is free.
 * @param name Espruino's name of the pin, e.g. `D5`
 * @throws HalError `Unsupported` when the board has no such pin
 */
export function openPwm(name: string): PwmOutput {
  var pin = new Pin(name);
  var duty = 0;
  var frequency = 1000;
  function apply(): void {
    guard(name, PIN_FAULTS, function () {
      analogWrite(pin, duty, { freq: frequency, soft: true });
    });
  }
  apply();
  return {
    setDutyCycle: function (fraction) {
      duty = fraction > 0 ? (fraction < 1 ? fraction : 1) : 0;
      apply();
    },
    setFrequency: function (hertz) {
      frequency = hertz;
      apply();
    },
  };
}
