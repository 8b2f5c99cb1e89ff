import { whenUnordered } from "./float64-compare.js";

/**
 * `f64.min`, `f64.max`: as soon as one of two is negative, the one with the larger bits is the lesser; so of zeros, -0.
 */
const extremes = `
      .global f64.min
      .global f64.max
    f64.max:
      push {r4, r5, r6, lr}
      movs r6, r3
      orrs r6, r1
      mvns r6, r6
      b    1f
    f64.min:
      push {r4, r5, r6, lr}
      movs r6, r3
      orrs r6, r1
    1:
      ${whenUnordered("nan")}
      cmp  r1, r3
      bne  1f
      cmp  r0, r2
    1:
      blo  1f
      mvns r6, r6
    1:                        @ r6 below 0: the second
      cmp  r6, #0
      bpl  same
      movs r0, r2
      movs r1, r3
    same:
      pop  {r4, r5, r6, pc}
    nan:
      ldr  r1, =0x7ff80000
      movs r0, #0
      pop  {r4, r5, r6, pc}`;

/** To `below` with r2 the exponent when x is below 1, to `whole` when it has no fraction; else bits to keep to r3:r2. */
const parts = (below: string): string => `
      lsls r2, r1, #1
      lsrs r2, r2, #21
      ldr  r3, =1023
      subs r2, r2, r3
      bmi  ${below}
      movs r3, #52
      subs r3, r3, r2
      ble  whole
      push {r4, r5, r6}
      movs r6, r3             @ bits of the fraction
      movs r4, #1
      negs r4, r4
      lsls r4, r3
      ldr  r3, =0xfff00000
      asrs r3, r2
      movs r2, r4`;

/** `f64.trunc`, `f64.floor`, `f64.ceil`, `f64.nearest`: a carry out of the fraction into the exponent is right. */
const wholes = `
      .global f64.trunc
      .global f64.floor
      .global f64.ceil
      .global f64.nearest
    f64.trunc:
      ${parts("zero")}
    cut:
      ands r0, r2
      ands r1, r3
      pop  {r4, r5, r6}
      bx   lr
    f64.ceil:
      movs r3, #1
      lsls r3, r3, #31
      b    1f
    f64.floor:
      movs r3, #0
    1:
      eors r3, r1
      mov  r12, r3            @ negative: away from 0
      ${parts("small")}
      mov  r4, r12
      cmp  r4, #0
      bpl  cut
      mvns r4, r2
      mvns r5, r3
    carry:
      adds r0, r0, r4
      adcs r1, r5
      b    cut
    small:
      lsls r2, r1, #1
      orrs r2, r0
      beq  same
      mov  r3, r12
      cmp  r3, #0
      bmi  one
    zero:
      movs r0, #0
      lsrs r1, r1, #31
      lsls r1, r1, #31
      bx   lr
    one:
      movs r0, #0
      lsrs r1, r1, #31
      lsls r1, r1, #31
      ldr  r2, =0x3ff00000
      orrs r1, r2
      bx   lr
    whole:
      ldr  r2, =0xffe00000
      lsls r3, r1, #1
      cmp  r3, r2
      blo  same
      bhi  nan
      cmp  r0, #0
      beq  same
    nan:
      ldr  r1, =0x7ff80000
      movs r0, #0
    same:
      bx   lr
    f64.nearest:
      ${parts("belowOne")}
      mvns r4, r2
      mvns r5, r3             @ just below one half:
      lsrs r4, r4, #1
      lsls r5, r5, #31
      orrs r4, r5
      mvns r5, r3
      lsrs r5, r5, #1
      push {r2, r3}
      movs r2, r0
      subs r6, #32
      blo  1f
      movs r2, r1
      movs r3, r6
      b    2f
    1:
      movs r3, r6
      adds r3, #32
    2:
      lsrs r2, r3
      lsls r2, r2, #31        @ odd; of 1.x it is the exponent's last bit
      lsrs r2, r2, #31
      movs r3, #0
      adds r4, r4, r2
      adcs r5, r3
      pop  {r2, r3}
      b    carry
    belowOne:
      ldr  r3, =0x7fc00000    @ twice a half
      lsls r2, r1, #1
      cmp  r2, r3
      bhi  one
      blo  zero
      cmp  r0, #0
      bne  one
      b    zero`;

/** WebAssembly's operators that the ARM run-time ABI doesn't have. */
export const float64WebAssembly: readonly string[] = [extremes, wholes];
