import type { PinDetails } from "./pins.js";
import type { PinProfile } from "./profile.js";

/**
 * Pins of the STM32F401 and STM32F411 in UQFN48 that a program may use: all but the crystal's (H0, H1) and USB's
 * (A11, A12). ADC inputs and timer outputs after Espruino's `boards/pins/stm32f401.csv` and `stm32f401_af.csv`.
 */
const FUNCTIONS: Readonly<Record<string, PinProfile["functions"]>> = {
  A0: ["digital", "adc", "pwm"],
  A1: ["digital", "adc", "pwm"],
  A2: ["digital", "adc", "pwm"],
  A3: ["digital", "adc", "pwm"],
  A4: ["digital", "adc"],
  A5: ["digital", "adc", "pwm"],
  A6: ["digital", "adc", "pwm"],
  A7: ["digital", "adc", "pwm"],
  A8: ["digital", "pwm"],
  A9: ["digital", "pwm"],
  A10: ["digital", "pwm"],
  A13: ["digital"],
  A14: ["digital"],
  A15: ["digital", "pwm"],
  B0: ["digital", "adc", "pwm"],
  B1: ["digital", "adc", "pwm"],
  B2: ["digital"],
  B3: ["digital", "pwm"],
  B4: ["digital", "pwm"],
  B5: ["digital", "pwm"],
  B6: ["digital", "pwm"],
  B7: ["digital", "pwm"],
  B8: ["digital", "pwm"],
  B9: ["digital", "pwm"],
  B10: ["digital", "pwm"],
  B12: ["digital"],
  B13: ["digital", "pwm"],
  B14: ["digital", "pwm"],
  B15: ["digital", "pwm"],
  C13: ["digital"],
  C14: ["digital"],
  C15: ["digital"],
};

/**
 * @param details what a board adds to some of the pins, by name
 */
export function stm32f4Pins(details: Readonly<Record<string, PinDetails>>): PinProfile[] {
  return Object.keys(FUNCTIONS).map((name) => ({ name, functions: FUNCTIONS[name], ...details[name] }));
}
