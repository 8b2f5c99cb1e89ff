import { contextOffsets as word } from "../context.js";

/**
 * `memory.grow(pages)`: the pages before, or -1 when there isn't room as the context says. The new ones are zeroed,
 * whatever the host has left there. It finds the context by r11, which is the address of linear memory.
 * @param memoryOffset bytes from the context to linear memory
 */
export function memoryGrow(memoryOffset: number): string {
  return `
      .global memory.grow
    memory.grow:
      mov  r1, r11
      ldr  r2, =${memoryOffset}
      subs r1, r1, r2
      ldr  r2, [r1, #${word.memoryBytes}]
      ldr  r3, [r1, #${word.memoryLimit}]
      subs r3, r3, r2
      lsrs r3, r3, #16        @ pages that there is room for
      cmp  r0, r3
      bhi  refused
      lsls r3, r0, #16
      adds r0, r2, r3
      str  r0, [r1, #${word.memoryBytes}]
      lsrs r0, r2, #16
      push {r0, lr}
      mov  r0, r11
      adds r0, r0, r2
      movs r1, #0
      movs r2, r3
      bl   memory.fill
      pop  {r0, pc}
    refused:
      movs r0, #0
      mvns r0, r0
      bx   lr`;
}
