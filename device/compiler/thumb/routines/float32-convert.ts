import { roundToEven } from "./float32-parts.js";
import { saturate } from "./saturate.js";
import { stopWith } from "./trap-text.js";

/** Shifts `x` left until bit 31 is set; `amend` says with which instruction and register the count is kept. */
export function normalize(x: string, lost: string, amend: string): string {
  return [16, 8, 4, 2, 1]
    .map(
      (count) => `
      lsrs ${lost}, ${x}, #${32 - count}
      bne  1f
      lsls ${x}, ${x}, #${count}
      ${amend}, #${count}
    1:`,
    )
    .join("");
}

/** `__aeabi_i2f`, `ui2f`, `l2f`, `ul2f`: r3 is the sign, r2 the biased exponent less the implicit bit. */
const fromInteger = `
      .global __aeabi_i2f
      .global __aeabi_ui2f
      .global __aeabi_l2f
      .global __aeabi_ul2f
    __aeabi_ul2f:
      movs r3, #0
      b    long
    __aeabi_l2f:
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
      push {r4}
      movs r4, #0
      ${normalize("r1", "r2", "adds r4")}
      movs r2, r0
      lsls r2, r4
      beq  1f
      movs r2, #1             @ something is lost
    1:
      orrs r1, r2
      movs r2, #32
      subs r2, r2, r4
      lsrs r0, r2
      orrs r0, r1
      movs r2, #189
      subs r2, r2, r4
      pop  {r4}
      b    round
    __aeabi_ui2f:
      movs r3, #0
      b    word
    __aeabi_i2f:
      lsrs r3, r0, #31
      lsls r3, r3, #31
      bpl  word
      negs r0, r0
    word:
      cmp  r0, #0
      beq  done
      movs r2, #157
      ${normalize("r0", "r1", "subs r2")}
    round:
      ${roundToEven}
      lsls r2, r2, #23
      adds r0, r0, r2
      orrs r0, r3
    done:
      bx   lr`;

/** To an integer, as WebAssembly has it: trapping, or saturating with 0 for a NaN. */
function truncation(bits: 32 | 64, signed: boolean, saturating: boolean): string {
  const name = `i${bits}.trunc_${saturating ? "sat_" : ""}f32_${signed ? "s" : "u"}`;
  const shifted =
    bits === 32
      ? `lsrs r1, r3
      ${signed ? "asrs r0, r0, #31\n eors r1, r0\n subs r0, r1, r0" : "movs r0, r1"}`
      : `mov  r12, r0
      movs r0, r1
      movs r2, r1
      lsrs r1, r3
      subs r3, #32            @ by a count below 0 is 0
      lsrs r0, r3
      negs r3, r3
      lsls r2, r3
      orrs r0, r2
      ${signed ? "mov r2, r12\n asrs r2, r2, #31\n eors r0, r2\n eors r1, r2\n subs r0, r0, r2\n sbcs r1, r2" : ""}`;
  const extreme = saturate("r0", signed, bits);
  const least = signed
    ? `ldr  r1, =${bits === 32 ? 0xcf000000 : 0xdf000000}
      cmp  r0, r1
      bne  1f
      ${bits === 32 ? "movs r0, #1\n lsls r0, r0, #31" : "movs r0, #0\n movs r1, #1\n lsls r1, r1, #31"}
      bx   lr
    1:`
    : "";
  return `
      .global ${name}
    ${name}:
      lsls r2, r0, #1
      lsrs r2, r2, #24
      ${signed ? "" : "cmp r0, #0\n bmi negative"}
      cmp  r2, #${127 + bits - (signed ? 1 : 0)}
      bhs  large
      lsls r1, r0, #8
      movs r3, #1
      lsls r3, r3, #31
      orrs r1, r3
      movs r3, #${127 + bits - 1}
      subs r3, r3, r2
      ${shifted}
      bx   lr
      ${signed ? "" : "negative:\n cmp r2, #127\n blo zero"}
    large:
      lsls r1, r0, #1
      movs r2, #255
      lsls r2, r2, #24
      cmp  r1, r2
      bhi  nan
      ${saturating ? extreme : `${least}\n${stopWith("integer overflow")}`}
    nan:
      ${saturating ? "" : stopWith("invalid conversion to integer")}
    zero:
      movs r0, #0
      movs r1, #0
      bx   lr`;
}

/** Between f32 and integers. */
export const float32Convert: readonly string[] = [
  fromInteger,
  ...([32, 64] as const).flatMap((bits) =>
    [true, false].flatMap((signed) => [truncation(bits, signed, false), truncation(bits, signed, true)]),
  ),
];
