/**
 * Comparisons (IHI 0043, table 4). `order` leaves C and Z as `cmp` of unsigned numbers would, unordered as "higher". As
 * soon as one of two is negative, the one with the larger bits is the lesser.
 */
const compare = `
      .global __aeabi_fcmpeq
      .global __aeabi_fcmplt
      .global __aeabi_fcmple
      .global __aeabi_fcmpge
      .global __aeabi_fcmpgt
      .global __aeabi_cfcmple
      .global __aeabi_cfrcmple
    order:
      movs r2, #255
      lsls r2, r2, #24
      mov  r12, r2
      lsls r2, r0, #1
      cmp  r2, r12
      bhi  2f
      lsls r3, r1, #1
      cmp  r3, r12
      bhi  2f
      orrs r2, r3
      beq  3f
      movs r2, r0
      orrs r2, r1
      bmi  1f
      cmp  r0, r1
      bx   lr
    1:
      cmp  r1, r0
    2:
      bx   lr
    3:
      cmp  r0, r0
      bx   lr
    __aeabi_fcmpeq:
      push {r4, lr}
      bl   order
      beq  yes
      b    no
    __aeabi_fcmpgt:
      movs r2, r0
      movs r0, r1
      movs r1, r2
    __aeabi_fcmplt:
      push {r4, lr}
      bl   order
      blo  yes
    no:
      movs r0, #0
      pop  {r4, pc}
    __aeabi_fcmpge:
      movs r2, r0
      movs r0, r1
      movs r1, r2
    __aeabi_fcmple:
      push {r4, lr}
      bl   order
      bhi  no
    yes:
      movs r0, #1
      pop  {r4, pc}
    __aeabi_cfrcmple:
      push {r0-r4, lr}
      movs r2, r0
      movs r0, r1
      movs r1, r2
      b    1f
    __aeabi_cfcmple:
      push {r0-r4, lr}
    1:
      bl   order
      pop  {r0-r4, pc}`;

/** Comparisons. */
export const float32Compare: readonly string[] = [compare];
