import type { PinProfile } from "./profile.js";

/** What may be told of a pin beyond that it is digital. */
export type PinDetails = Partial<Omit<PinProfile, "name">>;

/**
 * Makes the pins `D<first>` to `D<last>`, as Espruino names them on chips whose ports have no letters.
 * @param functions what each of them can do
 * @param details what is different about some of them, by name
 */
export function numberedPins(
  first: number,
  last: number,
  functions: PinProfile["functions"],
  details: Readonly<Record<string, PinDetails>>,
): PinProfile[] {
  const pins: PinProfile[] = [];
  for (let number = first; number <= last; number++) {
    const name = `D${number}`;
    pins.push({ name, functions, ...details[name] });
  }
  return pins;
}
