import type { RandomSource } from "../../contract/random.js";
import type { NativeE } from "./natives.js";

declare var E: NativeE;

/** The chip's noise source, four bytes a call. Espruino on Linux has a generator with a fixed seed there. */
export const random: RandomSource = {
  fill: function (bytes, start, length) {
    var word = 0;
    for (var i = 0; i < length; i++) {
      word = i & 3 ? word >> 8 : E.hwRand();
      bytes[start + i] = word;
    }
  },
};
