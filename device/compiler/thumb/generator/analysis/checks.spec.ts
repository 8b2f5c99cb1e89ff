import { describe, expect, test } from "@jest/globals";
import wabt from "wabt";
import { decodeFunction } from "../../../decode/function.js";
import { decodeModule } from "../../../decode/module.js";
import { planModule } from "../plan.js";
import { buildGraph } from "../ssa/build.js";
import type { Graph } from "../ssa/graph.js";
import { simplify } from "../ssa/simplify.js";
import { alignmentOf, globalAlignment, markAligned } from "./alignment.js";
import { countersIn, dropChecks } from "./checks.js";

/** A function's graph with 64 KiB of memory, all that analysis can drop dropped. */
async function analysed(body: string): Promise<Graph> {
  const text = `(module (memory 1) (func (param $p i32) (param $n i32) (result i32) (local $i i32) (local $s i32) ${body}))`;
  const binary = (await wabt()).parseWat("test.wat", text).toBinary({}).buffer;
  const module = decodeModule(new Uint8Array(binary));
  const ir = decodeFunction(module, 0, { direct: () => false, indirect: () => false });
  const graph = buildGraph(ir, planModule(module, [ir], new Set(), 65536), "f");
  simplify(graph);
  dropChecks(graph, countersIn(graph), 65536);
  markAligned(
    graph,
    alignmentOf(graph, () => 0),
  );
  return graph;
}

const checks = (graph: Graph): number =>
  graph.blocks.reduce((sum, { body }) => sum + body.filter(({ op }) => op === "bound").length, 0);
const aligned = (graph: Graph): boolean[] =>
  graph.blocks.flatMap(({ body }) => body.filter(({ op }) => op === "load").map((load) => load.aligned));

/** Sums words at `address` while the counter goes from `first` by `step` and `test` of it holds. */
const loop = (first: string, step: number, test: string, address: string) =>
  `
  (local.set $i ${first})
  (loop $l
    (local.set $s (i32.add (local.get $s) (i32.load ${address})))
    (br_if $l (${test})))
  (local.get $s)`.replace("(br_if", `(local.set $i (i32.add (local.get $i) (i32.const ${step})))\n    (br_if`);

const I = "(local.get $i)";

describe("bounds checks in loops", () => {
  test.each([
    ["up to a constant", loop("(i32.const 0)", 4, `i32.ne ${I} (i32.const 1024)`, I)],
    ["below a constant", loop("(i32.const 0)", 4, `i32.lt_u ${I} (i32.const 65533)`, I)],
    ["down to zero", loop("(i32.const 400)", -4, I.slice(1, -1), I)],
    [
      "from below zero up, as compilers count",
      loop("(i32.const -64)", 4, I.slice(1, -1), `(i32.add ${I} (i32.const 2112))`),
    ],
    [
      "of an index",
      loop("(i32.const 0)", 1, `i32.ne ${I} (i32.const 100)`, `offset=1000 (i32.shl ${I} (i32.const 2))`),
    ],
  ])("%s are known to pass", async (_, body) => {
    expect(checks(await analysed(body))).toBe(0);
  });

  test.each([
    ["whose end is a parameter", loop("(i32.const 0)", 4, `i32.ne ${I} (local.get $n)`, I)],
    ["whose beginning is one", loop("(local.get $p)", 4, `i32.ne ${I} (i32.const 1024)`, I)],
    ["that steps over its end", loop("(i32.const 0)", 3, `i32.ne ${I} (i32.const 1024)`, I)],
    ["that goes away from its bound", loop("(i32.const 100)", -4, `i32.lt_u ${I} (i32.const 1000)`, I)],
    ["one step beyond memory", loop("(i32.const 0)", 4, `i32.ne ${I} (i32.const 65540)`, I)],
  ])("%s stay", async (_, body) => {
    expect(checks(await analysed(body))).toBe(1);
  });
});

describe("bounds checks elsewhere", () => {
  test("behind a branch that says enough are dropped, on that way alone", async () => {
    const load = "(i32.load (local.get $p))";
    const asked = `(if (result i32) (i32.lt_u (local.get $p) (i32.const 1000)) (then ${load}) (else ${load}))`;
    expect(checks(await analysed(asked))).toBe(1);
  });

  test("of the same address are made once, where the first one reaches as far", async () => {
    expect(checks(await analysed("(i32.add (i32.load offset=8 (local.get $p)) (i32.load (local.get $p)))"))).toBe(1);
    expect(checks(await analysed("(i32.add (i32.load (local.get $p)) (i32.load offset=8 (local.get $p)))"))).toBe(2);
  });
});

describe("alignment", () => {
  test.each([
    ["an index times four", "(i32.load offset=8 (i32.shl (local.get $p) (i32.const 2)))", true],
    ["a masked address", "(i32.load (i32.and (local.get $p) (i32.const -4)))", true],
    ["a counter by four", loop("(i32.const 8)", 4, `i32.ne ${I} (local.get $n)`, I), true],
    ["a parameter", "(i32.load (local.get $p))", false],
    ["an uneven offset", "(i32.load offset=2 (i32.shl (local.get $p) (i32.const 2)))", false],
    ["a counter from a parameter", loop("(local.get $p)", 4, `i32.ne ${I} (i32.const 8)`, I), false],
  ])("of %s is known: %#", async (_, body, expected) => {
    expect(aligned(await analysed(body))).toEqual([expected]);
  });
});

describe("a global's alignment", () => {
  const graphsOf = async (functions: string): Promise<Graph[]> => {
    const text = `(module (memory 1) (global $sp (mut i32) (i32.const 4096)) ${functions})`;
    const module = decodeModule(new Uint8Array((await wabt()).parseWat("test.wat", text).toBinary({}).buffer));
    const never = { direct: () => false, indirect: () => false };
    const functionsIr = module.functions.map((_, index) => decodeFunction(module, index, never));
    const plan = planModule(module, functionsIr, new Set(), 65536);
    at = plan.globals[0];
    return functionsIr.map((ir) => {
      const graph = buildGraph(ir, plan, "f");
      simplify(graph);
      return graph;
    });
  };
  let at = 0;
  const frame = "(func (global.set $sp (i32.sub (global.get $sp) (i32.const 48))))";

  test("holds as far as every function that sets it keeps it", async () => {
    expect(globalAlignment(await graphsOf(frame), [{ at: 0, value: 4096 }])(at)).toBe(0);
    expect(globalAlignment(await graphsOf(frame), [{ at, value: 4096 }])(at)).toBe(4);
    const uneven = "(func (param i32) (global.set $sp (local.get 0)))";
    expect(globalAlignment(await graphsOf(frame + uneven), [{ at, value: 4096 }])(at)).toBe(0);
  });
});
