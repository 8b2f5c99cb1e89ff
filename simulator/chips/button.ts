import { RandomGenerator } from "../core/random-generator.js";
import type { SimulatedBoard } from "../board/index.js";
import { noProperty, type Part } from "./part.js";

/** How a simulated button is wired, and how it bounces. */
export interface ButtonOptions {
  /** Its name; the pin's name when absent. */
  readonly name?: string;
  /** Pulls the pin to ground when pressed; to the supply otherwise. */
  readonly activeLow?: boolean;
  /** A resistor on the board that gives the level of the released button; the processor's own is needed when false. */
  readonly resistor?: boolean;
  /** For how long the contact bounces after a press and a release, in microseconds; 0 (a clean switch) when absent. */
  readonly bounceMicroseconds?: number;
}

/** A simulated button. */
export interface Button extends Part {
  readonly pin: string;
  readonly pressed: boolean;
  press(): void;
  release(): void;
}

/**
 * A push button between a pin and ground or supply. With bounce the contact closes and opens a few times before it
 * rests: 1 to 6 pairs of edges at times that the board's seed decides.
 */
export function attachButton(board: SimulatedBoard, pinName: string, options: ButtonOptions = {}): Button {
  const pin = board.pin(pinName);
  const name = options.name ?? pinName;
  const pressedLevel = !(options.activeLow ?? false);
  const bounce = options.bounceMicroseconds ?? 0;
  const source = pin.connect(name);
  const random = RandomGenerator.forPurpose(board.seed, `button ${name}`);
  if (options.resistor ?? true) source.pull(!pressedLevel);
  let pressed = false;
  let generation = 0;
  const contact = (closed: boolean) => source.drive(closed ? pressedLevel : undefined);
  const move = (closed: boolean) => {
    if (closed === pressed) return;
    pressed = closed;
    board.events.emit({ type: "part", part: name, property: "pressed", value: closed });
    const mine = ++generation;
    contact(closed);
    if (bounce <= 0) return;
    const times = Array.from({ length: 2 * (1 + random.below(6)) }, () => random.float() * bounce).sort(
      (a, b) => a - b,
    );
    // A spring doesn't care whether the board has power, so this is the clock's event and not the board's.
    times.forEach((time, i) =>
      board.clock.scheduleOutside(time, () => {
        if (mine === generation) contact(i % 2 === 0 ? !closed : closed);
      }),
    );
  };
  const button: Button = {
    name,
    type: "button",
    pin: pin.name,
    get pressed() {
      return pressed;
    },
    press: () => move(true),
    release: () => move(false),
    state: () => ({ pressed }),
    set: (property, value) => {
      if (property !== "pressed") throw noProperty(button, property, ["pressed"]);
      if (typeof value !== "boolean") throw new Error(`button ${name}: pressed is true or false, not ${value}`);
      move(value);
    },
    detach: () => {
      generation++;
      source.disconnect();
    },
  };
  return button;
}
