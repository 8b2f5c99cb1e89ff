/**
 * `unaligned`, called by `bl` with the access's own halfword (a load or store of 16 or 32 bits, register or immediate
 * offset) behind it: does that access byte by byte on the registers as they are, and returns behind the halfword. All
 * registers but lr and the flags are as the access itself would have left them. ARMv6-M faults on what this does.
 */
export const unaligned = `
      .global unaligned
    unaligned:
      push {r0-r7}
      mov  r7, lr
      subs r7, #1
      ldrh r6, [r7]
      adds r7, #3             @ behind it, with the Thumb bit
      mov  lr, r7
      mov  r5, sp             @ the registers, by number
      movs r4, #28
      lsrs r1, r6, #1
      ands r1, r4
      ldr  r0, [r5, r1]       @ rn
      lsls r3, r6, #2
      ands r3, r4             @ rt's place
      lsrs r1, r6, #6
      lsrs r2, r6, #12
      cmp  r2, #5
      bne  immediate
      lsls r1, r1, #2
      ands r1, r4
      ldr  r1, [r5, r1]       @ rm
      lsrs r2, r6, #9
      movs r4, #7
      ands r2, r4             @ 0 str, 1 strh, 4 ldr, 5 ldrh, 7 ldrsh
      b    decoded
    immediate:
      movs r4, #31
      ands r1, r4
      lsls r1, r1, #2
      lsrs r2, r6, #9
      movs r4, #4
      ands r2, r4
      lsrs r4, r6, #15        @ 1 for halfwords, whose offset is scaled by 2
      lsrs r1, r4
      adds r2, r2, r4
    decoded:
      adds r0, r0, r1
      cmp  r2, #4
      bhs  load
      ldr  r1, [r5, r3]
      strb r1, [r0]
      lsrs r1, r1, #8
      strb r1, [r0, #1]
      cmp  r2, #0
      bne  done
      lsrs r1, r1, #8
      strb r1, [r0, #2]
      lsrs r1, r1, #8
      strb r1, [r0, #3]
      b    done
    load:
      ldrb r1, [r0]
      ldrb r4, [r0, #1]
      lsls r4, r4, #8
      orrs r1, r4
      cmp  r2, #4
      bne  half
      ldrb r4, [r0, #2]
      lsls r4, r4, #16
      orrs r1, r4
      ldrb r4, [r0, #3]
      lsls r4, r4, #24
      orrs r1, r4
      b    loaded
    half:
      cmp  r2, #7
      bne  loaded
      sxth r1, r1
    loaded:
      str  r1, [r5, r3]
    done:
      pop  {r0-r7}
      bx   lr`;
