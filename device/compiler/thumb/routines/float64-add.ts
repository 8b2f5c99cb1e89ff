/** Shifts the second significand, r5:r2, right by r6 (below 32); what it loses goes to r7. */
const align = (far: string): string => `
      movs r4, #32
      subs r4, r4, r6
      bls  ${far}
      movs r7, r2
      lsls r7, r4
      lsrs r2, r6
      movs r3, r5
      lsls r3, r4
      orrs r2, r3
      lsrs r5, r6`;

/**
 * `__aeabi_dadd`, `__aeabi_dsub`, `__aeabi_drsub` (b - a). The operand of larger exponent, r1:r0, stays as it is, sign
 * and exponent included; the other one's significand is added or subtracted, with a third word, r7, to the right of it
 * for rounding. So where the exponent is the same afterwards, nothing is left to do but to round, and a subnormal isn't
 * special but in that it has exponent 1 and no implicit bit. A carry out of rounding into the exponent is right, too.
 */
const add = `
      .global __aeabi_dadd
      .global __aeabi_dsub
      .global __aeabi_drsub
    __aeabi_drsub:
      push {r4-r7, lr}
      movs r4, #1
      lsls r4, r4, #31
      eors r1, r4
      b    both
    __aeabi_dsub:
      push {r4-r7, lr}
      movs r4, #1
      lsls r4, r4, #31
      eors r3, r4
      b    both
    exchange:
      mov  r12, r0
      movs r0, r2
      mov  r2, r12
      mov  r12, r1
      movs r1, r3
      mov  r3, r12
      movs r7, r4
      movs r4, r5
      movs r5, r7
      negs r6, r6
      b    ordered
    __aeabi_dadd:
      push {r4-r7, lr}
    both:
      lsls r4, r1, #1
      lsrs r4, r4, #21
      lsls r5, r3, #1
      lsrs r5, r5, #21
      subs r6, r4, r5
      blo  exchange
    ordered:
      adds r7, r4, #1
      lsrs r7, r7, #11
      bne  special
      cmp  r5, #0
      beq  subnormal
      mov  r12, r1
      movs r7, #1
      lsls r7, r7, #20
      lsls r5, r3, #12
      lsrs r5, r5, #12
      orrs r5, r7
      eors r3, r1
      bmi  subtract
    sum:
      ${align("farSum")}
    addAligned:
      adds r0, r0, r2
      adcs r1, r5
      mov  r3, r12
      eors r3, r1
      lsrs r3, r3, #20
      bne  carried
    round:                    @ r3 is 0
      lsls r7, r7, #1
      bcc  done
      bne  1f                 @ C is 1
      lsrs r7, r0, #1         @ a tie: C is 1 if it is odd
    1:
      adcs r0, r3
      adcs r1, r3
    done:
      pop  {r4-r7, pc}
    farSum:
      bl   far
      b    addAligned
    farDifference:
      bl   far
      b    subtractAligned
    subtract:
      ${align("farDifference")}
    subtractAligned:
      negs r7, r7
      sbcs r0, r2
      sbcs r1, r5
      mov  r3, r12
      eors r3, r1
      lsrs r3, r3, #20
      beq  round
      mov  r4, r12            @ the significand alone, below 1, to r1:r0
      lsrs r4, r4, #20
      lsls r5, r4, #20
      subs r1, r1, r5
      movs r3, #1
      lsls r3, r3, #20
      adds r1, r1, r3
      bmi  negative
    positive:
      lsls r6, r4, #21
      lsrs r6, r6, #21        @ the exponent
      cmp  r6, #1
      beq  sign               @ it can't be less
      adds r7, r7, r7
      adcs r0, r0
      adcs r1, r1
      lsrs r3, r1, #20
      beq  cancelled
      subs r4, #2             @ the implicit bit makes it one more
      lsls r4, r4, #20
      adds r1, r1, r4
      movs r3, #0
      b    round
    special:
      lsls r7, r1, #12
      orrs r7, r0
      bne  nan
      cmp  r5, r4
      bne  done
      lsls r7, r3, #12
      orrs r7, r2
      bne  nan
      eors r3, r1
      bpl  done
    nan:
      ldr  r1, =0x7ff80000
      movs r0, #0
      pop  {r4-r7, pc}
    carried:                  @ a significand from 2 to 4
      mov  r5, r12            @ (x + sign, exponent and implicit bit) / 2, in 65 bits
      lsrs r5, r5, #20
      adds r5, #1
      lsls r5, r5, #19
      lsls r3, r1, #31
      lsrs r1, r1, #1
      adds r1, r1, r5
      lsrs r0, r0, #1         @ C: half of the last place
      orrs r0, r3
      bcc  2f
      movs r3, #0
      cmp  r7, #0             @ C is 1
      bne  1f
      lsrs r7, r0, #1
    1:
      adcs r0, r3
      adcs r1, r3
    2:
      lsls r3, r1, #1
      lsrs r3, r3, #21
      adds r3, #1
      lsrs r3, r3, #11
      beq  1f
      mov  r1, r12            @ infinity
      lsrs r1, r1, #31
      lsls r1, r1, #31
      ldr  r0, =0x7ff00000
      orrs r1, r0
      movs r0, #0
    1:
      pop  {r4-r7, pc}
    subnormal:                @ the second is, or 0
      lsls r5, r3, #1
      orrs r5, r2
      beq  nothing
      mov  r12, r1
      lsls r5, r3, #12
      lsrs r5, r5, #12
      cmp  r4, #0
      beq  bothSubnormal
      subs r6, #1
      eors r3, r1
      bmi  subtract
      b    sum
    nothing:
      lsls r5, r1, #1
      orrs r5, r0
      bne  done
      ands r1, r3             @ -0 of two alone
      pop  {r4-r7, pc}
    bothSubnormal:
      eors r3, r1
      bmi  1f
      adds r0, r0, r2
      adcs r1, r5             @ a carry makes the exponent 1
      pop  {r4-r7, pc}
    1:
      movs r7, #0
      lsrs r4, r1, #31
      lsls r4, r4, #11
      lsls r1, r1, #12
      lsrs r1, r1, #12
      subs r0, r0, r2
      sbcs r1, r5
      adds r4, #1
      cmp  r1, #0
      bpl  positive
    negative:                 @ the exponents are equal: r7 is 0
      movs r3, #0
      negs r0, r0
      sbcs r3, r1
      movs r1, r3
      movs r3, #1
      lsls r3, r3, #11
      eors r4, r3
      b    positive
    sign:
      lsrs r4, r4, #11
      lsls r4, r4, #31
      movs r3, r0
      orrs r3, r1
      beq  1f
      orrs r1, r4
    1:
      pop  {r4-r7, pc}
    far:
      subs r6, #32
      cmp  r6, #24
      bhs  tiny
      movs r4, #32
      subs r4, r4, r6
      movs r7, r2
      lsrs r7, r6
      lsls r2, r4
      beq  1f
      movs r2, #1             @ something is lost
      orrs r7, r2
    1:
      movs r2, r5
      lsls r2, r4
      orrs r7, r2
      movs r2, r5
      lsrs r2, r6
      movs r5, #0
      bx   lr
    tiny:                     @ less than an eighth of the last place
      movs r2, #0
      movs r5, #0
      movs r7, #1
      bx   lr
    cancelled:                @ the exponents differ by one at most: r7 is 0
      movs r5, #1
      cmp  r1, #0
      bne  1f
      cmp  r0, #0
      beq  2f
      adds r5, #20
      lsrs r1, r0, #12
      lsls r0, r0, #20
      cmp  r1, #0
      bne  1f
      adds r5, #12
      lsrs r1, r0, #20
      movs r0, #0
    1:
      movs r2, #0
      ${[16, 8, 4, 2, 1]
        .map(
          (count) => `
      lsrs r3, r1, #${21 - count}
      bne  1f
      lsls r1, r1, #${count}
      adds r2, #${count}
    1:`,
        )
        .join("")}
      movs r3, #32
      subs r3, r3, r2
      movs r7, r0
      lsrs r7, r3
      orrs r1, r7
      lsls r0, r2
      adds r5, r5, r2
      lsrs r4, r4, #11
      lsls r4, r4, #31        @ the sign
      subs r6, r6, r5
      ble  1f
      subs r6, #1
      lsls r6, r6, #20
      adds r1, r1, r6
      orrs r1, r4
    2:
      pop  {r4-r7, pc}
    1:                        @ subnormal: back, by no more than it went
      movs r5, #1
      subs r6, r5, r6
      cmp  r6, #32
      blo  1f
      subs r6, #32
      movs r0, r1
      movs r1, #0
    1:
      lsrs r0, r6
      movs r5, #32
      subs r5, r5, r6
      movs r2, r1
      lsls r2, r5
      orrs r0, r2
      lsrs r1, r6
      orrs r1, r4
      pop  {r4-r7, pc}`;

/** Sums. */
export const float64Add: readonly string[] = [add];
