import { reciprocal } from "./reciprocal.js";
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
 * 32-bit division. Every entry traps on division by zero; only `i32.div_s` on -2^31 / -1. Quotients of up to 8 bits, and
 * those by more than 16 bits, by long division, unrolled, begun at the block of 4 or 8 bits that the highest bit is in: 5
 * or 6 cycles a bit. Others by the divisor's reciprocal, b from 1 to 2, 16 bits that are never too much (see
 * reciprocal.ts): that leaves little to be subtracted, mostly nothing or the divisor once.
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
      lsrs r3, r0, #8
      cmp  r3, r1
      blo  below8
      lsrs r3, r1, #16
      beq  reciprocal
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
    reciprocal:               @ the divisor has 16 bits at most
      push {r4, r5, r6}
      lsrs r3, r0, #16
      movs r4, r1
      movs r2, #15
      ${[8, 4, 2, 1]
        .map(
          (count) => `
      lsrs r5, r4, #${16 - count}
      bne  1f
      lsls r4, r4, #${count}
      subs r2, #${count}
    1:`,
        )
        .join("")}
      ${reciprocal("r4", "r5", "r6")}
      muls r3, r5
      lsrs r3, r2             @ the quotient's first part
      movs r6, r3
      muls r6, r1
      subs r0, r0, r6
      adds r2, #13
      lsrs r4, r0, #3         @ what remains has 19 bits at most
      muls r4, r5
      lsrs r4, r2             @ the second
      adds r3, r3, r4
      muls r4, r1
      subs r0, r0, r4
      b    2f
    1:
      subs r0, r0, r1
      adds r3, #1
    2:
      cmp  r0, r1
      bhs  1b
      movs r1, r0
      movs r0, r3
      pop  {r4, r5, r6}
      bx   lr`;
