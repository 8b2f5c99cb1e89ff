import type { AnalogInput } from "../../contract/adc.js";
import { check, immediate } from "./case.js";
import type { ConformanceCase } from "./case.js";

/** An input with a known voltage on it. */
export interface AnalogSubject {
  readonly input: AnalogInput;
  /** Puts so many millivolts on the input; absent where the voltage is fixed. */
  apply?(millivolts: number): void;
  /** Millivolts on the input to begin with. */
  readonly millivolts: number;
  /** Millivolts by which a conversion may be off. */
  readonly tolerance: number;
}

export const analogConformance: readonly ConformanceCase<AnalogSubject>[] = [
  immediate("a conversion gives the millivolts on the input", function (subject) {
    near(subject, subject.millivolts);
  }),
  immediate("each conversion is a new one", function (subject) {
    if (!subject.apply) return;
    subject.apply(0);
    near(subject, 0);
    subject.apply(1000);
    near(subject, 1000);
  }),
];

function near(subject: AnalogSubject, expected: number): void {
  const actual = subject.input.readMillivolts();
  check(Math.abs(actual - expected) <= subject.tolerance, "expected about " + expected + " mV, got " + actual);
}
