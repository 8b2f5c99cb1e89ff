import { type AnalogInput, halError } from "../../../hal/contract/index.js";
import type { SimulatedBoard } from "../simulated-board.js";

/** The pin as an input of a 12-bit converter. Throws `HalError` of kind `Unsupported` for a pin without one. */
export function analogInput(board: SimulatedBoard, name: string): AnalogInput {
  const pin = board.pin(name);
  if (!pin.profile.functions.includes("adc")) throw halError("Unsupported", `${name} has no analog input`);
  pin.setMode("analog");
  return { readMillivolts: () => pin.convert() * board.supplyMillivolts };
}
