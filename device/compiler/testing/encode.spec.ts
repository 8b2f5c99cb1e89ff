import { describe, expect, test } from "@jest/globals";
import { encodeModule, type Instruction, signed, unsigned } from "./encode.js";
import { moduleText } from "./module-text.js";
import { memoryOperators, numericOperators } from "./opcodes.js";
import { v8Engine } from "./v8-engine.js";
import { numeric } from "./values.js";

const constant = (type: "i32" | "f64", value: bigint): Instruction => ({
  op: `${type}.const`,
  value,
  operands: [],
  results: [type],
});

function moduleOf(body: Instruction[]): Uint8Array {
  return encodeModule({
    imports: [],
    functions: [{ type: { params: [], results: ["i32"] }, locals: ["i32"], body }],
    globals: [],
    exports: [{ name: "f", kind: "function", index: 0 }],
    elements: [],
    data: [],
  });
}

describe("LEB128", () => {
  test("unsigned numbers take seven bits a byte, lowest first", () => {
    expect(unsigned(0)).toEqual([0]);
    expect(unsigned(127)).toEqual([127]);
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(unsigned(0xffffffff)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  });

  test("signed numbers keep their sign in bit 6 of the last byte", () => {
    expect(signed(63n)).toEqual([63]);
    expect(signed(64n)).toEqual([0xc0, 0]);
    expect(signed(-64n)).toEqual([0x40]);
    expect(signed(-123456n)).toEqual([0xc0, 0xbb, 0x78]);
  });
});

describe("operators", () => {
  test("are all of the specification's, with opcodes that wabt reads by the same names", async () => {
    expect(numericOperators).toHaveLength(0xc4 - 0x45 + 1 + 8);
    expect(memoryOperators).toHaveLength(0x3e - 0x28 + 1);
    const body = numericOperators.map(({ name, params, result }): Instruction => {
      const operands = params.map((type): Instruction => ({
        op: `${type}.const`,
        value: 0n,
        operands: [],
        results: [type],
      }));
      return { op: "drop", operands: [{ op: name, operands, results: [result] }], results: [] };
    });
    const text = await moduleText(moduleOf([...body, constant("i32", 0n)]));
    for (const { name } of numericOperators) expect(text).toContain(`(${name}\n`);
  });
});

describe("modules", () => {
  test("labels become depths, however deep the branch", () => {
    const branch: Instruction = { op: "br", label: 7, operands: [constant("i32", 42n)], results: [] };
    const type = { params: [], results: [] };
    const inner: Instruction = { op: "block", label: 8, type, operands: [], results: [], body: [branch] };
    const outer: Instruction = {
      op: "block",
      label: 7,
      type: { params: [], results: ["i32"] },
      operands: [],
      results: ["i32"],
      body: [inner, constant("i32", 1n)],
    };
    const instance = v8Engine.instantiate(moduleOf([outer]), {});
    expect(instance.invoke("f", [], ["i32"])).toEqual([numeric("i32", 42)]);
  });

  test("a branch out of scope is refused", () => {
    const branch: Instruction = { op: "br", label: 7, operands: [], results: [] };
    expect(() => moduleOf([branch])).toThrow("label 7 is not in scope");
  });
});
