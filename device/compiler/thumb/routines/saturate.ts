/**
 * Returns the integer nearest to a float that is beyond all of them: the largest, or by its sign the smallest.
 * @param word the register with the float's sign in bit 31
 */
export function saturate(word: string, signed: boolean, bits: 32 | 64): string {
  return signed
    ? `asrs r0, ${word}, #31
      movs r1, #1
      lsls r1, r1, #31
      subs r1, #1
      eors r1, r0
      ${bits === 32 ? "movs r0, r1" : "mvns r0, r0"}
      bx   lr`
    : `asrs r0, ${word}, #31
      mvns r0, r0
      movs r1, r0
      bx   lr`;
}
