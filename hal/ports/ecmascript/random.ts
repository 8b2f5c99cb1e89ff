import type { RandomSource } from "../../contract/random.js";

declare var crypto: { getRandomValues(bytes: Uint8Array): void } | undefined;
declare var E: { hwRand(): number } | undefined;

/**
 * The best source that the interpreter has: `crypto.getRandomValues`, Espruino's `E.hwRand`, or `Math.random`, which is
 * no secret to anybody.
 */
export const random: RandomSource = {
  fill: function (bytes, start, length) {
    if (typeof crypto === "object") {
      for (var at = 0; at < length; at += 65536)
        crypto.getRandomValues(bytes.subarray(start + at, start + Math.min(length, at + 65536)));
      return;
    }
    for (var i = 0; i < length; i++) bytes[start + i] = typeof E === "undefined" ? Math.random() * 256 : E.hwRand();
  },
};

/**
 * A source that gives the same bytes for the same seed, for runs that can be repeated (xorshift32 of Marsaglia, 2003).
 * @param seed an int32; 0 counts as 1
 */
export function seededRandom(seed: number): RandomSource {
  var state = seed | 0 || 1;
  return {
    fill: function (bytes, start, length) {
      for (var i = 0; i < length; i++) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        bytes[start + i] = state >>> 24;
      }
    },
  };
}
