/** `i32.mul_high_u(a, b)`: the high 32 bits of the product of two unsigned numbers, from four products of 16 bits. */
export const multiplyHigh = `
      .global i32.mul_high_u
    i32.mul_high_u:
      push {r4}
      uxth r2, r1
      lsrs r1, r1, #16
      uxth r3, r0
      lsrs r0, r0, #16
      movs r4, r3
      muls r4, r2
      lsrs r4, r4, #16
      muls r2, r0
      adds r2, r2, r4         @ no sum of these is more than 32 bits
      muls r3, r1
      uxth r4, r2
      adds r3, r3, r4
      muls r0, r1
      lsrs r2, r2, #16
      adds r0, r0, r2
      lsrs r3, r3, #16
      adds r0, r0, r3
      pop  {r4}
      bx   lr`;
