import type { EdgePin, Pull, StatefulOutputPin } from "../../../hal/contract/index.js";
import type { SimulatedPin } from "../pin.js";

/** The pin as an input with edges. @param pull the processor's own resistor */
export function inputPin(pin: SimulatedPin, pull: Pull = "none"): EdgePin {
  pin.setMode(pull === "up" ? "input_pullup" : pull === "down" ? "input_pulldown" : "input");
  return {
    isHigh: () => pin.read(),
    isLow: () => !pin.read(),
    onEdge: (edge, handler) => pin.watch(edge, handler),
  };
}

/**
 * The pin as a push-pull output, or an open drain, which drives low only.
 * @param initial the first level; as the latch stands when absent
 */
export function outputPin(
  pin: SimulatedPin,
  initial?: boolean,
  mode: "output" | "opendrain" = "output",
): StatefulOutputPin {
  if (initial !== undefined) pin.write(initial);
  pin.setMode(mode);
  return {
    setHigh: () => pin.write(true),
    setLow: () => pin.write(false),
    setState: (high) => pin.write(high),
    isSetHigh: () => pin.output,
    isSetLow: () => !pin.output,
    toggle: () => pin.write(!pin.output),
  };
}
