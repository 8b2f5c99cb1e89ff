import { roundAndReturn, significand } from "./float64-parts.js";

/** Biased exponents less 1 to r4 and r5, the result's sign to bit 0 of r6; significands, or to `odd`. */
const unpack = `
      push {r4-r7, lr}
      movs r6, r1
      eors r6, r3
      lsrs r6, r6, #31
      lsls r4, r1, #1
      lsrs r4, r4, #21
      lsls r5, r3, #1
      lsrs r5, r5, #21
      ldr  r7, =2046
      subs r4, #1
      cmp  r4, r7
      bhs  odd
      subs r5, #1
      cmp  r5, r7
      bhs  odd
      movs r7, #1
      lsls r7, r7, #20
      lsls r1, r1, #12
      lsrs r1, r1, #12
      orrs r1, r7
      lsls r3, r3, #12
      lsrs r3, r3, #12
      orrs r3, r7`;

/**
 * What isn't two normal numbers, ahead of the entry, for the branches' reach: magnitudes, then NaNs, then the kinds of the two. The sign goes to r2 where the end
 * finds it.
 */
function odd(next: string, firstInfinite: string, secondInfinite: string, zeroFirst: string, zeroSecond: string) {
  return `
    odd:
      lsls r1, r1, #1
      lsrs r1, r1, #1
      lsls r3, r3, #1
      lsrs r3, r3, #1
      ldr  r7, =0x7ff00000
      cmp  r1, r7
      bhi  notANumber
      blo  1f
      cmp  r0, #0
      bne  notANumber
    1:
      cmp  r3, r7
      bhi  notANumber
      blo  1f
      cmp  r2, #0
      bne  notANumber
    1:
      movs r4, r1
      orrs r4, r0             @ 0 if the first is
      movs r5, r3
      orrs r5, r2
      cmp  r1, r7
      beq  firstInfinite
      cmp  r3, r7
      beq  secondInfinite
      cmp  r5, #0
      beq  zeroSecond
      cmp  r4, #0
      beq  zeroFirst
      movs r7, #1
      lsls r7, r7, #20
      lsrs r4, r1, #20
      subs r4, #1
      lsrs r5, r3, #20
      subs r5, #1
      mov  r12, r6
      ${significand("r1", "r0", "r4", "r7", "r6")}
      ${significand("r3", "r2", "r5", "r7", "r6")}
      mov  r6, r12
      b    ${next}
    firstInfinite:
      movs r2, r6
      ${firstInfinite}
    secondInfinite:
      movs r2, r6
      ${secondInfinite}
    zeroSecond:
      movs r2, r6
      ${zeroSecond}
    zeroFirst:
      movs r2, r6
      ${zeroFirst}
    notANumber:
      b    nan`;
}

/**
 * 64 bits of the product of two words in halves, x1:x0 and y1:y0 (registers), the high word in y1, the low one in
 * `low`; x0, x1 and y0 are lost.
 */
function product(x0: string, x1: string, y0: string, y1: string, low: string): string {
  return `
      movs ${low}, ${x0}
      muls ${low}, ${y0}
      muls ${x0}, ${y1}
      muls ${y0}, ${x1}
      muls ${y1}, ${x1}
      adds ${x0}, ${x0}, ${y0}
      movs ${y0}, #0
      adcs ${y0}, ${y0}
      lsls ${y0}, ${y0}, #16
      adds ${y1}, ${y1}, ${y0}
      lsls ${y0}, ${x0}, #16
      lsrs ${x0}, ${x0}, #16
      adds ${low}, ${low}, ${y0}
      adcs ${y1}, ${x0}`;
}

/**
 * `__aeabi_dmul`: 106 bits in four words from three products of 32 bits, and one of 21 bits by 11 and by 10; the lowest
 * word only says whether it is 0.
 */
const multiply = `
      .global __aeabi_dmul
      ${odd(
        "multiply",
        "cmp r5, #0\n beq notANumber\n b infinity",
        "cmp r4, #0\n beq notANumber\n b infinity",
        "b zero",
        "b zero",
      )}
    __aeabi_dmul:
      ${unpack}
    multiply:
      adds r4, r4, r5
      ldr  r7, =1023
      subs r4, r4, r7
      lsls r4, r4, #1
      orrs r4, r6
      push {r4}               @ exponent and sign
      mov  lr, r1
      mov  r12, r3
      uxth r4, r0
      lsrs r5, r0, #16
      uxth r6, r3
      lsrs r7, r3, #16
      ${product("r4", "r5", "r6", "r7", "r1")}
      uxth r3, r0
      lsrs r0, r0, #16
      uxth r4, r2
      lsrs r5, r2, #16
      ${product("r3", "r0", "r4", "r5", "r6")}
      movs r4, #0
      adds r1, r1, r5
      adcs r7, r4             @ r7:r1:r6
      mov  r0, lr
      uxth r3, r0
      lsrs r4, r0, #16
      uxth r5, r2
      lsrs r2, r2, #16
      ${product("r3", "r4", "r5", "r2", "r0")}
      adds r1, r1, r0
      adcs r7, r2
      mov  r0, lr
      mov  r2, r12
      lsrs r3, r2, #10
      lsls r2, r2, #22
      lsrs r2, r2, #22
      muls r3, r0
      muls r2, r0
      movs r5, #0
      lsrs r4, r3, #22
      lsls r3, r3, #10
      adds r3, r3, r2
      adcs r4, r5
      adds r3, r3, r7
      adcs r4, r5             @ r4:r3:r1:r6
      subs r0, r6, #1         @ r6 is 0 or becomes 1
      sbcs r6, r0
      orrs r6, r1
      lsls r4, r4, #11
      lsrs r0, r3, #21
      orrs r4, r0
      lsls r0, r3, #11
      lsrs r1, r1, #21
      orrs r0, r1
      lsls r6, r6, #11
      pop  {r2}
      asrs r5, r2, #1
      adds r5, #1
      lsrs r3, r4, #20
      bne  1f
      adds r6, r6, r6
      adcs r0, r0
      adcs r4, r4
      b    2f
    1:
      adds r5, #1
    2:
      ${roundAndReturn}`;

