/**
 * `f32.min`, `f32.max`: as soon as one of two is negative, the one with the larger bits is the lesser; so of zeros, -0.
 */
const extremes = `
      .global f32.min
      .global f32.max
    f32.max:
      movs r2, r1
      orrs r2, r0
      mvns r2, r2
      b    1f
    f32.min:
      movs r2, r1
      orrs r2, r0
    1:
      movs r3, #255
      lsls r3, r3, #24
      mov  r12, r3
      lsls r3, r0, #1
      cmp  r3, r12
      bhi  nan
      lsls r3, r1, #1
      cmp  r3, r12
      bhi  nan
      cmp  r2, #0
      bmi  2f
      cmp  r0, r1
      bls  same
      movs r0, r1
      bx   lr
    2:
      cmp  r0, r1
      bhs  same
      movs r0, r1
      bx   lr
    nan:
      ldr  r0, =0x7fc00000
    same:
      bx   lr`;

/** `f32.trunc`, `f32.floor`, `f32.ceil`, `f32.nearest`: a carry out of the fraction into the exponent is right. */
const wholes = `
      .global f32.trunc
      .global f32.floor
      .global f32.ceil
      .global f32.nearest
    f32.trunc:
      lsls r1, r0, #1
      lsrs r2, r1, #24
      cmp  r2, #127
      blo  zero
      movs r3, #150
      subs r3, r3, r2
      ble  whole
      lsrs r0, r3
      lsls r0, r3
      bx   lr
    f32.ceil:
      movs r3, #1
      lsls r3, r3, #31
      b    1f
    f32.floor:
      movs r3, #0
    1:
      eors r3, r0             @ negative: away from 0
      lsls r1, r0, #1
      beq  same
      lsrs r2, r1, #24
      cmp  r2, #127
      bhs  1f
      cmp  r3, #0
      bmi  one
      b    zero
    1:
      asrs r3, r3, #31
      mov  r12, r3
      movs r3, #150
      subs r3, r3, r2
      ble  whole
      movs r1, #1
      lsls r1, r3
      subs r1, #1
      mov  r2, r12
      ands r2, r1
      adds r0, r0, r2
      bics r0, r1
      bx   lr
    f32.nearest:
      lsls r1, r0, #1
      lsrs r2, r1, #24
      cmp  r2, #127
      blo  2f
      movs r3, #150
      subs r3, r3, r2
      ble  whole
      movs r1, #1
      lsls r1, r3
      movs r2, r0
      ands r2, r1             @ odd; of 1.x it is the exponent's last bit
      subs r1, #1
      lsrs r3, r1, #1
      cmp  r2, #0
      beq  1f
      adds r3, #1
    1:
      adds r0, r0, r3
      bics r0, r1
      bx   lr
    2:
      movs r2, #126
      lsls r2, r2, #24        @ twice a half
      cmp  r1, r2
      bhi  one
    zero:
      lsrs r0, r0, #31
      lsls r0, r0, #31
      bx   lr
    one:
      lsrs r0, r0, #31
      lsls r0, r0, #31
      movs r1, #127
      lsls r1, r1, #23
      orrs r0, r1
      bx   lr
    whole:
      cmp  r2, #255
      bne  same
      lsls r1, r0, #9
      beq  same
      ldr  r0, =0x7fc00000
    same:
      bx   lr`;

/** WebAssembly's operators that the ARM run-time ABI doesn't have. */
export const float32WebAssembly: readonly string[] = [extremes, wholes];
