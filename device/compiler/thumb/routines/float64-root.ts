/**
 * `f64.sqrt`. A first 15 bits of the root s of m, from 1 to 4, and its reciprocal r, 16 bits, by a line and two steps of
 * Newton's (y (3 - m y^2) / 2 is never too much); then three digits of 13 bits, each by a multiplication of what
 * remains, m - s^2, with r. Digits are some too small, never too large, and overlap. The words below are scaled by
 * powers of 2 such that each is a whole number; what is known to be less than 2^32 is computed in one word, whatever
 * was to the left of it.
 */
const root = `
      .global f64.sqrt
    special:
      bhi  notInfinite
      cmp  r0, #0
      beq  same
    notInfinite:
      lsls r2, r1, #1
      orrs r2, r0
      beq  same               @ -0
      ldr  r1, =0x7ff80000
      movs r0, #0
    same:
      bx   lr
    small:
      movs r3, r1
      orrs r3, r0
      beq  same
      push {r4-r7, lr}
      movs r2, #1             @ subnormal
    1:
      subs r2, #1
      adds r0, r0, r0
      adcs r1, r1
      lsrs r3, r1, #20
      beq  1b
      b    normal
    f64.sqrt:
      ldr  r3, =0x7ff00000
      cmp  r1, r3
      bhs  special
      lsrs r2, r1, #20
      beq  small
      push {r4-r7, lr}
      lsls r1, r1, #12
      lsrs r1, r1, #12
      movs r3, #1
      lsls r3, r3, #20
      orrs r1, r3
    normal:
      lsrs r5, r1, #5
      movs r4, #75
      muls r5, r4
      lsrs r5, r5, #7
      ldr  r4, =83493
      subs r4, r4, r5         @ 1.274 - 0.293 m
      ldr  r3, =1021
      adds r2, r2, r3
      asrs r2, r2, #1
      mov  lr, r2             @ the exponent less the implicit bit
      bcc  1f                 @ an even exponent
      movs r5, #181           @ the root of one half
      muls r4, r5
      lsrs r4, r4, #8
      adds r0, r0, r0
      adcs r1, r1
    1:
      movs r5, r4
      muls r5, r5
      lsrs r5, r5, #16
      adds r5, #1
      lsrs r6, r1, #6
      adds r6, #1
      muls r5, r6
      movs r7, #3
      lsls r7, r7, #30
      subs r5, r7, r5
      lsrs r5, r5, #16
      muls r4, r5
      lsrs r4, r4, #20        @ 11 bits to the right of the point
      lsrs r6, r1, #4
      adds r6, #1
      movs r5, r4
      muls r5, r5
      muls r5, r6
      negs r5, r5             @ 1 - m y^2, 38 bits to the right
      lsrs r5, r5, #18
      muls r5, r4
      lsrs r5, r5, #16
      lsls r4, r4, #5
      adds r4, r4, r5         @ r, 16 bits to the right

      lsrs r5, r1, #6
      muls r5, r4
      lsrs r5, r5, #16        @ s, 14 bits to the right
      movs r6, r5
      muls r6, r6
      lsls r7, r6, #24
      lsrs r6, r6, #8
      subs r0, r0, r7
      sbcs r1, r6             @ m - s^2, 52 bits to the right, in r1:r0

      lsls r6, r1, #6
      lsrs r7, r0, #26
      orrs r6, r7
      muls r6, r4
      lsrs r6, r6, #16        @ the first digit
      lsls r7, r5, #14
      adds r7, r7, r6
      muls r7, r6
      lsls r0, r0, #2
      subs r0, r0, r7         @ 54 bits to the right
      lsls r5, r5, #13
      adds r5, r5, r6         @ s, 27 bits to the right

      lsrs r6, r0, #15
      muls r6, r4
      lsrs r6, r6, #16        @ the second
      lsrs r7, r5, #14
      muls r7, r6
      lsls r7, r7, #2
      subs r0, r0, r7
      lsls r0, r0, #12
      lsls r7, r5, #18
      lsrs r7, r7, #18
      muls r7, r6
      subs r0, r0, r7
      lsrs r1, r0, #18
      lsls r0, r0, #14
      lsrs r3, r5, #19
      lsls r2, r5, #13
      movs r5, #0
      adds r2, r2, r6
      adcs r3, r5             @ s, 40 bits to the right, in r3:r2
      muls r6, r6
      subs r0, r0, r6
      sbcs r1, r5             @ 80 bits to the right

      lsls r6, r1, #4
      lsrs r7, r0, #28
      orrs r6, r7
      muls r6, r4
      lsrs r6, r6, #16        @ the third
      lsls r7, r3, #4
      lsrs r4, r2, #28
      orrs r7, r4
      muls r7, r6
      lsls r7, r7, #16
      subs r0, r0, r7
      lsls r7, r2, #4
      lsrs r7, r7, #18
      muls r7, r6
      lsls r7, r7, #2
      subs r0, r0, r7
      lsrs r1, r0, #6
      lsls r0, r0, #26
      lsls r7, r2, #18
      lsrs r7, r7, #18
      muls r7, r6
      lsrs r4, r7, #18
      lsls r7, r7, #14
      subs r0, r0, r7
      sbcs r1, r4
      lsls r3, r3, #13
      lsrs r7, r2, #19
      orrs r3, r7
      lsls r2, r2, #13
      adds r2, r2, r6
      adcs r3, r5             @ s, 53 bits to the right
      muls r6, r6
      subs r0, r0, r6
      sbcs r1, r5             @ 106 bits to the right
      b    2f
    1:
      adds r2, #1
      adcs r3, r5
    2:
      movs r7, r3
      adds r6, r2, r2
      adcs r7, r7
      adds r6, #1
      subs r0, r0, r6
      sbcs r1, r7
      bhs  1b
      adds r2, #1             @ there are no ties
      adcs r3, r5
      lsls r0, r3, #31
      lsrs r2, r2, #1
      orrs r0, r2
      lsrs r1, r3, #1
      mov  r2, lr
      lsls r2, r2, #20
      adds r1, r1, r2
      pop  {r4-r7, pc}`;

/** The square root. */
export const float64Root: readonly string[] = [root];
