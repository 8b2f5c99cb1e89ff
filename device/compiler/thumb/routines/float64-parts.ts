/**
 * Rounds and returns, with r4-r7 and pc popped. r4:r0: a significand with bit 52 set; r6: what is to the right of it,
 * its last bit set where anything was lost; r5: the biased exponent less 1 (the implicit bit makes it one more), of any
 * size; bit 0 of r2: the sign.
 */
export const roundAndReturn = `
      ldr  r3, =2046
      cmp  r5, r3
      bhs  unusual
    round:
      lsls r5, r5, #20
      adds r1, r4, r5
      lsls r2, r2, #31
      adds r1, r1, r2
      lsls r6, r6, #1
      bcc  1f
      bne  2f                 @ C is 1
      lsrs r6, r0, #1         @ a tie: C is 1 if it is odd
    2:
      movs r2, #0
      adcs r0, r2
      adcs r1, r2
    1:
      pop  {r4-r7, pc}
    unusual:
      bge  infinity
      negs r5, r5             @ subnormal
      cmp  r5, #32
      blo  1f
      cmp  r6, #0
      beq  2f
      movs r6, #1
    2:
      orrs r6, r0
      movs r0, r4
      movs r4, #0
      subs r5, #32
      beq  round
      cmp  r5, #31
      bls  1f
      movs r5, #31            @ less than half of the least, as far as it may be
    1:
      movs r3, #32
      subs r3, r3, r5
      cmp  r6, #0
      beq  2f
      movs r6, #1
    2:
      movs r1, r0
      lsls r1, r3
      orrs r6, r1
      lsrs r0, r5
      movs r1, r4
      lsls r1, r3
      orrs r0, r1
      lsrs r4, r5
      movs r5, #0
      b    round
    infinity:
      ldr  r1, =0x7ff00000
      b    1f
    zero:
      movs r1, #0
    1:
      movs r0, #0
      lsls r2, r2, #31
      orrs r1, r2
      pop  {r4-r7, pc}
    nan:
      ldr  r1, =0x7ff80000
      movs r0, #0
      pop  {r4-r7, pc}`;

/**
 * Makes a significand with bit 52 set of a finite number other than 0, without its sign.
 * @param high register of the high word
 * @param low register of the low word
 * @param exponent register of the biased exponent less 1; below 0 for subnormals afterwards
 * @param one register of 1 << 20
 * @param lost a register that is lost
 */
export function significand(high: string, low: string, exponent: string, one: string, lost: string): string {
  return `
      cmp  ${exponent}, #0
      bge  2f
      movs ${exponent}, #0
    1:
      subs ${exponent}, #1
      adds ${low}, ${low}, ${low}
      adcs ${high}, ${high}
      lsrs ${lost}, ${high}, #20
      beq  1b
      b    3f
    2:
      lsls ${high}, ${high}, #12
      lsrs ${high}, ${high}, #12
      orrs ${high}, ${one}
    3:`;
}
