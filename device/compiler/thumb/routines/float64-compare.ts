/** To `to` when r1:r0 or r3:r2 is a NaN, with flags that say "higher"; r4 and r5 are lost. */
export const whenUnordered = (to: string): string => `
      ldr  r5, =0xffe00000    @ twice infinity
      lsls r4, r1, #1
      cmp  r4, r5
      blo  1f
      bhi  ${to}
      cmp  r0, #0
      bne  ${to}
    1:
      lsls r4, r3, #1
      cmp  r4, r5
      blo  1f
      bhi  ${to}
      cmp  r2, #0
      bne  ${to}
    1:`;

/** The first and the second exchanged; r4 is lost. */
const exchange = `
      movs r4, r0
      movs r0, r2
      movs r2, r4
      movs r4, r1
      movs r1, r3
      movs r3, r4`;

/**
 * Comparisons (IHI 0043, table 2). `order` leaves C and Z as `cmp` of unsigned numbers would, unordered as "higher". As
 * soon as one of two is negative, the one with the larger bits is the lesser.
 */
const compare = `
      .global __aeabi_dcmpeq
      .global __aeabi_dcmplt
      .global __aeabi_dcmple
      .global __aeabi_dcmpge
      .global __aeabi_dcmpgt
      .global __aeabi_cdcmple
      .global __aeabi_cdrcmple
    order:
      ${whenUnordered("2f")}
      movs r4, r1
      orrs r4, r3
      bmi  1f
      cmp  r1, r3
      bne  2f
      cmp  r0, r2
    2:
      bx   lr
    1:
      lsls r4, r4, #1
      orrs r4, r0
      orrs r4, r2
      beq  1f                 @ zeros are equal
      cmp  r3, r1
      bne  1f
      cmp  r2, r0
    1:
      bx   lr
    __aeabi_dcmpeq:
      push {r4, r5, lr}
      bl   order
      beq  yes
      b    no
    __aeabi_dcmpgt:
      push {r4, r5, lr}
      ${exchange}
      b    1f
    __aeabi_dcmplt:
      push {r4, r5, lr}
    1:
      bl   order
      blo  yes
    no:
      movs r0, #0
      pop  {r4, r5, pc}
    __aeabi_dcmpge:
      push {r4, r5, lr}
      ${exchange}
      b    1f
    __aeabi_dcmple:
      push {r4, r5, lr}
    1:
      bl   order
      bhi  no
    yes:
      movs r0, #1
      pop  {r4, r5, pc}
    __aeabi_cdrcmple:
      push {r0-r5, lr}
      ${exchange}
      b    1f
    __aeabi_cdcmple:
      push {r0-r5, lr}
    1:
      bl   order
      pop  {r0-r5, pc}`;

/** Comparisons. */
export const float64Compare: readonly string[] = [compare];
