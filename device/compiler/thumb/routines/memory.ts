/**
 * `memory.copy(to, from, bytes)`: either may be anywhere. Sixteen bytes at a time where both are equally far from a word
 * boundary; forward, words put together from two otherwise. Backward only where the ranges overlap such that it must be.
 */
const copy = `
      .global memory.copy
    memory.copy:
      subs r3, r0, r1
      cmp  r3, r2
      blo  backward
      cmp  r2, #16
      blo  bytes
    1:                        @ bytes up to a word boundary
      lsls r3, r0, #30
      beq  2f
      ldrb r3, [r1]
      strb r3, [r0]
      adds r0, #1
      adds r1, #1
      subs r2, #1
      b    1b
    2:
      push {r4-r7}
      movs r4, #3
      ands r4, r1
      bne  shifted
      subs r2, #16
      blo  4f
    3:
      ldmia r1!, {r4-r7}
      stmia r0!, {r4-r7}
      subs r2, #16
      bhs  3b
    4:
      pop  {r4-r7}
      adds r2, #12
      bmi  6f
    5:
      ldmia r1!, {r3}
      stmia r0!, {r3}
      subs r2, #4
      bpl  5b
    6:
      adds r2, #4
    bytes:
      adds r0, r0, r2
      adds r1, r1, r2
      negs r2, r2
      beq  done
    1:
      ldrb r3, [r1, r2]
      strb r3, [r0, r2]
      adds r2, #1
      bne  1b
    done:
      bx   lr
    shifted:
      mov  r12, r4
      lsls r5, r4, #3
      movs r6, #32
      subs r6, r6, r5
      subs r1, r1, r4
      ldmia r1!, {r3}
      lsrs r3, r5
      subs r2, #4
    1:
      ldmia r1!, {r7}
      movs r4, r7
      lsls r4, r6
      orrs r3, r4
      stmia r0!, {r3}
      movs r3, r7
      lsrs r3, r5
      subs r2, #4
      bhs  1b
      add  r1, r1, r12        @ no byte of the last word but those before it is copied yet
      subs r1, #4
      adds r2, #4
      pop  {r4-r7}
      b    bytes
    backward:
      cmp  r2, #16
      blo  backwardBytes
      lsls r3, r3, #30
      bne  backwardBytes
    1:
      adds r3, r0, r2
      lsls r3, r3, #30
      beq  2f
      subs r2, #1
      ldrb r3, [r1, r2]
      strb r3, [r0, r2]
      b    1b
    2:
      push {r4-r7}
      adds r0, r0, r2
      adds r1, r1, r2
      subs r2, #16
      blo  4f
    3:
      subs r0, #16
      subs r1, #16
      ldmia r1!, {r4-r7}
      stmia r0!, {r4-r7}
      subs r0, #16
      subs r1, #16
      subs r2, #16
      bhs  3b
    4:
      pop  {r4-r7}
      adds r2, #16
      subs r0, r0, r2
      subs r1, r1, r2
    backwardBytes:
      cmp  r2, #0
      beq  done
    1:
      subs r2, #1
      ldrb r3, [r1, r2]
      strb r3, [r0, r2]
      bne  1b
      bx   lr`;

/** `memory.fill(to, value, bytes)`; `table.fill(to, value, words)`. */
const fill = `
      .global memory.fill
      .global table.fill
    memory.fill:
      cmp  r2, #8
      blo  bytes
      uxtb r1, r1
      lsls r3, r1, #8
      orrs r1, r3
      lsls r3, r1, #16
      orrs r1, r3
    1:                        @ bytes up to a word boundary
      lsls r3, r0, #30
      beq  2f
      strb r1, [r0]
      adds r0, #1
      subs r2, #1
      b    1b
    2:
      subs r2, #16
      blo  4f
      push {r4, r5}
      movs r3, r1
      movs r4, r1
      movs r5, r1
    3:
      stmia r0!, {r1, r3, r4, r5}
      subs r2, #16
      bhs  3b
      pop  {r4, r5}
    4:
      adds r2, #12
      bmi  6f
    5:
      stmia r0!, {r1}
      subs r2, #4
      bpl  5b
    6:
      adds r2, #4
    bytes:
      subs r2, #1
      blo  done
      strb r1, [r0, r2]
      b    bytes
    table.fill:
      subs r2, #1
      blo  done
      stmia r0!, {r1}
      b    table.fill
    done:
      bx   lr`;

/** Moving and filling memory, at addresses that have been checked. */
export const memory: readonly string[] = [copy, fill];
