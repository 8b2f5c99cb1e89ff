/** The second significand, with bit 31 set, right by r2 and 8 places; what it loses goes to r3. */
const align = `
      movs r3, r1
      adds r2, #8
      lsrs r1, r2
      negs r2, r2
      adds r2, #32
      lsls r3, r2`;

/** Bit 31 of r1 is the implicit one, the fraction follows. */
const implicit = `
      lsls r1, r1, #8
      movs r3, #1
      lsls r3, r3, #31
      orrs r1, r3`;

/**
 * `__aeabi_fadd`, `__aeabi_fsub`, `__aeabi_frsub` (b - a). The operand of larger magnitude, r0, stays as it is, sign and
 * exponent included; the other one's significand is added or subtracted, with a second word, r3, to the right of it for
 * rounding. So where the exponent is the same afterwards, nothing is left to do but to round, and a subnormal isn't
 * special but in that it has exponent 1 and no implicit bit. A carry out of rounding into the exponent is right, too.
 */
const add = `
      .global __aeabi_fadd
      .global __aeabi_fsub
      .global __aeabi_frsub
    subnormal:                @ the second is, or 0
      cmp  r2, #0
      beq  bothSubnormal
      cmp  r2, #255
      beq  special
      subs r2, #1
      mov  r12, r0
      lsls r3, r1, #9
      beq  1f
      lsrs r3, r3, #1
      eors r1, r0
      bmi  2f
      movs r1, r3
      b    sum
    2:
      movs r1, r3
      b    difference
    1:
      bx   lr
    bothSubnormal:
      movs r3, r0
      eors r3, r1
      lsls r1, r1, #1
      lsrs r1, r1, #1
      cmp  r3, #0
      bmi  1f
      adds r0, r0, r1         @ a carry makes the exponent 1
      bx   lr
    1:
      subs r0, r0, r1
      lsls r1, r0, #1
      bne  2f
      movs r0, #0
    2:
      bx   lr
    exchange:
      movs r2, r0
      movs r0, r1
      movs r1, r2
      lsls r2, r0, #1
      lsls r3, r1, #1
      b    ordered
    __aeabi_frsub:
      movs r2, #1
      lsls r2, r2, #31
      eors r0, r2
      b    __aeabi_fadd
    __aeabi_fsub:
      movs r2, #1
      lsls r2, r2, #31
      eors r1, r2
    __aeabi_fadd:
      lsls r2, r0, #1
      lsls r3, r1, #1
      cmp  r2, r3
      blo  exchange
    ordered:
      lsrs r2, r2, #24
      lsrs r3, r3, #24
      beq  subnormal
      cmp  r2, #255
      beq  special
      subs r2, r2, r3
      mov  r12, r0
      movs r3, r0
      eors r3, r1
      bmi  subtract
      ${implicit}
    sum:
      cmp  r2, #25
      bhs  done               @ less than half of the last place
      ${align}
      adds r0, r0, r1
      mov  r2, r12
      eors r2, r0
      lsrs r2, r2, #23
      bne  carried
    round:                    @ r2 is 0
      lsls r3, r3, #1
      bcc  done
      bne  1f                 @ C is 1
      lsrs r3, r0, #1         @ a tie: C is 1 if it is odd
    1:
      adcs r0, r2
    done:
      bx   lr
    carried:                  @ a significand from 2 to 4
      mov  r2, r12            @ (x + sign, exponent and implicit bit) / 2, in 33 bits
      lsrs r2, r2, #23
      adds r2, #1
      lsls r2, r2, #22
      lsls r1, r0, #31        @ half of the last place
      lsrs r0, r0, #1
      adds r0, r0, r2
      lsls r1, r1, #1
      bcc  2f
      movs r2, #0
      cmp  r3, #0             @ C is 1
      bne  1f
      lsrs r3, r0, #1
    1:
      adcs r0, r2
    2:
      lsls r1, r0, #1
      lsrs r1, r1, #24
      cmp  r1, #255
      bne  done
      mov  r0, r12            @ infinity
      lsrs r0, r0, #31
      lsls r0, r0, #8
      adds r0, r0, r1
      lsls r0, r0, #23
      bx   lr
    special:                  @ a NaN would be the larger one
      lsls r2, r0, #9
      bne  nan
      cmp  r3, #255
      bne  1f
      cmp  r0, r1
      bne  nan
    1:
      bx   lr
    nan:
      ldr  r0, =0x7fc00000
      bx   lr
    subtract:
      ${implicit}
    difference:
      cmp  r2, #25
      bhs  far
      ${align}
    subtractAligned:
      negs r3, r3
      sbcs r0, r1
      mov  r2, r12
      eors r2, r0
      lsrs r2, r2, #23
      beq  round
      mov  r1, r12            @ the significand alone, below 1, to r0
      lsrs r1, r1, #23
      lsls r2, r1, #23
      subs r0, r0, r2
      movs r2, #1
      lsls r2, r2, #23
      adds r0, r0, r2
      lsls r2, r1, #24
      lsrs r2, r2, #24        @ the exponent
      cmp  r2, #1
      beq  sign               @ it can't be less
      adds r3, r3, r3
      adcs r0, r0
      lsrs r2, r0, #23
      beq  cancelled
      subs r1, #2             @ the implicit bit makes it one more
      lsls r1, r1, #23
      adds r0, r0, r1
      movs r2, #0
      b    round
    sign:
      cmp  r0, #0
      beq  1f
      lsrs r1, r1, #8
      lsls r1, r1, #31
      orrs r0, r1
    1:
      bx   lr
    far:
      bhi  1f                 @ less than a quarter of the last place
      movs r3, r1
      lsrs r3, r3, #1
      movs r1, #0
      b    subtractAligned
    1:
      bx   lr
    cancelled:                @ the exponents differ by one at most: r3 is 0
      cmp  r0, #0
      beq  1f
      movs r2, #1
      ${[16, 8, 4, 2, 1]
        .map(
          (count) => `
      lsrs r3, r0, #${24 - count}
      bne  2f
      lsls r0, r0, #${count}
      adds r2, #${count}
    2:`,
        )
        .join("")}
      lsls r3, r1, #24
      lsrs r3, r3, #24        @ the exponent
      lsrs r1, r1, #8
      lsls r1, r1, #31        @ the sign
      orrs r1, r0
      subs r3, r3, r2
      ble  2f
      subs r3, #1
      lsls r3, r3, #23
      adds r0, r1, r3
    1:
      bx   lr
    2:                        @ subnormal: back, by no more than it went
      negs r3, r3
      adds r3, #1
      lsrs r0, r3
      lsrs r1, r1, #31
      lsls r1, r1, #31
      orrs r0, r1
      bx   lr`;

/** Sums. */
export const float32Add: readonly string[] = [add];
