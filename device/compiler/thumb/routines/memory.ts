/** `memory.copy(to, from, bytes)`: either may be anywhere; words where both are equally far from a word boundary. */
const copy = `
      .global memory.copy
    memory.copy:
      push {r4, lr}
      cmp  r0, r1
      bhi  backward
      movs r3, r0
      eors r3, r1
      lsls r3, r3, #30
      bne  bytes
    1:                        @ bytes up to a word boundary
      lsls r3, r0, #30
      beq  2f
      subs r2, #1
      blo  done
      ldrb r3, [r1]
      strb r3, [r0]
      adds r0, #1
      adds r1, #1
      b    1b
    2:
      subs r2, #4
      blo  3f
      ldmia r1!, {r3}
      stmia r0!, {r3}
      b    2b
    3:
      adds r2, #4
    bytes:
      subs r2, #1
      blo  done
      ldrb r3, [r1]
      strb r3, [r0]
      adds r0, #1
      adds r1, #1
      b    bytes
    backward:
      movs r3, r0
      eors r3, r1
      lsls r3, r3, #30
      bne  3f
    1:
      adds r3, r0, r2
      lsls r3, r3, #30
      beq  2f
      subs r2, #1
      blo  done
      ldrb r3, [r1, r2]
      strb r3, [r0, r2]
      b    1b
    2:
      subs r2, #4
      blo  4f
      ldr  r3, [r1, r2]
      str  r3, [r0, r2]
      b    2b
    4:
      adds r2, #4
    3:
      subs r2, #1
      blo  done
      ldrb r3, [r1, r2]
      strb r3, [r0, r2]
      b    3b
    done:
      pop  {r4, pc}`;

/** `memory.fill(to, value, bytes)`; `table.fill(to, value, words)`. */
const fill = `
      .global memory.fill
      .global table.fill
    memory.fill:
      uxtb r1, r1
      lsls r3, r1, #8
      orrs r1, r3
      lsls r3, r1, #16
      orrs r1, r3
    1:
      lsls r3, r0, #30
      beq  2f
      subs r2, #1
      blo  done
      strb r1, [r0]
      adds r0, #1
      b    1b
    2:
      subs r2, #4
      blo  3f
      stmia r0!, {r1}
      b    2b
    3:
      adds r2, #4
    4:
      subs r2, #1
      blo  done
      strb r1, [r0, r2]
      b    4b
    done:
      bx   lr
    table.fill:
      subs r2, #1
      blo  done
      stmia r0!, {r1}
      b    table.fill`;

/** Moving and filling memory, at addresses that have been checked. */
export const memory: readonly string[] = [copy, fill];
