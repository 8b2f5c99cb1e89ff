import type { SignalDescription } from "./signal.js";

/** What a property can be set to: a number that stays, one that changes with time, a switch, a word. */
export type PropertyValue = SignalDescription | boolean | string;

/** A part that a scenario or a person at the screen can look at and change. */
export interface Part {
  /** Unique on a board: `BTN1`, `climate`. */
  readonly name: string;
  /** As in a scenario: `bme280`, `led`, `button`, `analog`. */
  readonly type: string;
  /** What it shows now, by property and in the property's unit. */
  state(): Readonly<Record<string, number | string | boolean>>;
  /**
   * Sets a property from outside. Throws an `Error` for a person when the part has no such property or the value
   * is of the wrong kind or out of range.
   */
  set(property: string, value: PropertyValue): void;
  /** Takes the part off the board. */
  detach(): void;
}

/** The error for a property that a part doesn't have. */
export function noProperty(part: Part, property: string, has: readonly string[]): Error {
  const list = has.length > 0 ? `it has ${has.join(", ")}` : "nothing can be set on it";
  return new Error(`${part.type} ${part.name} has no property ${property}; ${list}`);
}
