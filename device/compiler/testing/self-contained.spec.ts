import { expect, test } from "@jest/globals";
import wabtModule from "wabt";
import { selfContained, START } from "./self-contained.js";
import { numeric } from "./values.js";
import { v8Engine } from "./v8-engine.js";

async function assemble(text: string): Promise<Uint8Array> {
  const parsed = (await wabtModule()).parseWat("module.wat", text, { reference_types: true, bulk_memory: true });
  return parsed.toBinary({}).buffer;
}

const IMPORTS = `(module
  (import "host" "start" (global $at i32))
  (import "host" "half" (global $half f32))
  (import "host" "big" (global $big i64))
  (import "host" "table" (table $table 2 funcref))
  (import "host" "memory" (memory 0))
  (import "host" "told" (func $told (param i32)))
  (global $own (export "own") (mut i32) (global.get $at))
  (func $three (export "three") (result i32) (i32.const 3))
  (func $begin (call $told (global.get $own)) (global.set $own (i32.const 9)))
  (func (export "through table") (result i32) (call_indirect (result i32) (i32.const 4)))
  (func (export "at") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "big") (result i64) (global.get $big))
  (func (export "half") (result f32) (global.get $half))
  (elem $table (offset (global.get $at)) func $three)
  (data (offset (global.get $at)) "coffee")
  (start $begin))`;

test("a module gets what it imports as its own, and is started by a call", async () => {
  const module = selfContained(await assemble(IMPORTS), {
    globals: [4n, 0x3f000000n, (1n << 63n) | 5n],
    tables: [{ minimum: 5 }],
    memory: { minimum: 1 },
  });
  const told: bigint[] = [];
  const instance = v8Engine.instantiate(module, {
    host: {
      told: {
        host: {
          params: ["i32"],
          results: [],
          call([value]) {
            if ("bits" in value) told.push(value.bits);
            return [];
          },
        },
      },
    },
  });
  expect(told).toEqual([]);
  instance.invoke(START, [], []);
  expect(told).toEqual([4n]);
  expect(instance.global("own", "i32")).toEqual(numeric("i32", 9));
  expect(instance.invoke("through table", [], ["i32"])).toEqual([numeric("i32", 3)]);
  expect(instance.invoke("at", [numeric("i32", 5)], ["i32"])).toEqual([numeric("i32", 0x6f)]);
  expect(instance.invoke("big", [], ["i64"])).toEqual([{ type: "i64", bits: (1n << 63n) | 5n }]);
  expect(instance.invoke("half", [], ["f32"])).toEqual([numeric("f32", 0.5)]);
});

test("a module without a start function gets an empty one behind its own", async () => {
  const module = selfContained(await assemble(`(module (func (export "one") (result i32) (i32.const 1)))`), {
    globals: [],
    tables: [],
  });
  const instance = v8Engine.instantiate(module, {});
  expect(instance.invoke(START, [], [])).toEqual([]);
  expect(instance.invoke("one", [], ["i32"])).toEqual([numeric("i32", 1)]);
});
