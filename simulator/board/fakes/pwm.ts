import { halError, type PwmOutput } from "../../../hal/contract/index.js";
import type { SimulatedBoard } from "../simulated-board.js";

/** Espruino's default for `analogWrite`. */
const DEFAULT_HERTZ = 1000;

/** The pin as a PWM output, silent until a duty is set. Throws `HalError` of kind `Unsupported` for a pin without one. */
export function pwmOutput(board: SimulatedBoard, name: string): PwmOutput {
  const pin = board.pin(name);
  if (!pin.profile.functions.includes("pwm")) throw halError("Unsupported", `${name} has no PWM`);
  let duty = 0;
  let hertz = DEFAULT_HERTZ;
  return {
    setDutyCycle: (fraction) => {
      if (Number.isNaN(fraction)) throw halError("Other", `${name}: the duty isn't a number`);
      duty = fraction;
      pin.setPwm(duty, hertz);
    },
    setFrequency: (frequency) => {
      if (!(frequency > 0 && frequency < Infinity))
        throw halError("Unsupported", `${name}: no PWM of ${frequency} hertz`);
      hertz = frequency;
      if (pin.pwm) pin.setPwm(duty, hertz);
    },
  };
}
