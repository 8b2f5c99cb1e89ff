import { roundAndReturn, significand } from "./float32-parts.js";
import { reciprocal } from "./reciprocal.js";

/** Sign of the result to r4, exponents to r2 and r3; to `odd` when one of them is 0 or 255; else significands. */
const unpack = `
      movs r4, r0
      eors r4, r1
      lsrs r4, r4, #31
      lsls r4, r4, #31
      lsls r2, r0, #1
      lsrs r2, r2, #24
      lsls r3, r1, #1
      lsrs r3, r3, #24
      subs r5, r2, #1
      cmp  r5, #253
      bhi  odd
      subs r5, r3, #1
      cmp  r5, #253
      bhi  odd
      movs r5, #1
      lsls r5, r5, #23
      lsls r0, r0, #9
      lsrs r0, r0, #9
      orrs r0, r5
      lsls r1, r1, #9
      lsrs r1, r1, #9
      orrs r1, r5`;

/** Twice the magnitudes to r0 and r1, twice infinity to r5; NaNs are done. */
const odd = `
      lsls r0, r0, #1
      lsls r1, r1, #1
      movs r5, #255
      lsls r5, r5, #24
      cmp  r0, r5
      bhi  nan
      cmp  r1, r5
      bhi  nan`;

/** `__aeabi_fmul`: 48 bits from four products of 16 bits; the lower 16 only say whether they are 0. */
const multiply = `
      .global __aeabi_fmul
    __aeabi_fmul:
      push {r4, r5, r6, lr}
      ${unpack}
    multiply:
      adds r2, r2, r3
      lsrs r3, r0, #16
      lsrs r5, r1, #16
      uxth r0, r0
      uxth r1, r1
      movs r6, r3
      muls r6, r5
      muls r3, r1
      muls r5, r0
      muls r0, r1
      adds r3, r3, r5
      lsls r6, r6, #16
      adds r3, r3, r6
      lsrs r1, r0, #16
      adds r3, r3, r1
      lsls r0, r0, #16
      beq  1f
      movs r0, #1
    1:
      orrs r0, r3
      bmi  2f
      lsls r0, r0, #1
      subs r2, #1
    2:
      subs r2, #126
      ${roundAndReturn("r4, r5, r6")}
    odd:
      ${odd}
      cmp  r0, r5
      beq  firstInfinite
      cmp  r1, r5
      beq  secondInfinite
      cmp  r0, #0
      beq  zero
      cmp  r1, #0
      beq  zero
      ${significand("r0", "r2", "r5")}
      ${significand("r1", "r3", "r5")}
      b    multiply
    firstInfinite:
      cmp  r1, #0
      beq  nan
      b    infinity
    secondInfinite:
      cmp  r0, #0
      beq  nan
      b    infinity`;

/** Twelve bits of the quotient to r3, and what remains of the dividend, shifted. */
const digit = `
      lsrs r3, r0, #10
      muls r3, r5
      lsrs r3, r3, #16
      lsls r0, r0, #12
      movs r6, r3
      muls r6, r1
      subs r0, r0, r6`;

/**
 * `__aeabi_fdiv`: two digits of the quotient, each by a multiplication with the divisor's reciprocal, 2^38 / b, which is
 * less than 2^-13 of itself too small. With the 16 bits of what remains that are taken, a digit is less than 4 too
 * small, so what remains is less than 4 b and fits, and digits may overlap.
 */
const divide = `
      .global __aeabi_fdiv
    __aeabi_fdiv:
      push {r4, r5, r6, lr}
      ${unpack}
    divide:
      subs r2, r2, r3
      adds r2, #127
      cmp  r0, r1
      bhs  1f
      lsls r0, r0, #1
      subs r2, #1
    1:
      lsrs r6, r1, #8
      adds r6, #1             @ b, upwards, 15 bits to the right of the point
      ${reciprocal("r6", "r5", "r3", 15)}
      ${digit}
      mov  r12, r3
      ${digit}
      mov  r6, r12
      lsls r6, r6, #12
      adds r3, r3, r6
      b    2f
    1:
      subs r0, r0, r1
      adds r3, #1
    2:
      cmp  r0, r1
      bhs  1b
      cmp  r0, #0
      beq  1f
      movs r0, #1
    1:
      lsls r3, r3, #7
      orrs r0, r3
      ${roundAndReturn("r4, r5, r6")}
    odd:
      ${odd}
      cmp  r0, r5
      beq  infinite
      cmp  r1, r5
      beq  zero
      cmp  r1, #0
      beq  byZero
      cmp  r0, #0
      beq  zero
      ${significand("r0", "r2", "r5")}
      ${significand("r1", "r3", "r5")}
      b    divide
    infinite:
      cmp  r1, r5
      beq  nan
      b    infinity
    byZero:
      cmp  r0, #0
      beq  nan
      b    infinity`;

/** Products and quotients. */
export const float32Multiply: readonly string[] = [multiply, divide];
