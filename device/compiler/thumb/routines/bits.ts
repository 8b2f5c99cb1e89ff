/** `i32.clz` and `i64.clz`: halves, then a table of 16. */
const leadingZeros = `
      .global i32.clz
      .global i64.clz
    i64.clz:
      movs r2, #28
      cmp  r1, #0
      bne  1f
      movs r1, r0
      adds r2, #32
      b    1f
    i32.clz:
      movs r1, r0
      movs r2, #28
    1:
      lsrs r3, r1, #16
      beq  1f
      subs r2, #16
      movs r1, r3
    1:
      lsrs r3, r1, #8
      beq  1f
      subs r2, #8
      movs r1, r3
    1:
      lsrs r3, r1, #4
      beq  1f
      subs r2, #4
      movs r1, r3
    1:
      adr  r3, table
      ldrb r0, [r3, r1]
      adds r0, r0, r2
      movs r1, #0
      bx   lr
      .align 2
    table:
      .byte 4, 3, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0`;

const DE_BRUIJN = 0x077cb531;
const deBruijnTable = Array.from({ length: 32 }, () => 0);
for (let bit = 0; bit < 32; bit++) deBruijnTable[Math.imul(DE_BRUIJN, 1 << bit) >>> 27] = bit;

/** `i32.ctz` and `i64.ctz`: the lowest bit times a de Bruijn sequence has a number of its own in its top five bits. */
const trailingZeros = `
      .global i32.ctz
      .global i64.ctz
    i64.ctz:
      movs r3, #0
      cmp  r0, #0
      bne  1f
      movs r0, r1
      movs r3, #32
      b    1f
    i32.ctz:
      movs r3, #0
    1:
      movs r1, #0
      negs r2, r0
      ands r0, r2
      beq  none
      ldr  r2, =${DE_BRUIJN}
      muls r0, r2
      lsrs r0, r0, #27
      adr  r2, table
      ldrb r0, [r2, r0]
      adds r0, r0, r3
      bx   lr
    none:
      movs r0, #32
      adds r0, r0, r3
      bx   lr
      .align 2
    table:
      .byte ${deBruijnTable.join(", ")}`;

/** `i32.popcnt` and `i64.popcnt`: counts in fields of 2, 4 and 8 bits, summed by a multiplication. */
const population = `
      .global i32.popcnt
      .global i64.popcnt
    i64.popcnt:
      ldr  r2, =0x55555555
      lsrs r3, r0, #1
      ands r3, r2
      subs r0, r0, r3
      lsrs r3, r1, #1
      ands r3, r2
      subs r1, r1, r3
      ldr  r2, =0x33333333
      lsrs r3, r0, #2
      ands r3, r2
      ands r0, r2
      adds r0, r0, r3
      lsrs r3, r1, #2
      ands r3, r2
      ands r1, r2
      adds r1, r1, r3
      adds r0, r0, r1         @ up to 8 in each four bits
      ldr  r2, =0x0f0f0f0f
      lsrs r1, r0, #4
      ands r1, r2
      ands r0, r2
      adds r0, r0, r1
      ldr  r2, =0x01010101
      muls r0, r2
      lsrs r0, r0, #24
      movs r1, #0
      bx   lr
    i32.popcnt:
      ldr  r2, =0x55555555
      lsrs r1, r0, #1
      ands r1, r2
      subs r0, r0, r1
      ldr  r2, =0x33333333
      lsrs r1, r0, #2
      ands r1, r2
      ands r0, r2
      adds r0, r0, r1
      lsrs r1, r0, #4
      adds r0, r0, r1
      ldr  r2, =0x0f0f0f0f
      ands r0, r2
      ldr  r2, =0x01010101
      muls r0, r2
      lsrs r0, r0, #24
      bx   lr`;

/**
 * Shifts of 64 bits; the count in r2 is taken modulo 64. Register shifts of ARM take the count modulo 256 and give 0
 * from 32 on, so a count below 0 gives 0 too.
 */
const shifts = [
  `
      .global __aeabi_llsl
    __aeabi_llsl:
      lsls r2, r2, #26
      lsrs r2, r2, #26
      lsls r1, r2
      movs r3, r0
      lsls r0, r2
      mov  r12, r3
      subs r2, #32
      lsls r3, r2
      orrs r1, r3
      negs r2, r2
      mov  r3, r12
      lsrs r3, r2
      orrs r1, r3
      bx   lr`,
  `
      .global __aeabi_llsr
    __aeabi_llsr:
      lsls r2, r2, #26
      lsrs r2, r2, #26
      lsrs r0, r2
      movs r3, r1
      lsrs r1, r2
      mov  r12, r3
      subs r2, #32
      lsrs r3, r2
      orrs r0, r3
      negs r2, r2
      mov  r3, r12
      lsls r3, r2
      orrs r0, r3
      bx   lr`,
  `
      .global __aeabi_lasr
    __aeabi_lasr:
      lsls r2, r2, #26
      lsrs r2, r2, #26
      movs r3, r1
      asrs r1, r2
      lsrs r0, r2
      subs r2, #32
      bmi  1f
      asrs r3, r2
      movs r0, r3
      bx   lr
    1:
      negs r2, r2
      lsls r3, r2
      orrs r0, r3
      bx   lr`,
  `
      .global i64.rotr
      .global i64.rotl
    i64.rotr:
      negs r2, r2
    i64.rotl:
      lsls r3, r2, #26
      bpl  1f
      movs r3, r0             @ by 32 is an exchange
      movs r0, r1
      movs r1, r3
    1:
      push {r4}
      lsls r2, r2, #27
      lsrs r2, r2, #27
      movs r3, r0
      movs r4, r1
      lsls r0, r2
      lsls r1, r2
      negs r2, r2
      adds r2, #32
      lsrs r3, r2
      lsrs r4, r2
      orrs r1, r3
      orrs r0, r4
      pop  {r4}
      bx   lr`,
];

/** Counting and moving bits. */
export const bits: readonly string[] = [leadingZeros, trailingZeros, population, ...shifts];
