import type { PwmOutput } from "../../contract/pwm.js";
import { check, immediate } from "./case.js";
import type { ConformanceCase } from "./case.js";

/** An output whose pulses can be measured. */
export interface PwmSubject {
  readonly output: PwmOutput;
  /** The fraction of the time that the pin is high now. */
  duty(): number;
  /** The pulses' frequency in hertz. */
  frequency(): number;
}

export const pwmConformance: readonly ConformanceCase<PwmSubject>[] = [
  immediate("an output is high for the fraction that it was set to", function (subject) {
    for (let quarter = 0; quarter <= 4; quarter++) {
      subject.output.setDutyCycle(quarter / 4);
      near(subject.duty(), quarter / 4, 0.01, "duty cycle");
    }
  }),
  immediate("a fraction beyond 0 to 1 is clamped", function (subject) {
    subject.output.setDutyCycle(1.5);
    near(subject.duty(), 1, 0, "duty cycle of 1.5");
    subject.output.setDutyCycle(-0.5);
    near(subject.duty(), 0, 0, "duty cycle of -0.5");
  }),
  immediate("the frequency changes and the duty cycle stays", function (subject) {
    subject.output.setDutyCycle(0.5);
    subject.output.setFrequency(200);
    near(subject.frequency(), 200, 4, "frequency");
    near(subject.duty(), 0.5, 0.01, "duty cycle");
  }),
];

function near(actual: number, expected: number, tolerance: number, what: string): void {
  check(Math.abs(actual - expected) <= tolerance, what + ": expected " + expected + ", got " + actual);
}
