import type { ReadBehind } from "../espruino/machine.js";
import type { RistrettoStreams } from "./console.js";

declare const ristretto: RistrettoStreams;
declare const E: {
  /** A string of one char a byte over memory as it is. */
  memoryArea(address: number, length: number): string;
};

/**
 * Reads the machine code of the image that is run, which lies in no file.
 * @param offset of the guest's among it
 */
export function behindScript(offset: number): ReadBehind {
  const address = ristretto.codeAddress + offset;
  return function (from, length) {
    return E.memoryArea(address + from, length);
  };
}
