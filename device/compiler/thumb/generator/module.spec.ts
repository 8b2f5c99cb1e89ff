import { describe, expect, test } from "@jest/globals";
import wabt from "wabt";
import { instantiateThumb, type ThumbInstance, ThumbTrap } from "../../testing/thumb-instance.js";
import { compileToThumb } from "../compile.js";
import type { ThumbCompilation } from "../compilation.js";
import type { ThumbOptions } from "./module.js";

async function compile(text: string, options?: ThumbOptions): Promise<ThumbCompilation> {
  const module = (await wabt()).parseWat("test.wat", text);
  return compileToThumb(new Uint8Array(module.toBinary({}).buffer), options);
}

async function start(text: string, memoryBytes = 65536): Promise<ThumbInstance> {
  return instantiateThumb(await compile(text, { memoryBytes }), { memoryBytes, imports: [] });
}

/** Why a call trapped. */
function trapOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ThumbTrap) return error.trap;
    throw error;
  }
  return "none";
}

describe("compiled functions", () => {
  test("take parameters beyond four words from the stack, and return several results", async () => {
    const guest = await start(`(module
      (func (export "f") (param i64 i32 i64 i32 f64) (result i32 i64 f64)
        local.get 3  local.get 0  local.get 2  i64.sub  local.get 4))`);
    expect(guest.call("f", [10, 0, 1, 3, 0, 4, 5, 6], 5)).toEqual([4, 7, 0, 5, 6]);
  });

  test.each(["load", "load16_u", "load16_s"])("read unaligned words by i32.%s as V8 does", async (op) => {
    const text = `(module (memory (export "m") 1)
      (data (i32.const 0) "\\81\\92\\a3\\b4\\c5\\d6\\e7\\f8\\09")
      (func (export "f") (param i32) (result i32) (i32.${op} offset=1 (local.get 0))))`;
    const guest = await start(text);
    const view = new DataView(guest.memory().slice().buffer);
    for (let at = 0; at < 4; at++) {
      const expected =
        op === "load"
          ? view.getInt32(at + 1, true)
          : op === "load16_u"
            ? view.getUint16(at + 1, true)
            : view.getInt16(at + 1, true);
      expect([at, ...guest.call("f", [at], 1)]).toEqual([at, expected]);
    }
  });

  test("write unaligned words, and nothing beside them", async () => {
    const guest = await start(`(module (memory 1)
      (func (export "f") (param i32 i32)
        (i32.store (local.get 0) (local.get 1))
        (i32.store16 offset=5 (local.get 0) (local.get 1))))`);
    guest.call("f", [1, 0x44332211]);
    expect([...guest.memory().subarray(0, 10)]).toEqual([0, 0x11, 0x22, 0x33, 0x44, 0, 0x11, 0x22, 0, 0]);
  });

  test("have frames of any size: what doesn't fit an instruction's offset is reached all the same", async () => {
    const count = 600;
    const locals = Array.from({ length: count }, (_, n) => n);
    const guest = await start(`(module (func $id (param i32) (result i32) (local.get 0))
      (func (export "f") (param i32) (result i32) (local ${locals.map(() => "i32").join(" ")})
        ${locals.map((n) => `(local.set ${n + 1} (call $id (i32.add (local.get 0) (i32.const ${n}))))`).join("\n")}
        ${locals.map((n) => `(local.get ${n + 1})`).join("\n")}
        ${locals
          .slice(1)
          .map(() => "i32.add")
          .join("\n")}))`);
    expect(guest.call("f", [1], 1)).toEqual([count + (count * (count - 1)) / 2]);
  });

  test("branch to blocks thousands of bytes away, by table as well", async () => {
    const long = Array.from(
      { length: 700 },
      (_, n) => `(global.set 0 (i32.xor (global.get 0) (i32.const ${n * 7919})))`,
    );
    const guest = await start(`(module (global (mut i32) (i32.const 0))
      (func (export "f") (param i32) (result i32)
        (block $b (block $a
          (br_table $a $b $a $b (local.get 0))) ;; a
          ${long.join("\n")}
          (return (i32.const 1))) ;; b
        (i32.const 2)))`);
    expect([0, 1, 2, 3, 4, -1].map((n) => guest.call("f", [n], 1)[0])).toEqual([1, 2, 1, 2, 2, 2]);
  });

  test("test what they have just computed, from its operands, also where one of those is a constant", async () => {
    const guest = await start(`(module (func (export "f") (param i32) (result i32)
      (if (result i32) (i32.shr_u (i32.const 2) (local.get 0)) (then (i32.const 1)) (else (i32.const 0)))))`);
    expect([0, 1, 2, 15].map((n) => guest.call("f", [n], 1)[0])).toEqual([1, 1, 0, 0]);
  });

  test("test at a block's end what was computed before it, where something in between needs it as well", async () => {
    const guest = await start(`(module (memory 1) (global $g (mut i32) (i32.const 5))
      (func (export "f") (param i64) (result i32)
        (global.set $g (i64.ge_s (local.get 0) (i64.const 4277144338)))
        (if (global.get $g) (then (i32.store (i32.const 0) (i32.const 1))))
        (i32.add (i32.load (i32.const 0)) (global.get $g))))`);
    expect([guest.call("f", [0, 1], 1), guest.call("f", [0, 0], 1)]).toEqual([[2], [1]]);
  });

  test("tell each block apart, also those that analysis has left fewer of", async () => {
    // Inner loops without fuel lose the block that goes back; edges of their own come in addition.
    const guest = await start(`(module (memory 1) (func (export "f") (param i32) (result i32) (local i32 i32 i32)
      (loop $l
        (local.set 3 (i32.const 0))
        (loop $m
          (if (local.get 0) (then (local.set 2 (i32.add (local.get 2) (i32.const 14)))))
          (br_if $m (i32.ne (local.tee 3 (i32.add (local.get 3) (i32.const 1))) (i32.const 3))))
        (block $b (block $a (br_table $b $a $b (local.get 1))) (local.set 2 (i32.const 7)))
        (br_if $l (i32.ne (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 5))))
      (local.get 2)))`);
    expect([guest.call("f", [0], 1), guest.call("f", [1], 1)]).toEqual([[7], [133]]);
  });

  test("tell an allocator where memory ends to the byte, and that it can't grow", async () => {
    const guest = await start(
      `(module (memory 1)
        (func (export "end") (result i32) (local i32)
          (local.set 0 (memory.size)) (i32.shl (local.get 0) (i32.const 16)))
        (func (export "grow") (result i32) (memory.grow (i32.const 1))))`,
      4096,
    );
    expect([guest.call("end", [], 1), guest.call("grow", [], 1)]).toEqual([[4096], [-1]]);
  });
});

