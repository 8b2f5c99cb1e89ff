/** A guest that is left in a call finds back into it by making the call once more: nothing else may happen twice. */
import { describe, expect, test } from "@jest/globals";
import wabt from "wabt";
import type { HostFunction, Imports } from "../testing/engine.js";
import { suspendingJsEngine } from "../testing/js-engine.js";
import { v8Engine } from "../testing/v8-engine.js";
import { numeric } from "../testing/values.js";

/** What the imports see of a run: `log(x)` returns x as a float, which doesn't suspend; `wait(x)` returns x, and does. */
async function seen(engine: typeof v8Engine, text: string): Promise<string[]> {
  const module = (await wabt()).parseWat("test.wat", text).toBinary({}).buffer;
  const calls: string[] = [];
  const noting = (name: string, result: "i32" | "f32"): { host: HostFunction } => ({
    host: {
      params: ["i32"],
      results: [result],
      call([argument]) {
        const value = "bits" in argument ? Number(argument.bits) : NaN;
        calls.push(`${name} ${value}`);
        return [numeric(result, value)];
      },
    },
  });
  const imports: Imports = { env: { log: noting("log", "f32"), wait: noting("wait", "i32") } };
  const instance = engine.instantiate(new Uint8Array(module), imports);
  const [result] = instance.invoke("f", [], ["i32"]);
  calls.push(`f ${"bits" in result ? String(result.bits) : "?"}`);
  return calls;
}

const IMPORTS = `(import "env" "log" (func $log (param i32) (result f32)))
  (import "env" "wait" (func $wait (param i32) (result i32)))
  (memory 1) (type $one (func (param i32) (result i32)))`;

describe("what is computed for a call that is left", () => {
  test.each([
    [
      "calls other imports once",
      `(func $inner (param f32 i32) (result i32) (i32.add (call $wait (local.get 1)) (local.get 1)))
       (func (export "f") (result i32) (call $inner (call $log (i32.const 1)) (i32.const 2)))`,
      ["log 1", "wait 2", "f 4"],
    ],
    [
      "doesn't trap for what the memory has become meanwhile",
      `(func $inner (param i32) (result i32)
         (i32.store (i32.const 0) (i32.const -4))
         (i32.add (call $wait (i32.const 3)) (local.get 0)))
       (func (export "f") (result i32)
         (i32.store (i32.const 0) (i32.const 8)) (i32.store (i32.const 8) (i32.const 30))
         (call $inner (i32.load (i32.load (i32.const 0)))))`,
      ["wait 3", "f 33"],
    ],
    [
      "finds back into the same function, though the pointer to it is another one by now",
      `(table 2 funcref) (elem (i32.const 0) $first $second)
       (func $first (param i32) (result i32)
         (i32.store (i32.const 0) (i32.const 1)) (i32.add (call $wait (local.get 0)) (i32.const 100)))
       (func $second (param i32) (result i32) (call $wait (i32.const 9)))
       (func (export "f") (result i32) (call_indirect (type $one) (i32.const 5) (i32.load (i32.const 0))))`,
      ["wait 5", "f 105"],
    ],
  ])("%s", async (_, functions, expected) => {
    const text = `(module ${IMPORTS} ${functions})`;
    expect(await seen(v8Engine, text)).toEqual(expected);
    expect(await seen(suspendingJsEngine, text)).toEqual(expected);
  });
});
