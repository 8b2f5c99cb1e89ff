import { reciprocal } from "./reciprocal.js";
import { stopWith } from "./trap-text.js";

/** `__aeabi_lmul`: the low 64 bits; the low words' product from four of 16 bits. */
const multiply = `
      .global __aeabi_lmul
    __aeabi_lmul:
      muls r1, r2
      muls r3, r0
      adds r1, r1, r3
      push {r4, r5}
      lsrs r3, r0, #16
      lsrs r4, r2, #16
      movs r5, r3
      muls r5, r4
      adds r1, r1, r5
      uxth r0, r0
      uxth r2, r2
      muls r3, r2
      muls r4, r0
      muls r0, r2
      adds r3, r3, r4
      movs r4, #0
      adcs r4, r4
      lsls r4, r4, #16
      adds r1, r1, r4
      lsls r4, r3, #16
      lsrs r3, r3, #16
      adds r0, r0, r4
      adcs r1, r3
      pop  {r4, r5}
      bx   lr`;

/**
 * So many bits of the quotient to r3, what remains to r1:r0, shifted: it's less than 4 times the divisor, r6, in r1, as
 * a digit is less than 2.3 too small.
 */
const digit = (bits: number): string => `
      lsrs r2, r1, #16
      muls r2, r5
      lsrs r2, r2, #${29 - bits}
      lsls r1, r1, #${bits}
      lsrs r4, r0, #${32 - bits}
      orrs r1, r4
      lsls r0, r0, #${bits}
      lsls r3, r3, #${bits}
      adds r3, r3, r2
      muls r2, r6
      subs r1, r1, r2`;

/**
 * 64-bit division. Every entry traps on division by zero; only `i64.div_s` on -2^63 / -1. Two words of 32 bits are left
 * to the 32-bit routine; a divisor of 30 bits takes one 32-bit division for the quotient's high word and three digits by its
 * reciprocal for the low one; others a step for each bit of the quotient.
 */
const divide = `
      .global i64.div_s
      .global i64.div_u
      .global i64.rem_s
      .global i64.rem_u
      .global __aeabi_ldivmod
      .global __aeabi_uldivmod
    i64.rem_u:
      movs r2, r2
      bne  1f
      cmp  r3, #0
      beq  zero
    1:
      push {r4, lr}
      bl   divide
      movs r0, r2
      movs r1, r3
      pop  {r4, pc}
    i64.rem_s:
      cmp  r2, #0
      bne  1f
      cmp  r3, #0
      beq  zero
    1:
      push {r4, lr}
      bl   signed
      movs r0, r2
      movs r1, r3
      pop  {r4, pc}
    zero:
      ${stopWith("integer divide by zero")}
    i64.div_s:
      push {r4}
      movs r4, r2
      ands r4, r3
      adds r4, #1
      bne  1f                 @ the divisor isn't -1
      movs r4, #1
      lsls r4, r4, #31
      eors r4, r1
      orrs r4, r0
      bne  1f                 @ the dividend isn't -2^63
      pop  {r4}
      ${stopWith("integer overflow")}
    1:
      pop  {r4}
    __aeabi_ldivmod:
      cmp  r2, #0
      bne  signed
      cmp  r3, #0
      beq  zero
    signed:
      push {r4, r5, r6, lr}
      asrs r4, r1, #31        @ the remainder's sign
      asrs r5, r3, #31
      eors r0, r4
      eors r1, r4
      subs r0, r0, r4
      sbcs r1, r4
      eors r2, r5
      eors r3, r5
      subs r2, r2, r5
      sbcs r3, r5
      eors r5, r4             @ the quotient's sign
      bl   divide
      eors r0, r5
      eors r1, r5
      subs r0, r0, r5
      sbcs r1, r5
      eors r2, r4
      eors r3, r4
      subs r2, r2, r4
      sbcs r3, r4
      pop  {r4, r5, r6, pc}

    i64.div_u:
    __aeabi_uldivmod:
      cmp  r2, #0
      bne  divide
      cmp  r3, #0
      beq  zero
    divide:
      cmp  r3, #0
      bne  wide
      push {r4, r5, r6, lr}
      movs r6, r2             @ the divisor
      movs r4, #0             @ the quotient's high word
      movs r5, r0
      cmp  r1, #0
      beq  small
      cmp  r1, r2
      blo  1f
      movs r0, r1
      movs r1, r2
      bl   __aeabi_uidivmod
      movs r4, r0
    1:
      movs r0, r5
      cmp  r1, #0
      beq  small
      lsrs r3, r6, #30        @ r1 is below the divisor: 32 more bits
      beq  reciprocal
      movs r3, #32
    2:
      adds r0, r0, r0
      adcs r1, r1
      bcs  3f
      cmp  r1, r6
      blo  4f
    3:
      subs r1, r1, r6
      adds r0, #1
    4:
      subs r3, #1
      bne  2b
      movs r2, r1
      b    done
    small:
      movs r1, r6
      bl   __aeabi_uidivmod
      movs r2, r1
    done:
      movs r1, r4
      movs r3, #0
      pop  {r4, r5, r6, pc}

    wide:                     @ a quotient of at most 32 bits
      push {r4, r5, r6, lr}
      movs r4, #0
      movs r5, #1             @ counts the bits
      cmp  r1, r3
      blo  2f                 @ the quotient is 0 (or so the last step finds)
      lsrs r6, r1, #1
    1:
      cmp  r3, r6
      bhi  2f                 @ doubled, it would be more than the dividend, or more than 64 bits
      adds r2, r2, r2
      adcs r3, r3
      adds r5, #1
      b    1b
    2:
      cmp  r1, r3
      bne  3f
      cmp  r0, r2
    3:
      blo  4f
      subs r0, r0, r2
      sbcs r1, r3
    4:
      adcs r4, r4
      lsrs r2, r2, #1
      lsls r6, r3, #31
      orrs r2, r6
      lsrs r3, r3, #1
      subs r5, #1
      bne  2b
      movs r2, r0
      movs r3, r1
      movs r0, r4
      movs r1, #0
      pop  {r4, r5, r6, pc}

    reciprocal:
      mov  lr, r4
      movs r2, #0             @ bit 29 of the divisor is to be set
      ${[16, 8, 4, 2, 1]
        .map(
          (count) => `
      lsrs r3, r6, #${30 - count}
      bne  1f
      lsls r6, r6, #${count}
      adds r2, #${count}
    1:`,
        )
        .join("")}
      mov  r12, r2
      lsls r1, r2
      movs r3, r0
      lsls r0, r2
      negs r2, r2
      adds r2, #32
      lsrs r3, r2
      orrs r1, r3
      lsrs r4, r6, #14
      adds r4, #1             @ b, upwards
      ${reciprocal("r4", "r5", "r3")}
      movs r3, #0
      ${[11, 11, 10].map(digit).join("")}
      b    2f
    1:
      subs r1, r1, r6
      adds r3, #1
    2:
      cmp  r1, r6
      bhs  1b
      movs r0, r3
      mov  r2, r12
      lsrs r1, r2
      movs r2, r1
      mov  r4, lr
      b    done`;

/** Arithmetic of 64-bit integers. */
export const integer64: readonly string[] = [multiply, divide];