describe("traps", () => {
  test.each([
    ["unreachable", "unreachable"],
    ["(drop (i32.div_s (i32.const 1) (global.get 0)))", "integer divide by zero"],
    ["(drop (i32.load (i32.const -4)))", "out of bounds memory access"],
    ["(i32.store offset=4294967295 (global.get 0) (i32.const 1))", "out of bounds memory access"],
    ["(drop (i32.trunc_f32_s (f32.const nan)))", "invalid conversion to integer"],
    ["(call_indirect (type 0) (i32.const 2))", "out of bounds table access"],
    ["(call_indirect (type 0) (i32.const 1))", "uninitialized element"],
    ["(call_indirect (param i32) (i32.const 1) (i32.const 0))", "indirect call type mismatch"],
    ["(call $deep)", "call stack exhausted"],
  ])("%s: %s", async (code, reason) => {
    const guest = await start(`(module (memory 1) (global (mut i32) (i32.const 0)) (type (func))
      (table 2 funcref) (elem (i32.const 0) $deep)
      (func $deep (call $deep) (global.set 0 (i32.const 0)))
      (func (export "f") ${code}))`);
    expect(trapOf(() => guest.call("f"))).toBe(reason);
  });

  test("come where they come in WebAssembly: what was stored before stays stored", async () => {
    const guest = await start(`(module (memory 1)
      (func (export "f") (param i32)
        (i32.store (local.get 0) (i32.const 1))
        (i32.store offset=4 (local.get 0) (i32.const 2))))`);
    expect(trapOf(() => guest.call("f", [65532]))).toBe("out of bounds memory access");
    expect(guest.memory()[65532]).toBe(1);
  });
});

