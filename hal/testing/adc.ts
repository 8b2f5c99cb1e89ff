import type { AnalogInput } from "../contract/index.js";
import { sequenceOf } from "./sequence.js";
import type { Mock, Steps } from "./sequence.js";
import type { Step } from "./step.js";

/** Expects one conversion, and says what it gives. */
export function adcRead(millivolts: number): Step {
  return { call: { method: "readMillivolts", args: [] }, answer: millivolts };
}

/**
 * An ADC input that expects conversions.
 * @param steps made by `adcRead`, or a shared sequence
 * @param name in messages and in a sequence
 */
export function mockAdc(steps: Steps, name = "ADC"): AnalogInput & Mock {
  const sequence = sequenceOf(steps, name);
  return {
    readMillivolts: () => sequence.take(name, { method: "readMillivolts", args: [] }) as number,
    done: () => sequence.done(),
  };
}
