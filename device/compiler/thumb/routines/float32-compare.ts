/** Twice infinity to r2; to `to` when a magnitude is more, that of a NaN. */
const whenUnordered = (to: string): string => `
      movs r2, #255
      lsls r2, r2, #24
      lsls r3, r0, #1
      cmp  r3, r2
      bhi  ${to}
      lsls r3, r1, #1
      cmp  r3, r2
      bhi  ${to}`;

/**
 * 1 or 0, by whether x is less than y (in r0 and r1 either way), or not more. As soon as one of two is negative, the one
 * with the larger bits is the lesser.
 */
function comparison(name: string, x: string, y: string, orEqual: boolean): string {
  /** With C as `cmp one, other` leaves it for numbers in order. */
  const answer = (one: string, other: string) =>
    orEqual
      ? `cmp  ${other}, ${one}
      movs r0, #0
      adcs r0, r0
      bx   lr`
      : `cmp  ${one}, ${other}
      sbcs r0, r0
      negs r0, r0
      bx   lr`;
  return `
      .global ${name}
    ${name}:
      ${whenUnordered("unordered")}
      movs r2, r0
      orrs r2, r1
      bmi  negative
      ${answer(x, y)}
    negative:
      lsls r2, r2, #1
      beq  zeros
      ${answer(y, x)}
    zeros:
      movs r0, #${orEqual ? 1 : 0}
      bx   lr
    unordered:
      movs r0, #0
      bx   lr`;
}

const equal = `
      .global __aeabi_fcmpeq
    __aeabi_fcmpeq:
      cmp  r0, r1
      bne  1f
      movs r2, #255
      lsls r2, r2, #24
      lsls r0, r0, #1
      cmp  r2, r0
      movs r0, #0
      adcs r0, r0
      bx   lr
    1:
      orrs r0, r1
      lsls r0, r0, #1         @ zeros alone are equal without being the same
      beq  2f
      movs r0, #0
      bx   lr
    2:
      movs r0, #1
      bx   lr`;

/** The same in C and Z, as `cmp` of unsigned numbers leaves them, unordered as "higher". */
const flags = `
      .global __aeabi_cfcmple
      .global __aeabi_cfrcmple
    __aeabi_cfrcmple:
      push {r0-r3, lr}
      movs r2, r0
      movs r0, r1
      movs r1, r2
      b    1f
    __aeabi_cfcmple:
      push {r0-r3, lr}
    1:
      ${whenUnordered("2f")}
      lsls r2, r0, #1
      orrs r2, r3
      beq  3f
      movs r2, r0
      orrs r2, r1
      bmi  1f
      cmp  r0, r1
    2:
      pop  {r0-r3, pc}
    1:
      cmp  r1, r0
      pop  {r0-r3, pc}
    3:
      cmp  r0, r0
      pop  {r0-r3, pc}`;

/** Comparisons (IHI 0043, table 4). */
export const float32Compare: readonly string[] = [
  equal,
  comparison("__aeabi_fcmplt", "r0", "r1", false),
  comparison("__aeabi_fcmple", "r0", "r1", true),
  comparison("__aeabi_fcmpge", "r1", "r0", true),
  comparison("__aeabi_fcmpgt", "r1", "r0", false),
  flags,
];
