/**
 * A voltage at a pin (embedded-hal 0.2 `adc::OneShot`, in millivolts as its users asked).
 */
export interface AnalogInput {
  /** One conversion, in millivolts. Throws `HalError`. */
  readMillivolts(): number;
}
