import type { ReadBehind } from "../espruino/machine.js";
import type { RistrettoStreams } from "./console.js";

declare const ristretto: RistrettoStreams;
declare const E: {
  /** A string of one char a byte over memory as it is. */
  memoryArea(address: number, length: number): string;
};

/** Reads the machine code of the image that is run, which lies in no file. */
export const behindScript: ReadBehind = function (from, length) {
  return E.memoryArea(ristretto.codeAddress + from, length);
};
