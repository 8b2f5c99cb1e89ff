import { disassemble } from "../disassemble.js";
import { assemble } from "./assemble.js";
import { parseInstruction } from "./parse.js";
import { format } from "../disassemble.js";
import type { Instruction } from "../instruction.js";

const listing = (text: string): string[] => {
  const { code, data } = assemble(text);
  const isData = (at: number) => data.some(([from, to]) => at >= from && at < to);
  return disassemble(code, { isData }).map((line) => line.text);
};

test("labels, numbered ones too, are local to the text; others are references to be patched", () => {
  const routine = assemble(
    `
    .global count
    count:                @ r0: how often
      push {r4, lr}
    1: bl   elsewhere     // a routine of another text
      subs r0, #1
      bne  1b
      beq  1f
    1: b    out
  `.replace("count, ", "count"),
  );
  expect(routine.name).toBe("count");
  expect([...routine.symbols]).toEqual([["count", 0]]);
  expect(routine.references).toEqual([
    { at: 2, kind: "bl", to: "elsewhere" },
    { at: 12, kind: "b", to: "out" },
  ]);
  expect(disassemble(routine.code).map((line) => line.text)).toEqual([
    "push {r4, lr}",
    "bl 0x6",
    "subs r0, #1",
    "bne 0x2",
    "beq 0xc",
    "b 0x10",
    "nop",
  ]);
});

test("literals are pooled once each, aligned, and known as data", () => {
  expect(
    listing(`
      .global f
      f: ldr r0, =0x12345678
      ldr r1, =-1
      ldr r2, =0x12345678
      bx lr
      .pool
      g: ldr r3, =-1
      bx lr`),
  ).toEqual([
    "ldr r0, 0x8",
    "ldr r1, 0xc",
    "ldr r2, 0x8",
    "bx lr",
    ".word 0x12345678",
    ".word 0xffffffff",
    "ldr r3, 0x14",
    "bx lr",
    ".word 0xffffffff",
  ]);
});

test("tables of label differences", () => {
  const { code } = assemble(`
    .global f
    f: nop
    table: .byte (one - table) / 2, 7
    .align 1
    one: .word one - table, 0xdeadbeef
  `);
  expect([...code.slice(2, 4)]).toEqual([1, 7]);
  expect([...code.slice(4)]).toEqual([2, 0, 0, 0, 0xef, 0xbe, 0xad, 0xde]);
});

test.each([
  ["adds r0, #8", "adds r0, #8"],
  ["adds r0, r0, #8", "adds r0, #8"],
  ["adds r0, r1", "adds r0, r0, r1"],
  ["ANDS R0, R0, R1", "ands r0, r1"],
  ["negs r1, r2", "rsbs r1, r2, #0"],
  ["muls r1, r2", "muls r1, r2, r1"],
  ["muls r1, r1, r2", "muls r1, r2, r1"],
  ["lsls r1, #3", "lsls r1, r1, #3"],
  ["lsls r1, r1, r2", "lsls r1, r2"],
  ["add r1, r1, r8", "add r1, r8"],
  ["add sp, sp, #8", "add sp, #8"],
  ["bcs x", "bhs x"],
  ["ldr r1, [r2, #0]", "ldr r1, [r2]"],
  ["push {r0-r2, r4, lr}", "push {r0-r2, r4, lr}"],
  ["mov ip, r0", "mov r12, r0"],
])("%s is %s", (text, canonical) => {
  expect(format(parseInstruction(text) as Instruction)).toBe(canonical);
});

test.each([
  ["adds r0, r1, #8", "8 isn't a number from 0 to 7"],
  ["add r0, r1, r2", 'ARMv6-M has no "add r0, r1, r2"'],
  ["muls r0, r1, r2", 'ARMv6-M has no "muls r0, r1, r2"'],
  ["ldrsb r0, [r1, #1]", 'ARMv6-M has no "ldrsb r0, [r1, #1]"'],
  ["udiv r0, r1", 'ARMv6-M has no "udiv r0, r1"'],
  ["ldm r0!, {r0, r1}", 'ARMv6-M has no "ldm r0!, {r0, r1}"'],
  ["bne nowhere", "There is no label nowhere"],
  ["movs r0, #x", '"x" can\'t be read'],
  [".section text", "the directive .section isn't known"],
  ["f: nop", "The label f is there twice"],
])("%s is refused with its line", (text, message) => {
  expect(() => assemble(`.global f\nf:\n${text}`)).toThrow(message);
  expect(() => assemble(`.global f\nf:\n${text}`)).toThrow("Line 3");
});
