import { parseInstruction } from "./assembler/parse.js";
import { decode } from "./decode.js";
import { disassemble, format } from "./disassemble.js";
import { encode } from "./encoding.js";
import type { Instruction } from "./instruction.js";

/** Far enough from 0 for every narrow branch to have somewhere to go. */
const at = 0x1000000;

/** What becomes of the instruction when it is written down, read again and encoded. */
const rewritten = (instruction: Instruction): number[] => {
  const parsed = parseInstruction(format(instruction));
  return parsed.kind === "pooledLoad" ? [] : [...encode(parsed, at)];
};

test("every halfword that is an instruction comes back from its text; the others are known by number", () => {
  const wrong: string[] = [];
  const undefinedOnes: number[] = [];
  for (let half = 0; half < 0x10000; half++) {
    const instruction = decode(half, at);
    if (!instruction) {
      undefinedOnes.push(half);
      continue;
    }
    const again = rewritten(instruction);
    if (again.length !== 1 || again[0] !== half || encode(instruction, at)[0] !== half) {
      wrong.push(`${half.toString(16)}: ${format(instruction)}`);
    }
  }
  expect(wrong).toEqual([]);
  // 0xe800-0xffff begin 32-bit instructions; what else isn't one is counted here from ARM DDI 0419, A5.2.
  expect(undefinedOnes.filter((half) => half >= 0xe800)).toHaveLength(0x1800);
  const bx = 2 * 128 - 2 * 15; // low bits set, or PC
  const add = 1; // PC to PC
  const cmp = 31 + 64; // PC on either side; two low registers
  const lists = 2 + 8 + 8; // push {}, pop {}, stm and ldm of nothing
  const stmBase = Array.from({ length: 8 }, (_, base) => ((1 << base) - 1) << (7 - base)).reduce(
    (sum, n) => sum + n,
    0,
  );
  const miscellaneous = 0x1000 - 0x100 - 2 * 0x200 - 0x100 - 7 * 64 - 2 - 5;
  expect(undefinedOnes.filter((half) => half < 0xe800)).toHaveLength(bx + add + cmp + lists + stmBase + miscellaneous);
});

test("32-bit instructions come back from their text", () => {
  const firsts = [
    ...[0xf000, 0xf001, 0xf3ff, 0xf400, 0xf7ff, 0xf3bf, 0xf3ef, 0xf380, 0xf38c, 0xf38d, 0xf38f, 0xf7f0, 0xf7fe],
    ...[0xf5a5, 0xf25a],
  ];
  const seen = new Set<string>();
  for (const first of firsts) {
    for (let second = 0; second < 0x10000; second++) {
      const instruction = decode(first, at, second);
      if (!instruction) continue;
      seen.add(instruction.kind);
      const again = rewritten(instruction);
      if (again[0] !== first || again[1] !== second) {
        throw new Error(`${first.toString(16)} ${second.toString(16)}: ${format(instruction)}`);
      }
    }
  }
  expect([...seen].sort()).toEqual(["barrier", "bl", "mrs", "msr", "udfWide"]);
});

test("a listing has names for targets, numbers for what is no instruction, and words for data", () => {
  const code = Uint8Array.of(0x01, 0x48, 0x00, 0xf0, 0x80, 0xf8, 0x50, 0xbf, 0x78, 0x56, 0x34, 0x12);
  const lines = disassemble(code, {
    labelAt: (target) => (target === 8 ? "literal" : undefined),
    isData: (place) => place === 8,
  });
  expect(lines.map((line) => `${line.at}: ${line.text}`)).toEqual([
    "0: ldr r0, literal",
    "2: bl 0x106",
    "6: .hword 0xbf50",
    "8: .word 0x12345678",
  ]);
});

test("half of a 32-bit instruction at the end is told as a number", () => {
  expect(disassemble(Uint8Array.of(0x00, 0xf0))[0].text).toBe(".hword 0xf000");
});
