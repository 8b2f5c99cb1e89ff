import { halError } from "../../contract/error.js";
import type { ErrorKind } from "../../contract/error.js";

/**
 * Calls a native and turns what it throws into a `HalError`.
 * Espruino's errors differ from one chip to the next only in their words, so the words decide.
 * @param where what a person knows the peripheral by, e.g. `I2C1 0x76`
 * @param words pairs of a part of the message and the kind that it stands for, the first that fits wins
 */
export function guard<Result>(where: string, words: readonly string[], call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    var message = "" + ((error as Error).message || error);
    var kind = "Other";
    for (var i = words.length - 2; i >= 0; i -= 2) if (message.indexOf(words[i]) >= 0) kind = words[i + 1];
    throw halError(kind as ErrorKind, where + ": " + message);
  }
}

/** What natives that take a pin say. */
export const PIN_FAULTS: readonly string[] = ["nvalid pin", "Unsupported", "supported", "Unsupported"];