/** 14 or 13 bits of the quotient to r5, and what remains of the dividend, shifted. */
function digit(bits: number, fromHigh: number, keep: string): string {
  return `
      lsrs r5, r1, #${fromHigh}
      muls r5, r4
      lsrs r5, r5, #16
      lsls r1, r1, #${bits}
      lsrs r6, r0, #${32 - bits}
      orrs r1, r6
      lsls r0, r0, #${bits}
      lsrs r6, r2, #16
      muls r6, r5
      lsls r7, r6, #16
      lsrs r6, r6, #16
      subs r0, r0, r7
      sbcs r1, r6
      uxth r6, r2
      muls r6, r5
      movs r7, #0
      subs r0, r0, r6
      sbcs r1, r7
      ${keep}
      muls r5, r3
      subs r1, r1, r5`;
}

/**
 * `__aeabi_ddiv`: four digits of the quotient, each by a multiplication with the divisor's reciprocal, 2^68 / b, which
 * is at most 2^-14 of itself too small. With the 16 bits of what remains that are taken, a digit is less than 4 too
 * small, so what remains is less than 4 b and fits, and digits may overlap.
 *
 * The reciprocal of b from 1 to 2: 1.4118 - 0.4706 b is at most 1/17 wrong; a step of Newton's, x (2 - b x), squares
 * that and never gives too much; the second is exact but for its last place.
 */
const divide = `
      .global __aeabi_ddiv
      ${odd(
        "divide",
        "ldr r7, =0x7ff00000\n cmp r3, r7\n beq notANumber\n b infinity",
        "b zero",
        "b zero",
        "cmp r4, #0\n beq notANumber\n b infinity",
      )}
    __aeabi_ddiv:
      ${unpack}
    divide:
      subs r4, r4, r5
      ldr  r7, =1022
      adds r4, r4, r7
      cmp  r1, r3
      bne  1f
      cmp  r0, r2
    1:
      bhs  1f
      subs r4, #1
      adds r0, r0, r0
      adcs r1, r1
    1:
      lsls r4, r4, #1
      orrs r4, r6
      push {r4}               @ exponent and sign
      lsrs r5, r3, #5
      adds r5, #1             @ b, upwards, 15 bits to the right of the point
      movs r6, #241
      muls r6, r5
      lsrs r6, r6, #9
      movs r4, #181
      lsls r4, r4, #8
      subs r4, r4, r6
      muls r5, r4
      negs r5, r5             @ 2 less the product, in the 31 bits to the right
      lsls r5, r5, #1
      lsrs r5, r5, #16
      muls r4, r5
      lsrs r4, r4, #18        @ 12 bits to the right of the point
      adds r5, r3, #1
      muls r5, r4
      negs r5, r5             @ 1 less the product, 32 bits to the right
      lsrs r5, r5, #12
      muls r5, r4
      lsrs r5, r5, #16
      lsls r4, r4, #4
      adds r4, r4, r5
      ${digit(14, 6, "mov  lr, r5")}
      ${digit(13, 7, "mov  r6, lr\n lsls r6, r6, #13\n adds r6, r6, r5\n mov  lr, r6")}
      ${digit(13, 7, "mov  r12, r5")}
      ${digit(13, 7, "mov  r6, r12\n lsls r6, r6, #13\n adds r6, r6, r5\n mov  r12, r6")}
      mov  r4, r12
      b    2f
    1:
      movs r0, r5
      movs r1, r6
      adds r4, #1
    2:
      movs r6, r1
      subs r5, r0, r2
      sbcs r6, r3
      bhs  1b
      mov  r5, lr
      orrs r1, r0
      subs r0, r1, #1
      sbcs r1, r0             @ 1 if anything remains
      lsls r6, r4, #31
      orrs r6, r1
      lsrs r0, r4, #1
      lsrs r4, r5, #7
      lsls r5, r5, #25
      movs r1, #0
      adds r0, r0, r5
      adcs r4, r1
      pop  {r2}
      asrs r5, r2, #1
      ${roundAndReturn}`;

/** Products and quotients. */
export const float64Multiply: readonly string[] = [multiply, divide];
