/**
 * `__aeabi_fadd`, `__aeabi_fsub`, `__aeabi_frsub` (b - a): the operand of larger magnitude in r0, both significands with
 * six bits to the right of them, the last of which says whether anything was lost. A subnormal has exponent 1 and no
 * implicit bit, so that packing by addition is right for it too.
 */
const add = `
      .global __aeabi_fadd
      .global __aeabi_fsub
      .global __aeabi_frsub
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
      bhs  1f
      movs r2, r0
      movs r0, r1
      movs r1, r2
      lsls r2, r0, #1
      lsls r3, r1, #1
    1:
      lsrs r2, r2, #24
      lsrs r3, r3, #24
      cmp  r2, #255
      beq  special
      push {r4, r5, lr}
      lsrs r4, r0, #31
      lsls r4, r4, #31        @ the result's sign
      movs r5, r0
      eors r5, r1             @ negative: subtract
      lsls r0, r0, #9
      lsrs r0, r0, #3
      lsls r1, r1, #9
      lsrs r1, r1, #3
      cmp  r3, #0
      beq  subnormal
      mov  r12, r3
      movs r3, #1
      lsls r3, r3, #29        @ the implicit bits
      adds r0, r0, r3
      adds r1, r1, r3
      mov  r3, r12
    distance:
      subs r3, r2, r3
      beq  aligned
      cmp  r3, #31
      blo  1f
      movs r1, #1             @ less than half of the last place either way, even where it is 0
      b    aligned
    1:
      mov  r12, r4
      movs r4, r1
      lsrs r1, r3
      negs r3, r3
      adds r3, #32
      lsls r4, r3
      beq  2f
      movs r4, #1
      orrs r1, r4
    2:
      mov  r4, r12
    aligned:
      cmp  r5, #0
      bmi  subtract
      adds r0, r0, r1
      lsls r1, r0, #1
      bpl  round
      movs r1, #1
      ands r1, r0
      lsrs r0, r0, #1
      orrs r0, r1
      adds r2, #1
      cmp  r2, #255
      beq  overflow
    round:
      lsls r1, r0, #26
      lsrs r0, r0, #6         @ C: half of the last place
      bcc  1f
      adds r0, #1
      lsls r1, r1, #1
      bne  1f
      lsrs r0, r0, #1         @ a tie: to even
      lsls r0, r0, #1
    1:
      subs r2, #1
      lsls r2, r2, #23
      adds r0, r0, r2
      orrs r0, r4
      pop  {r4, r5, pc}
    subnormal:
      cmp  r2, #0
      beq  both
      movs r3, #1
      lsls r3, r3, #29
      adds r0, r0, r3
      movs r3, #1
      b    distance
    both:
      movs r2, #1
      b    aligned
    overflow:
      movs r0, #255
      lsls r0, r0, #23
      orrs r0, r4
      pop  {r4, r5, pc}
    subtract:
      subs r0, r0, r1
      beq  zero
      lsls r1, r0, #2
      bmi  round
      movs r3, #0
      lsrs r1, r0, #14
      bne  1f
      lsls r0, r0, #16
      adds r3, #16
    1:
      lsrs r1, r0, #22
      bne  1f
      lsls r0, r0, #8
      adds r3, #8
    1:
      lsrs r1, r0, #26
      bne  1f
      lsls r0, r0, #4
      adds r3, #4
    1:
      lsrs r1, r0, #28
      bne  1f
      lsls r0, r0, #2
      adds r3, #2
    1:
      lsrs r1, r0, #29
      bne  1f
      lsls r0, r0, #1
      adds r3, #1
    1:
      subs r2, r2, r3
      bgt  round
      negs r2, r2             @ subnormal: back, by no more than it went
      adds r2, #1
      lsrs r0, r2
      movs r2, #1
      b    round
    zero:
      pop  {r4, r5, pc}

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
      bx   lr`;

/** Sums. */
export const float32Add: readonly string[] = [add];
