import type { SimulatedBoard } from "../board/index.js";
import { noProperty, type Part, type PropertyValue } from "./part.js";
import { makeSignal, type SignalDescription, signalSeed } from "./signal.js";

/** What an analog source gives, and its name. */
export interface AnalogSourceOptions {
  /** Its name; the pin's name when absent. */
  readonly name?: string;
  readonly millivolts: SignalDescription;
}

/** A voltage at a pin: a potentiometer, a battery, whatever a program's ADC looks at. Beyond the supply it is clipped. */
export interface AnalogSource extends Part {
  readonly pin: string;
  millivolts(): number;
}

/**
 * Connects a voltage to a pin.
 * @throws Error when the board has no such pin
 */
export function attachAnalogSource(board: SimulatedBoard, pinName: string, options: AnalogSourceOptions): AnalogSource {
  const pin = board.pin(pinName);
  const name = options.name ?? pinName;
  const source = pin.connect(name);
  const apply = (description: SignalDescription) => {
    const signal = makeSignal(description, board.clock.now(), signalSeed(board.seed, name, "millivolts"));
    source.voltage(signal);
    return signal;
  };
  let signal = apply(options.millivolts);
  const millivolts = () => signal(board.clock.now());
  const part: AnalogSource = {
    name,
    type: "analog",
    pin: pin.name,
    millivolts,
    state: () => ({ millivolts: millivolts() }),
    set: (property: string, value: PropertyValue) => {
      if (property !== "millivolts") throw noProperty(part, property, ["millivolts"]);
      if (typeof value !== "number" && typeof value !== "object")
        throw new Error(`analog ${name}: millivolts is a number or a signal, not ${value}`);
      signal = apply(value);
      board.events.emit({ type: "part", part: name, property, value: JSON.stringify(value) });
    },
    detach: () => source.disconnect(),
  };
  return part;
}