describe("fuel", () => {
  const loop = (end: string) => `(module (func (export "f") (param i32) (result i32) (local i32)
    (loop $l (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if $l (i32.ne (local.get 1) ${end})))
    (local.get 1)))`;
  const slices = async (text: string, argument: number): Promise<number> => {
    const guest = instantiateThumb(await compile(text), { memoryBytes: 0, imports: [], fuel: 100 });
    guest.call("f", [argument], 1);
    return guest.slices;
  };

  test("is paid by loops whose end nothing tells, so that the host gets its turn", async () => {
    expect(await slices(loop("(local.get 0)"), 1000)).toBe(9);
  });

  test("isn't asked of a loop that is known to end soon", async () => {
    expect(await slices(loop("(i32.const 1000)"), 0)).toBe(0);
  });

  test("is asked of one that is known to end late", async () => {
    expect(await slices(loop("(i32.const 1000000)"), 0)).toBeGreaterThan(1000);
  });
});

test("a module that imports more than functions is refused by name", async () => {
  await expect(compile('(module (import "env" "memory" (memory 1)))')).rejects.toThrow(
    "env.memory: a guest imports functions only",
  );
});

describe("an import whose writes may be gathered", () => {
  const call = "(call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))";
  const writing = (result: string, body: string) => `(module
    (import "wasi" "write" (func $write (param i32 i32 i32 i32) ${result}))
    (memory (export "m") 1) (func (export "f") ${result} ${body}))`;
  const routines = ({ functions }: ThumbCompilation) => functions.map(({ name }) => name);

  test("has its routine only where it is asked for, imported, called and of that type", async () => {
    const asked = { memoryBytes: 64, bufferedWrites: "wasi.write" };
    const found = await compile(writing("(result i32)", call), asked);
    expect([found.writeBufferBytes, routines(found)]).toEqual([256, expect.arrayContaining(["buffered.write"])]);
    const others = [
      compile(writing("(result i32)", call), { memoryBytes: 64 }),
      compile(writing("(result i32)", call), { memoryBytes: 64, bufferedWrites: "wasi.read" }),
      compile(writing("(result i32)", "(i32.const 1)"), asked),
      compile(writing("", call), asked),
    ];
    for (const other of await Promise.all(others))
      expect([other.writeBufferBytes, routines(other)]).toEqual([0, expect.not.arrayContaining(["buffered.write"])]);
  });

  test("is left to the host for what the routine doesn't take, with its arguments as they were", async () => {
    const compilation = await compile(
      `(module (import "wasi" "write" (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "m") 1) (data (i32.const 0) "\\0c\\00\\00\\00\\03\\00\\00\\00") (data (i32.const 12) "abc")
        (func (export "f") (param i32 i32 i32 i32) (result i32)
          (call $write (local.get 0) (local.get 1) (local.get 2) (local.get 3))))`,
      { memoryBytes: 64, bufferedWrites: "wasi.write" },
    );
    const seen: (readonly number[])[] = [];
    const guest = instantiateThumb(compilation, {
      memoryBytes: 64,
      imports: [(words) => [seen.push([...words.subarray(0, 4)]) + 70]],
    });
    expect(guest.call("f", [1, 0, 1, 8], 1)).toEqual([0]);
    expect(guest.call("f", [1, 1, 1, 8], 1)).toEqual([71]);
    expect(guest.call("f", [3, 0, 1, 8], 1)).toEqual([72]);
    expect([seen, guest.memory()[8]]).toEqual([
      [
        [1, 1, 1, 8],
        [3, 0, 1, 8],
      ],
      3,
    ]);
  });
});
