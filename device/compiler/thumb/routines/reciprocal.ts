/** x (2 - b x), which is never more than 1 / b; b and x 15 bits to the right of the point, the result `bits`. */
function step(b: string, x: string, lost: string, bits: 15 | 16): string {
  return `
      movs ${lost}, ${b}
      muls ${lost}, ${x}
      negs ${lost}, ${lost}
      lsls ${lost}, ${lost}, #1
      lsrs ${lost}, ${lost}, #16
      muls ${x}, ${lost}
      lsrs ${x}, ${x}, #${30 - bits}`;
}

/**
 * The reciprocal of b, from 1 to 2: a line that is at most 1/17 wrong, 1.4118 - 0.4706 b, and two steps of Newton's, each
 * of which squares what is wrong. It is never too much, and less than 2^-13 of itself too small (computed for each b).
 * @param b register of a number of 16 bits with bit 15 set, 15 bits to the right of the point (or 2)
 * @param x register of the result, 16 bits to the right of the point, or `bits`
 * @param lost a register that is lost
 */
export function reciprocal(b: string, x: string, lost: string, bits: 15 | 16 = 16): string {
  return `
      movs ${x}, #241
      muls ${x}, ${b}
      lsrs ${x}, ${x}, #9
      movs ${lost}, #181
      lsls ${lost}, ${lost}, #8
      subs ${x}, ${lost}, ${x}
      ${step(b, x, lost, 15)}
      ${step(b, x, lost, bits)}`;
}
