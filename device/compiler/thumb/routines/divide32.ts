import { stopWith } from "./trap-text.js";

/** One bit of the quotient: r0 what is left of the dividend, r1 the divisor, r2 the quotient so far. */
function step(bit: number): string {
  return bit === 0
    ? `cmp  r0, r1
       blo  1f
       subs r0, r0, r1
    1: adcs r2, r2`
    : `lsrs r3, r0, #${bit}
       cmp  r3, r1
       blo  1f
       lsls r3, r1, #${bit}
       subs r0, r0, r3
    1: adcs r2, r2`;
}

const steps = (from: number, to: number): string =>
  Array.from({ length: from - to + 1 }, (_, index) => step(from - index)).join("\n");

/**
 * 32-bit division. Every entry traps on division by zero; only `i32.div_s` on -2^31 / -1. Long division, unrolled,
 * begun at the block of 8 bits that the quotient's highest bit is in: 5 or 6 cycles a bit.
 */
export const divide32 = `
      .global i32.div_s
      .global i32.div_u
      .global i32.rem_s
      .global i32.rem_u
      .global __aeabi_idiv
      .global __aeabi_idivmod
      .global __aeabi_uidiv
      .global __aeabi_uidivmod
    i32.rem_u:
      cmp  r1, #0
      beq  zero
      push {r4, lr}
      bl   divide
      movs r0, r1
      pop  {r4, pc}
    i32.rem_s:
      cmp  r1, #0
      beq  zero
      push {r4, lr}
      bl   signed
      movs r0, r1
      pop  {r4, pc}
    zero:
      ${stopWith("integer divide by zero")}
    i32.div_s:
      adds r3, r1, #1
      bne  __aeabi_idiv
      movs r3, #1
      lsls r3, r3, #31
      cmp  r0, r3
      bne  __aeabi_idiv
      ${stopWith("integer overflow")}

    __aeabi_idiv:
    __aeabi_idivmod:
      cmp  r1, #0
      beq  zero
    signed:
      movs r3, r0
      orrs r3, r1
      bpl  divide
      push {r4, r5, lr}
      asrs r4, r0, #31        @ the remainder's sign
      eors r0, r4
      subs r0, r0, r4
      asrs r5, r1, #31
      eors r1, r5
      subs r1, r1, r5
      eors r5, r4             @ the quotient's sign
      bl   divide
      eors r0, r5
      subs r0, r0, r5
      eors r1, r4
      subs r1, r1, r4
      pop  {r4, r5, pc}

    i32.div_u:
    __aeabi_uidiv:
    __aeabi_uidivmod:
      cmp  r1, #0
      beq  zero
    divide:
      movs r2, #0
      lsrs r3, r0, #16
      cmp  r3, r1
      bhs  large
      lsrs r3, r0, #8
      cmp  r3, r1
      blo  below8
    from15:
      ${steps(15, 8)}
      b    from7
    below8:
      lsrs r3, r0, #4
      cmp  r3, r1
      blo  below4
    from7:
      ${steps(7, 4)}
    below4:
      ${steps(3, 0)}
      movs r1, r0
      movs r0, r2
      bx   lr
    large:
      lsrs r3, r0, #24
      cmp  r3, r1
      blo  below24
      ${steps(31, 24)}
    below24:
      ${steps(23, 16)}
      b    from15`;
