import type { RandomSource } from "../../contract/random.js";
import type { NativeE } from "./natives.js";

declare var E: NativeE;

/** The chip's noise source, a call a byte. Espruino on Linux has a generator with a fixed seed there. */
export function fillRandom(bytes: Uint8Array, start: number, length: number): void {
  for (var i = 0; i < length; i++) bytes[start + i] = E.hwRand();
}

/** The same as the contract has it. */
export const random: RandomSource = { fill: fillRandom };
