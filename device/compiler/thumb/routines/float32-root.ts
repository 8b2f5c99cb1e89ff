/**
 * `f32.sqrt`, as `f64.sqrt` with one digit of ten bits: a first 15 bits of the root s of m, from 1 to 4, and its
 * reciprocal r; then what remains, m - s^2, multiplied by r. The words below are scaled by powers of 2 such that each is
 * a whole number; what is known to be less than 2^32 is computed in one word, whatever was to the left of it.
 */
const root = `
      .global f32.sqrt
    special:
      beq  same
      lsls r1, r0, #1
      beq  same               @ -0
      ldr  r0, =0x7fc00000
    same:
      bx   lr
    small:
      cmp  r0, #0
      beq  same
      push {r4, r5, lr}
      movs r1, #1             @ subnormal
    1:
      subs r1, #1
      lsls r0, r0, #1
      lsrs r2, r0, #23
      beq  1b
      b    normal
    f32.sqrt:
      movs r1, #255
      lsls r1, r1, #23
      cmp  r0, r1
      bhs  special
      lsrs r1, r0, #23
      beq  small
      push {r4, r5, lr}
      lsls r0, r0, #9
      lsrs r0, r0, #9
      movs r2, #1
      lsls r2, r2, #23
      orrs r0, r2
    normal:
      lsrs r2, r0, #8
      movs r3, #75
      muls r2, r3
      lsrs r2, r2, #7
      ldr  r3, =83493
      subs r3, r3, r2         @ 1.274 - 0.293 m
      adds r1, #125
      lsrs r1, r1, #1         @ the exponent less the implicit bit
      bcc  1f                 @ an even exponent
      movs r2, #181           @ the root of one half
      muls r3, r2
      lsrs r3, r3, #8
      lsls r0, r0, #1
    1:
      movs r4, r3             @ y (3 - m y^2) / 2, never too much
      muls r4, r4
      lsrs r4, r4, #16
      adds r4, #1
      lsrs r2, r0, #9
      adds r2, #1
      muls r4, r2
      movs r5, #3
      lsls r5, r5, #30
      subs r5, r5, r4
      lsrs r5, r5, #16
      muls r3, r5
      lsrs r3, r3, #20        @ 11 bits to the right of the point
      lsrs r4, r0, #7
      adds r4, #1
      movs r5, r3
      muls r5, r5
      muls r5, r4
      negs r5, r5             @ 1 - m y^2, 38 bits to the right
      lsrs r5, r5, #18
      muls r5, r3
      lsrs r5, r5, #16
      lsls r3, r3, #5
      adds r3, r3, r5         @ r, 16 bits to the right
      lsrs r2, r0, #9
      muls r2, r3
      lsrs r2, r2, #16        @ s, 14 bits to the right
      lsls r0, r0, #5
      movs r4, r2
      muls r4, r4
      subs r0, r0, r4         @ m - s^2, 28 bits to the right
      lsrs r4, r0, #2
      muls r4, r3
      lsrs r4, r4, #19        @ the digit
      lsls r5, r2, #11
      adds r5, r5, r4
      muls r5, r4
      lsls r0, r0, #20
      subs r0, r0, r5         @ 48 bits to the right
      lsls r2, r2, #10
      adds r2, r2, r4         @ s, 24 bits to the right
      lsls r3, r2, #1
      adds r3, #1
      b    2f
    1:
      adds r2, #1
      adds r3, #2
    2:
      subs r0, r0, r3
      bhs  1b
      adds r2, #1             @ there are no ties
      lsrs r0, r2, #1
      lsls r1, r1, #23
      adds r0, r0, r1
      pop  {r4, r5, pc}`;

/** The square root. */
export const float32Root: readonly string[] = [root];
