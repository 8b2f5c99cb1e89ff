/**
 * Random numbers that a seed decides: xoshiro128** 1.1 (Blackman and Vigna, public domain,
 * https://prng.di.unimi.it/xoshiro128starstar.c), its state filled by SplitMix32.
 * Everything in a simulation that isn't decided by the program draws from one of these, so a seed replays a run.
 */
export class RandomGenerator {
  readonly #state = new Uint32Array(4);
  /** The second half of the last pair of normal deviates. */
  #spare: number | undefined;

  /** @param seed an integer; only its low 32 bits count */
  constructor(seed: number) {
    let x = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.#state[i] = z ^ (z >>> 16);
    }
  }

  /** A generator in a known state, to compare with the reference implementation. At least one word isn't 0. */
  static fromState(state: readonly [number, number, number, number]): RandomGenerator {
    const generator = new RandomGenerator(0);
    generator.#state.set(state);
    return generator;
  }

  /** The next integer from 0 to 2^32 - 1. */
  uint32(): number {
    const s = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** A number from 0 up to, not including, 1, with 53 random bits. */
  float(): number {
    return ((this.uint32() >>> 5) * 0x4000000 + (this.uint32() >>> 6)) / 0x20000000000000;
  }

  /** An integer from 0 up to, not including, `bound`, each as likely as the others. @param bound 1 to 2^32 */
  below(bound: number): number {
    const limit = 0x100000000 - (0x100000000 % bound);
    for (;;) {
      const drawn = this.uint32();
      if (drawn < limit) return drawn % bound;
    }
  }

  /** A normal deviate: mean 0, standard deviation 1 (Marsaglia's polar method). */
  normal(): number {
    const spare = this.#spare;
    if (spare !== undefined) {
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const u = 2 * this.float() - 1;
      const v = 2 * this.float() - 1;
      const square = u * u + v * v;
      if (square === 0 || square >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = v * scale;
      return u * scale;
    }
  }

  /** Fills `bytes[start]` to `bytes[start + length - 1]`. */
  fill(bytes: Uint8Array, start = 0, length = bytes.length - start): void {
    for (let i = 0; i < length; i++) bytes[start + i] = this.uint32() >>> 24;
  }

  /**
   * A generator for a purpose of its own, so that drawing more for one purpose doesn't shift the others.
   * The same seed and purpose give the same stream, whatever was drawn from this one before.
   */
  static forPurpose(seed: number, purpose: string): RandomGenerator {
    // FNV-1a
    let hash = 0x811c9dc5 ^ (seed >>> 0);
    for (const byte of new Uint8Array(purpose.split("").flatMap((c) => [c.charCodeAt(0) & 0xff, c.charCodeAt(0) >> 8])))
      hash = Math.imul(hash ^ byte, 0x01000193);
    return new RandomGenerator(hash ^ Math.imul(seed, 0x9e3779b1));
  }
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}
