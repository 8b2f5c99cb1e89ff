import type { SimulatedBoard } from "../board/index.js";
import { noProperty, type Part } from "./part.js";

/** How a simulated LED is wired. */
export interface LedOptions {
  /** Its name; the pin's name when absent. */
  readonly name?: string;
  /** Lights while the pin is low (the other leg is at the supply). */
  readonly activeLow?: boolean;
  /** For the screen; `red` when absent. */
  readonly color?: string;
}

/** An LED with its resistor between a pin and ground, or the supply when it is active low. It only looks. */
export interface Led extends Part {
  readonly pin: string;
  readonly color: string;
  /** 0 (dark) to 1; between them under a PWM. A pin that floats leaves it dark. */
  brightness(): number;
  /** How often it went from dark to lit. */
  readonly blinks: number;
}

/**
 * Connects an LED to a pin.
 * @throws Error when the board has no such pin
 */
export function attachLed(board: SimulatedBoard, pinName: string, options: LedOptions = {}): Led {
  const pin = board.pin(pinName);
  const activeLow = options.activeLow ?? false;
  const color = options.color ?? "red";
  let blinks = 0;
  const brightness = () => {
    if (!board.powered) return 0;
    if (pin.pwm && pin.mode === "af_output") return activeLow ? 1 - pin.pwm.duty : pin.pwm.duty;
    return pin.level === (activeLow ? "0" : "1") ? 1 : 0;
  };
  let lit = brightness() > 0;
  const end = pin.onChange(() => {
    const now = brightness() > 0;
    if (now && !lit) blinks++;
    lit = now;
  });
  const led: Led = {
    name: options.name ?? pinName,
    type: "led",
    pin: pin.name,
    color,
    brightness,
    get blinks() {
      return blinks;
    },
    state: () => ({ color, brightness: brightness(), blinks }),
    set: (property) => {
      throw noProperty(led, property, []);
    },
    detach: end,
  };
  return led;
}
