import { normalize } from "./float32-convert.js";
import { saturate } from "./saturate.js";
import { stopWith } from "./trap-text.js";

/** `__aeabi_i2d`, `ui2d`, `l2d`, `ul2d`: r3 is the sign, r2 the biased exponent less the implicit bit. */
const fromInteger = `
      .global __aeabi_i2d
      .global __aeabi_ui2d
      .global __aeabi_l2d
      .global __aeabi_ul2d
    __aeabi_ul2d:
      movs r3, #0
      b    long
    __aeabi_l2d:
      lsrs r3, r1, #31
      lsls r3, r3, #31
      bpl  long
      movs r2, #0
      negs r0, r0
      sbcs r2, r1
      movs r1, r2
    long:
      cmp  r1, #0
      beq  word
      push {r4, r5}
      movs r4, #0
      ${normalize("r1", "r2", "adds r4")}
      movs r5, #32
      subs r5, r5, r4
      movs r2, r0
      lsls r0, r4
      lsrs r2, r5
      orrs r1, r2
      ldr  r2, =1085
      subs r2, r2, r4
      lsls r2, r2, #20
      orrs r2, r3
      lsls r3, r1, #21
      lsrs r1, r1, #11
      adds r1, r1, r2
      lsls r4, r0, #22        @ Z: half or nothing of the last place
      lsrs r0, r0, #11        @ C: half of the last place
      orrs r0, r3
      bcc  1f
      cmp  r4, #0             @ C is 1
      bne  2f
      lsrs r4, r0, #1         @ a tie: C is 1 if it is odd
    2:
      movs r4, #0
      adcs r0, r4
      adcs r1, r4
    1:
      pop  {r4, r5}
      bx   lr
    __aeabi_ui2d:
      movs r3, #0
      b    word
    __aeabi_i2d:
      lsrs r3, r0, #31
      lsls r3, r3, #31
      bpl  word
      negs r0, r0
    word:
      movs r1, #0
      cmp  r0, #0
      beq  done
      ldr  r2, =1053
      ${normalize("r0", "r1", "subs r2")}
      lsls r2, r2, #20
      adds r2, r2, r3
      lsrs r1, r0, #11
      adds r1, r1, r2
      lsls r0, r0, #21
    done:
      bx   lr`;

/** `__aeabi_f2d`. */
const promote = `
      .global __aeabi_f2d
    __aeabi_f2d:
      lsls r2, r0, #1
      lsrs r3, r2, #24
      beq  small
      cmp  r3, #255
      beq  special
      lsrs r3, r0, #31
      lsls r3, r3, #31
      lsrs r1, r2, #4
      orrs r1, r3
      movs r2, #7
      lsls r2, r2, #27        @ 1023 - 127, 20 bits to the left
      adds r1, r1, r2
      lsls r0, r0, #29
      bx   lr
    special:
      lsls r1, r2, #8
      bne  nan
      ldr  r1, =0x7ff00000
      lsrs r0, r0, #31
      lsls r0, r0, #31
      orrs r1, r0
      movs r0, #0
      bx   lr
    nan:
      ldr  r1, =0x7ff80000
      movs r0, #0
      bx   lr
    small:
      lsrs r1, r0, #31
      lsls r1, r1, #31
      lsls r0, r2, #8         @ the fraction
      beq  done
      ldr  r3, =0x38000000
    1:
      lsls r0, r0, #1
      bcs  2f
      ldr  r2, =0x00100000
      subs r3, r3, r2
      b    1b
    2:
      orrs r1, r3
      lsrs r3, r0, #12
      orrs r1, r3
      lsls r0, r0, #20
    done:
      bx   lr`;

