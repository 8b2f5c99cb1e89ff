import { expect, test } from "@jest/globals";
import { encodeModule, type Instruction } from "./encode.js";
import { generateCase } from "./generate-module.js";
import { observe } from "./observe.js";
import { numericOperators } from "./opcodes.js";
import { v8Engine } from "./v8-engine.js";

const seeds = Array.from({ length: 150 }, (_, index) => index);

test("a seed stands for one module", () => {
  expect(encodeModule(generateCase(7).module)).toEqual(encodeModule(generateCase(7).module));
  expect(encodeModule(generateCase(7).module)).not.toEqual(encodeModule(generateCase(8).module));
});

test("every module is valid, ends, and lets the same be seen each time", () => {
  for (const seed of seeds)
    expect(observe(v8Engine, generateCase(seed))).toEqual(observe(v8Engine, generateCase(seed)));
});

test("together they use every numeric operator, and trap in every way but one", () => {
  const operators = new Set<string>();
  const visit = (instruction: Instruction): void => {
    operators.add(instruction.op);
    for (const list of [instruction.operands, instruction.body, instruction.otherwise]) list?.forEach(visit);
  };
  const traps = new Set<string>();
  for (const seed of seeds) {
    const testCase = generateCase(seed);
    for (const { body } of testCase.module.functions) body.forEach(visit);
    for (const { trap } of observe(v8Engine, testCase)) if (trap) traps.add(trap);
  }
  expect(numericOperators.filter(({ name }) => !operators.has(name))).toEqual([]);
  // Call depth is bounded by fuel; the specification's own scripts exhaust it.
  expect([...traps].sort()).toEqual([
    "float to integer",
    "indirect call mismatch",
    "integer divide by zero",
    "out of bounds memory access",
    "out of bounds table access",
    "unreachable",
  ]);
});
