/**
 * Why Espruino reads a number literal as another number, or undefined when it doesn't.
 *
 * It reads integers in 64 bits, and floats it adds up digit by digit in doubles (`stringToFloatWithRadix` in its
 * `src/jsutils.c`), which is repeated here.
 */
export function inexactLiteral(literal: string): string | undefined {
  const exact = Number(literal);
  if (/^0[xX]/.test(literal) || /^\d+$/.test(literal)) {
    const integer = /^0[0-7]+$/.test(literal) ? BigInt(`0o${literal}`) : BigInt(literal);
    return integer >= 1n << 63n ? "integers from 2^63 on wrap" : undefined;
  }
  const match = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(literal);
  if (!match) return undefined;
  let value = 0;
  for (const digit of match[1]) value = value * 10 + Number(digit);
  let place = 0.1;
  for (const digit of match[2] ?? "") {
    value += place * Number(digit);
    place /= 10;
  }
  const exponent = Number(match[3] ?? 0);
  for (let step = 0; step < Math.abs(exponent) && step < 800; step++) value = exponent > 0 ? value * 10 : value / 10;
  return value === exact ? undefined : `is read as ${value}`;
}