/** `__aeabi_d2f`: r12 is the sign, r2 the biased exponent less 1. */
const demote = `
      .global __aeabi_d2f
    __aeabi_d2f:
      lsrs r3, r1, #31
      lsls r3, r3, #31
      mov  r12, r3
      lsls r2, r1, #1
      lsrs r2, r2, #21
      ldr  r3, =897
      subs r2, r2, r3
      lsls r1, r1, #12
      lsrs r3, r1, #9
      cmp  r2, #254
      bhs  unusual
      lsls r1, r0, #3
      lsrs r0, r0, #29
      orrs r0, r3
      movs r3, #1
      lsls r3, r3, #23
      adds r0, r0, r3         @ the implicit bit makes the exponent one more
    round:
      lsls r2, r2, #23
      adds r0, r0, r2
      lsls r1, r1, #1
      bcc  1f
      bne  2f                 @ C is 1
      lsrs r2, r0, #1         @ a tie: C is 1 if it is odd
    2:
      movs r2, #0
      adcs r0, r2
    1:
      mov  r3, r12
      orrs r0, r3
      bx   lr
    unusual:
      bge  large
      lsrs r3, r1, #9         @ subnormal, or less than half of the least
      negs r2, r2
      cmp  r2, #25
      bhs  zero
      lsls r1, r0, #3
      lsrs r0, r0, #29
      orrs r0, r3
      movs r3, #1
      lsls r3, r3, #23
      orrs r0, r3
      movs r3, r0
      cmp  r1, #0
      beq  1f
      movs r1, #1
    1:
      lsrs r0, r2
      negs r2, r2
      adds r2, #32
      lsls r3, r2
      orrs r1, r3
      movs r2, #0
      b    round
    zero:
      mov  r0, r12
      bx   lr
    large:
      ldr  r3, =1150          @ the exponent of what isn't finite
      cmp  r2, r3
      blo  infinity
      orrs r1, r0
      bne  nan
    infinity:
      movs r0, #255
      lsls r0, r0, #23
      mov  r3, r12
      orrs r0, r3
      bx   lr
    nan:
      ldr  r0, =0x7fc00000
      bx   lr`;

/** To an integer, as WebAssembly has it: trapping, or saturating with 0 for a NaN. */
function truncation(bits: 32 | 64, signed: boolean, saturating: boolean): string {
  const name = `i${bits}.trunc_${saturating ? "sat_" : ""}f64_${signed ? "s" : "u"}`;
  const shifted =
    bits === 32
      ? `lsls r3, r1, #11
      lsrs r0, r0, #21
      orrs r3, r0
      movs r0, #1
      lsls r0, r0, #31
      orrs r3, r0
      lsrs r3, r2
      ${signed ? "asrs r1, r1, #31\n eors r3, r1\n subs r0, r3, r1" : "movs r0, r3"}`
      : `mov  r12, r1
      lsls r1, r1, #11
      movs r3, #1
      lsls r3, r3, #31
      orrs r1, r3
      lsrs r3, r0, #21
      orrs r1, r3
      lsls r0, r0, #11
      cmp  r2, #32
      blo  1f
      movs r0, r1
      movs r1, #0
      subs r2, #32
    1:
      lsrs r0, r2
      movs r3, r1
      lsrs r1, r2
      negs r2, r2
      adds r2, #32
      lsls r3, r2
      orrs r0, r3
      ${signed ? "mov r2, r12\n asrs r2, r2, #31\n eors r0, r2\n eors r1, r2\n subs r0, r0, r2\n sbcs r1, r2" : ""}`;
  const extreme = saturate("r1", signed, bits);
  const least = signed
    ? `ldr  r3, =${bits === 32 ? 0xc1e00000 : 0xc3e00000}
      cmp  r1, r3
      bne  1f
      ${bits === 32 ? "lsrs r3, r0, #21" : "cmp r0, #0"}
      bne  1f
      ${bits === 32 ? "movs r0, #1\n lsls r0, r0, #31" : "movs r1, #1\n lsls r1, r1, #31"}
      bx   lr
    1:`
    : "";
  return `
      .global ${name}
    ${name}:
      lsls r2, r1, #1
      lsrs r2, r2, #21
      ldr  r3, =${1023 + bits - 1}
      ${signed ? "" : "cmp r1, #0\n bmi negative"}
      subs r2, r3, r2         @ the significand's way to the right
      ${signed ? "ble" : "blt"}  large
      cmp  r2, #${bits}
      bhs  zero
      ${shifted}
      bx   lr
      ${signed ? "" : `negative:\n subs r2, r3, r2\n cmp r2, #${bits - 1}\n bgt zero`}
    large:
      lsls r2, r1, #1
      ldr  r3, =0xffe00000
      cmp  r2, r3
      bhi  nan
      blo  finite
      cmp  r0, #0
      bne  nan
    finite:
      ${saturating ? extreme : `${least}\n${stopWith("integer overflow")}`}
    nan:
      ${saturating ? "" : stopWith("invalid conversion to integer")}
    zero:
      movs r0, #0
      movs r1, #0
      bx   lr`;
}

/** Between f64 and integers, and f32. */
export const float64Convert: readonly string[] = [
  fromInteger,
  promote,
  demote,
  ...([32, 64] as const).flatMap((bits) =>
    [true, false].flatMap((signed) => [truncation(bits, signed, false), truncation(bits, signed, true)]),
  ),
];
