/**
 * A pulse-width modulated output (embedded-hal 1.0 `SetDutyCycle`; a fraction stands for its duty / max_duty).
 */
export interface PwmOutput {
  /**
   * Takes effect at once and goes on until the next call.
   * @param fraction 0 (always low) to 1 (always high); beyond is clamped
   */
  setDutyCycle(fraction: number): void;
  /** @param hertz the frequency of the pulses; the nearest that the hardware has is taken. Throws `HalError` of kind `Unsupported` where it has none. */
  setFrequency(hertz: number): void;
}
