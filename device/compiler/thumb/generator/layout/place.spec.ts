import { expect, test } from "@jest/globals";
import { bx, high, imm8, LR, PC } from "../../instruction.js";
import { decode } from "../../decode.js";
import type { Item } from "./item.js";
import { place, type PlacedFunction } from "./place.js";

const filler = (count: number): Item[] =>
  Array.from({ length: count }, () => ({ kind: "code", instruction: imm8("adds", 1, 1) }));
const end: Item = { kind: "code", instruction: bx(LR) };

/** Runs nothing, but follows the code from its start and tells the targets of what it meets. */
function instructionAt({ code }: PlacedFunction, at: number) {
  return decode(code[at] | (code[at + 1] << 8), at, code[at + 2] | (code[at + 3] << 8));
}

test("a literal's pool stands within reach, its number once for all who are near", () => {
  const load = (value: number): Item => ({ kind: "literal", rd: 0, literal: { kind: "number", value } });
  const placed = place([load(0x12345678), ...filler(10), load(0x12345678), ...filler(700), load(0x12345678), end]);
  expect(placed.data).toHaveLength(2);
  const view = new DataView(placed.code.buffer);
  for (const [from] of placed.data) expect(view.getUint32(from, true)).toBe(0x12345678);
  const first = instructionAt(placed, 0);
  expect(first).toEqual({ kind: "ldrLiteral", rd: 0, target: placed.data[0][0] });
});

test.each([
  ["near", 20, ["branchIf"]],
  ["beyond 256 bytes", 400, ["branchIf", "b"]],
  ["beyond 2 KiB", 3000, ["branchIf", "bl"]],
])("a conditional branch %s is as short as can be", (_, distance, kinds) => {
  const placed = place([
    { kind: "branch", condition: "eq", to: "far" },
    ...filler(distance),
    { kind: "label", label: "far" },
    end,
  ]);
  expect(kinds.map((_kind, n) => instructionAt(placed, 2 * n)?.kind)).toEqual(kinds);
  expect(placed.linkLost).toBe(kinds[1] === "bl");
  const last = instructionAt(placed, 2 * (kinds.length - 1)) as { target: number };
  expect(instructionAt(placed, last.target)).toEqual(bx(LR));
});

test("code that stands aside is out of the way, shared by its key, and reached from everywhere", () => {
  const trap: Item = {
    kind: "aside",
    condition: "hi",
    key: "trap",
    items: [
      { kind: "code", instruction: imm8("movs", 7, 77) },
      { kind: "branch", to: "end" },
    ],
  };
  const placed = place([trap, ...filler(50), trap, ...filler(300), trap, { kind: "label", label: "end" }, end]);
  const targets: number[] = [];
  for (let at = 0; at < placed.code.length; at += 2) {
    const instruction = instructionAt(placed, at);
    if (instruction?.kind === "branchIf" && instruction.condition === "hi") targets.push(instruction.target as number);
  }
  expect(targets).toHaveLength(3);
  expect(targets[0]).toBe(targets[1]);
  for (const target of targets) expect(instructionAt(placed, target)).toEqual(imm8("movs", 7, 77));
});

test("a distance counts from the instruction behind its label, wherever pools come between", () => {
  for (let before = 480; before <= 520; before++) {
    const placed = place([
      { kind: "literal", rd: 0, literal: { kind: "number", value: 12345678 } },
      ...filler(before),
      { kind: "literal", rd: 2, literal: { kind: "distance", label: "blob", addend: 0, from: "here" } },
      { kind: "label", label: "here" },
      { kind: "code", instruction: high("add", 2, PC) },
      ...filler(600),
      end,
    ]);
    const [{ from }] = placed.relocations;
    expect(instructionAt(placed, from - 4)).toEqual(high("add", 2, PC));
  }
});

test("a pool comes before a jump table that is longer than a literal reaches", () => {
  const targets = Array.from({ length: 800 }, () => "there");
  const placed = place([
    { kind: "literal", rd: 0, literal: { kind: "number", value: 12345678 } },
    { kind: "label", label: "dispatch" },
    { kind: "table", index: 1, targets },
    { kind: "label", label: "there" },
    end,
  ]);
  expect(placed.data[0][0]).toBeLessThan(1024);
});
