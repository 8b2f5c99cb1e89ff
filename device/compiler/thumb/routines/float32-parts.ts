/** A significand in r0, bit 31 set, to 24 bits: what is to the right of those rounds, a tie to even. Uses r1. */
export const roundToEven = `lsls r1, r0, #24
      lsrs r0, r0, #8         @ C: half of the last place
      bcc  1f
      adds r0, #1
      lsls r1, r1, #1
      bne  1f
      lsrs r0, r0, #1         @ a tie: to even
      lsls r0, r0, #1
    1:`;

/**
 * Rounds and returns. r0: a significand with bit 31 set, eight bits to the right of it, the last of which says whether
 * anything was lost; r2: the biased exponent, of any size; r4: the sign in bit 31. Registers pushed are popped.
 */
export function roundAndReturn(pushed: string): string {
  return `
      subs r2, #1
      cmp  r2, #253
      bhi  unusual
    round:
      ${roundToEven}
      lsls r2, r2, #23        @ the implicit bit makes it one more
      adds r0, r0, r2
      orrs r0, r4
      pop  {${pushed}, pc}
    unusual:
      bgt  infinity
      negs r2, r2             @ subnormal
      cmp  r2, #31
      bls  1f
      movs r2, #31            @ less than half of the least, as far as it may be
    1:
      movs r3, r0
      lsrs r0, r2
      negs r2, r2
      adds r2, #32
      lsls r3, r2
      beq  1f
      movs r3, #1
      orrs r0, r3
    1:
      movs r2, #0
      b    round
    infinity:
      movs r0, #255
      lsls r0, r0, #23
      orrs r0, r4
      pop  {${pushed}, pc}
    zero:
      movs r0, r4
      pop  {${pushed}, pc}
    nan:
      ldr  r0, =0x7fc00000
      pop  {${pushed}, pc}`;
}

/**
 * Makes a 24-bit significand of a finite number other than 0.
 * @param x register of twice its magnitude, replaced
 * @param exponent register of its biased exponent, below 1 for subnormals afterwards
 * @param lost a register that is lost
 */
export function significand(x: string, exponent: string, lost: string): string {
  return `
      lsls ${lost}, ${x}, #8
      cmp  ${exponent}, #0
      bne  2f
      lsrs ${x}, ${x}, #1
      movs ${exponent}, #1
    1:
      subs ${exponent}, #1
      lsls ${x}, ${x}, #1
      lsrs ${lost}, ${x}, #23
      beq  1b
      b    3f
    2:
      lsrs ${x}, ${lost}, #9
      movs ${lost}, #1
      lsls ${lost}, ${lost}, #23
      orrs ${x}, ${lost}
    3:`;
}
