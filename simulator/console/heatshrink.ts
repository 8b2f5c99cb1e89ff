/** Espruino's parameters of heatshrink. */
const WINDOW_BITS = 8;
const LOOKAHEAD_BITS = 6;

/**
 * Decompresses heatshrink (https://github.com/atomicobject/heatshrink): a 1 and eight bits are a byte, a 0, the
 * distance less 1 and the length less 1 are a copy of what came before; zeros stand before the beginning.
 */
export function heatshrinkDecode(data: Uint8Array): Uint8Array {
  const output: number[] = [];
  let position = 0;
  const left = () => data.length * 8 - position;
  const bits = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++, position++)
      value = (value << 1) | ((data[position >> 3] >> (7 - (position & 7))) & 1);
    return value;
  };
  while (left() > 0) {
    if (bits(1)) {
      if (left() < 8) break;
      output.push(bits(8));
    } else {
      if (left() < WINDOW_BITS + LOOKAHEAD_BITS) break;
      const distance = bits(WINDOW_BITS) + 1;
      for (let count = bits(LOOKAHEAD_BITS) + 1; count > 0; count--) output.push(output[output.length - distance] ?? 0);
    }
  }
  return Uint8Array.from(output);
}
