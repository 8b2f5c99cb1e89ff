import { describe, expect, test } from "@jest/globals";
import wabt from "wabt";
import { decodeFunction } from "../../../decode/function.js";
import { decodeModule } from "../../../decode/module.js";
import { planModule } from "../plan.js";
import { buildGraph } from "./build.js";
import { evaluate } from "./fold.js";
import type { Block, Graph, Value } from "./graph.js";
import { moveFuelUp, simplify } from "./simplify.js";

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Record<string, (...args: number[]) => number> };
};

async function assemble(text: string): Promise<Uint8Array> {
  const module = (await wabt()).parseWat("test.wat", text);
  return module.toBinary({}).buffer;
}

function graphOf(wasm: Uint8Array): Graph {
  const module = decodeModule(wasm);
  const ir = decodeFunction(module, 0, { direct: () => false, indirect: () => false });
  const graph = buildGraph(ir, planModule(module, [ir], new Set(), undefined), "f");
  simplify(graph);
  moveFuelUp(graph);
  return graph;
}

/** Runs a graph without memory or calls, on its words. */
function run(graph: Graph, args: readonly number[]): number {
  const words = new Map<Value, number>();
  const get = (value: Value): number => {
    if (value.op === "const") return value.imm;
    if (value.op === "param") return args[value.imm];
    const found = words.get(value);
    if (found === undefined) throw new Error(`${value.op} is used before it is computed`);
    return found;
  };
  let from: Block | undefined;
  for (let block: Block = graph.entry, steps = 0; ; steps++) {
    if (steps > 10_000) throw new Error("does not end");
    const at = from ? block.preds.indexOf(from) : 0;
    const entering = block.phis.map((phi) => get(phi.args[at]));
    block.phis.forEach((phi, index) => words.set(phi, entering[index]));
    for (const value of block.body) {
      if (value.op === "fuel") continue;
      const [a, b, c] = value.args.map(get);
      const signs = { sext8: () => (a << 24) >> 24, sext16: () => (a << 16) >> 16, select: () => (a ? b : c) };
      const special = signs[value.op as keyof typeof signs];
      const result = special ? special() : evaluate(value.op, a, b);
      if (result === undefined) throw new Error(`${value.op} has no place in this test`);
      words.set(value, result);
    }
    const { end } = block;
    from = block;
    if (end.kind === "return") return get(end.values[0]);
    if (end.kind === "jump") block = end.to;
    else if (end.kind === "branch") block = get(end.condition) ? end.then : end.else;
    else if (end.kind === "table") block = end.targets[Math.min(get(end.index) >>> 0, end.targets.length - 1)];
    else throw new Error("traps");
  }
}

const programs: Readonly<Record<string, string>> = {
  "a loop with two variables": `(func (export "f") (param i32 i32) (result i32) (local i32)
    loop $again
      (local.set 2 (i32.add (i32.mul (local.get 2) (i32.const 31)) (local.get 0)))
      (local.set 0 (i32.add (local.get 0) (i32.const 3)))
      (br_if $again (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 0x10000000))) (i32.const 0xf0000000)))
    end
    (local.get 2))`,
  "nested blocks and a table": `(func (export "f") (param i32 i32) (result i32)
    block $c block $b block $a
      (br_table $a $b $c (i32.and (local.get 0) (i32.const 3)))
    end
      (return (i32.rotl (local.get 1) (i32.const 5)))
    end
      (local.set 1 (i32.sub (i32.const 0) (i32.and (local.get 1) (i32.const 1))))
    end
    (i32.add (i32.const 7) (i32.add (local.get 1) (i32.const 4))))`,
  "comparisons, inverted and selected": `(func (export "f") (param i32 i32) (result i32)
    (select (i32.extend8_s (local.get 0)) (i32.div_s (local.get 1) (i32.const 8))
      (i32.eqz (i32.le_s (local.get 0) (local.get 1)))))`,
  "multiplications that are shifts": `(func (export "f") (param i32 i32) (result i32)
    (i32.xor (i32.mul (local.get 0) (i32.const 64))
      (i32.add (i32.mul (local.get 1) (i32.const -1)) (i32.rem_s (local.get 0) (i32.const 16)))))`,
};

describe("a function's graph", () => {
  const numbers = [0, 1, 2, 3, 5, -1, -8, 127, 128, 0x7fffffff, -0x80000000, 123456789];
  test.each(Object.entries(programs))("of %s computes what V8 computes", async (_, text) => {
    const wasm = await assemble(`(module ${text})`);
    const { f } = new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports;
    const graph = graphOf(wasm);
    for (const a of numbers) for (const b of numbers) expect([a, b, run(graph, [a, b]) | 0]).toEqual([a, b, f(a, b)]);
  });

  test("holds constant sums gathered, a multiplication by 31 as a shift, and pays fuel before the branch", async () => {
    const graph = graphOf(await assemble(`(module ${programs["a loop with two variables"]})`));
    const ops = graph.blocks.flatMap(({ body }) => body.map(({ op }) => op));
    expect(ops).not.toContain("mul");
    const paying = graph.blocks.filter(({ body }) => body.some(({ op }) => op === "fuel"));
    expect(paying.map(({ end }) => end.kind)).toEqual(["branch"]);
  });
});
