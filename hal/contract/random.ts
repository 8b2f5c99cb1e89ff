/** Entropy (WASI `random_get`). */
export interface RandomSource {
  /** Fills `bytes[start]` to `bytes[start + length - 1]`. From hardware where the board has it. */
  fill(bytes: Uint8Array, start: number, length: number): void;
}
