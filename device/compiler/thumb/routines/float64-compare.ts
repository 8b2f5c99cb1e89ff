/** To `to` when r1:r0 or r3:r2 is a NaN, with flags that say "higher"; r4 and r5 are lost. */
export const whenUnordered = (to: string): string => `
      ldr  r5, =0xffe00000    @ twice infinity
      cmp  r0, #1             @ C: there are low bits
      movs r4, r1
      adcs r4, r4
      cmp  r4, r5
      bhi  ${to}
      cmp  r2, #1
      movs r4, r3
      adcs r4, r4
      cmp  r4, r5
      bhi  ${to}`;

type Words = readonly [low: string, high: string];
const first: Words = ["r0", "r1"];
const second: Words = ["r2", "r3"];

/** C as `cmp` of unsigned numbers leaves it; r4 is lost. */
const order = ([low, high]: Words, [otherLow, otherHigh]: Words): string => `
      cmp  ${low}, ${otherLow}
      movs r4, ${high}
      sbcs r4, ${otherHigh}`;

/**
 * 1 or 0, by whether x is less than y, or not more. As soon as one of two is negative, the one with the larger bits is
 * the lesser.
 */
function comparison(name: string, x: Words, y: Words, orEqual: boolean): string {
  const answer = (one: Words, other: Words) =>
    orEqual
      ? `${order(other, one)}
      movs r0, #0
      adcs r0, r0
      pop  {r4, r5}
      bx   lr`
      : `${order(one, other)}
      sbcs r0, r0
      negs r0, r0
      pop  {r4, r5}
      bx   lr`;
  return `
      .global ${name}
    ${name}:
      push {r4, r5}
      ${whenUnordered("unordered")}
      movs r4, r1
      orrs r4, r3
      bmi  negative
      ${answer(x, y)}
    negative:
      lsls r4, r4, #1
      orrs r4, r0
      orrs r4, r2
      beq  zeros
      ${answer(y, x)}
    zeros:
      movs r0, #${orEqual ? 1 : 0}
      pop  {r4, r5}
      bx   lr
    unordered:
      movs r0, #0
      pop  {r4, r5}
      bx   lr`;
}

const equal = `
      .global __aeabi_dcmpeq
    __aeabi_dcmpeq:
      cmp  r1, r3
      bne  1f
      cmp  r0, r2
      bne  no
      cmp  r0, #1             @ C: there are low bits
      adcs r1, r1
      ldr  r2, =0xffe00000    @ twice infinity
      cmp  r2, r1
      movs r0, #0
      adcs r0, r0
      bx   lr
    1:
      orrs r1, r3
      lsls r1, r1, #1
      orrs r1, r0
      orrs r1, r2             @ zeros alone are equal without being the same
      beq  2f
    no:
      movs r0, #0
      bx   lr
    2:
      movs r0, #1
      bx   lr`;

/** The same in C and Z, as `cmp` of unsigned numbers leaves them, unordered as "higher". */
const flags = `
      .global __aeabi_cdcmple
      .global __aeabi_cdrcmple
    __aeabi_cdrcmple:
      push {r0-r5, lr}
      movs r4, r0
      movs r0, r2
      movs r2, r4
      movs r4, r1
      movs r1, r3
      movs r3, r4
      b    1f
    __aeabi_cdcmple:
      push {r0-r5, lr}
    1:
      ${whenUnordered("2f")}
      movs r4, r1
      orrs r4, r3
      bmi  1f
      cmp  r1, r3
      bne  2f
      cmp  r0, r2
    2:
      pop  {r0-r5, pc}
    1:
      lsls r4, r4, #1
      orrs r4, r0
      orrs r4, r2
      beq  2f                 @ zeros are equal: C is 1 since the shift
      cmp  r3, r1
      bne  2f
      cmp  r2, r0
    2:
      pop  {r0-r5, pc}`;

/** Comparisons (IHI 0043, table 2). */
export const float64Compare: readonly string[] = [
  equal,
  comparison("__aeabi_dcmplt", first, second, false),
  comparison("__aeabi_dcmple", first, second, true),
  comparison("__aeabi_dcmpge", second, first, true),
  comparison("__aeabi_dcmpgt", second, first, false),
  flags,
];
