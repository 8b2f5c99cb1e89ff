import type { PwmOutput } from "../contract/index.js";
import { sequenceOf } from "./sequence.js";
import type { Mock, Steps } from "./sequence.js";
import type { Step } from "./step.js";

/** Expects the duty cycle to be set to this fraction, 0 to 1. */
export function pwmDuty(fraction: number): Step {
  return { call: { method: "setDutyCycle", args: [fraction] } };
}

/** Expects the frequency to be set, in hertz. */
export function pwmFrequency(hertz: number): Step {
  return { call: { method: "setFrequency", args: [hertz] } };
}

/**
 * A PWM output that expects to be set.
 * @param steps made by `pwmDuty` and `pwmFrequency`, or a shared sequence
 * @param name in messages and in a sequence
 */
export function mockPwm(steps: Steps, name = "PWM"): PwmOutput & Mock {
  const sequence = sequenceOf(steps, name);
  return {
    setDutyCycle: (fraction) => void sequence.take(name, { method: "setDutyCycle", args: [fraction] }),
    setFrequency: (hertz) => void sequence.take(name, { method: "setFrequency", args: [hertz] }),
    done: () => sequence.done(),
  };
}
