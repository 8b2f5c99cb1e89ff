import { contextOffsets as word, WRITE_BUFFER_BYTES } from "../context.js";

/**
 * `buffered.write(fd, iovs, count, result)`: WASI's `fd_write` into the buffer in front of the context. Answers Z set and
 * r0 = 0 when all was taken and the number of bytes stored. Answers Z clear, with r0-r3 as they were and nothing done,
 * where the host has to look: a descriptor that isn't buffered, another one than that of the bytes in the buffer, more
 * bytes than there is room for, anything that isn't aligned or doesn't lie in memory. So every error is the host's.
 * r4-r11 are kept. It finds the context by r11, and writes nowhere but into the buffer, the context and the result.
 * @param memoryOffset bytes from the context to linear memory
 */
export function bufferedWrite(memoryOffset: number): string {
  return `
      .global buffered.write
    buffered.write:
      push {r0-r7, lr}
      mov  r4, r11
      ldr  r5, =${memoryOffset}
      subs r4, r4, r5
      mov  r12, r4            @ the context
      cmp  r0, #31
      bhi  refused
      ldr  r5, [r4, #${word.bufferedDescriptors}]
      lsrs r5, r0
      lsls r5, r5, #31
      bpl  refused
      movs r5, r1
      orrs r5, r3
      lsls r5, r5, #30
      bne  refused
      ldr  r5, [r4, #${word.memoryBytes}]
      subs r6, r5, #4
      blo  refused
      cmp  r3, r6             @ the result's four bytes
      bhi  refused
      lsrs r6, r5, #3
      cmp  r2, r6             @ the list's eight bytes for each
      bhi  refused
      lsls r6, r2, #3
      subs r6, r5, r6
      cmp  r1, r6
      bhi  refused
      ldr  r6, [r4, #${word.buffered}]
      cmp  r6, #0
      beq  empty
      ldr  r7, [r4, #${word.bufferOwner}]
      cmp  r7, r0
      bne  refused
    empty:
      ldr  r7, =${WRITE_BUFFER_BYTES}
      subs r7, r4, r7         @ the buffer
      adds r6, r6, r7
      add  r1, r1, r11
    next:
      subs r2, #1
      blo  taken
      ldmia r1!, {r0, r3}
      subs r4, r5, r3
      blo  refused
      cmp  r0, r4
      bhi  refused
      mov  r4, r12            @ behind the buffer's end
      subs r4, r4, r6
      cmp  r3, r4
      bhi  refused
      add  r0, r0, r11
      adds r0, r0, r3
      adds r6, r6, r3
      negs r3, r3
      beq  next
    1:
      ldrb r4, [r0, r3]
      strb r4, [r6, r3]
      adds r3, #1
      bne  1b
      b    next
    refused:                  @ what was copied behind the bytes that count is nothing
      movs r4, #1
      pop  {r0-r7, pc}
    taken:
      mov  r4, r12
      subs r6, r6, r7         @ bytes in the buffer
      ldr  r0, [r4, #${word.buffered}]
      str  r6, [r4, #${word.buffered}]
      subs r6, r6, r0
      ldr  r0, [sp]
      str  r0, [r4, #${word.bufferOwner}]
      ldr  r0, [sp, #12]
      add  r0, r0, r11
      str  r6, [r0]
      movs r0, #0
      str  r0, [sp]
      pop  {r0-r7, pc}`;
}
