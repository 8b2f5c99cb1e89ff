import { expect, test } from "@jest/globals";
import wabt from "wabt";
import { jsEngine } from "../testing/js-engine.js";
import { v8Engine } from "../testing/v8-engine.js";

test.each([
  ["memory.init", `(memory 1) (data "abc")`, "(data.drop 0)", "(memory.init 0 (i32.const 0) (i32.const 0) (call $n))"],
  [
    "table.init",
    `(table 3 funcref) (elem func $n)`,
    "(elem.drop 0)",
    "(table.init 0 (i32.const 0) (i32.const 0) (call $n))",
  ],
])("%s finds a segment gone that was dropped while its operands were computed", async (_, segment, drop, init) => {
  const text = `(module ${segment} (func $n (result i32) ${drop} (i32.const 1)) (func (export "f") (result i32) ${init} (i32.const 7)))`;
  const module = (await wabt()).parseWat("test.wat", text, { bulk_memory: true, reference_types: true }).toBinary({});
  for (const engine of [v8Engine, jsEngine]) {
    const instance = engine.instantiate(new Uint8Array(module.buffer), {});
    expect(() => instance.invoke("f", [], ["i32"])).toThrow(/out of bounds/);
  }
});
