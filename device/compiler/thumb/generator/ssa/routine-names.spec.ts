import wabt from "wabt";
import { decodeFunction } from "../../../decode/function.js";
import { decodeModule } from "../../../decode/module.js";
import { numericOperators } from "../../../testing/opcodes.js";
import { linkRoutines, routineNames } from "../../routines/link.js";
import { planModule } from "../plan.js";
import { buildGraph } from "./build.js";

/** The names of all routines that the graphs of a module's functions call. Memory may grow. */
async function routinesOf(text: string): Promise<Set<string>> {
  const wasm = (await wabt()).parseWat("names.wat", text).toBinary({}).buffer;
  const module = decodeModule(wasm);
  const bodies = module.functions.map((_, index) =>
    decodeFunction(module, index, { direct: () => false, indirect: () => false }),
  );
  const plan = planModule(module, bodies, new Set(), undefined);
  const names = new Set<string>();
  bodies.forEach((body, index) => {
    for (const block of buildGraph(body, plan, `f${index}`).blocks) {
      for (const value of block.body) {
        if (value.op === "routine" || value.op === "pure routine") names.add(value.name!);
      }
    }
  });
  return names;
}

const get = (index: number): string => `(local.get ${index})`;

/** Each operator on parameters, and on constants where they're told from other operands. */
const numeric = numericOperators.flatMap(({ name, params, result }) => {
  const head = `(func (param ${params.join(" ")}) (result ${result})`;
  const plain = `${head} (${name} ${params.map((_, index) => get(index)).join(" ")}))`;
  const last = params[params.length - 1];
  if (params.length < 2 || !last.startsWith("i")) return [plain];
  return [plain, ...[-1, 0, 7, 8].map((value) => `${head} (${name} ${get(0)} (${last}.const ${value})))`)];
});

const other = `
  (memory 1 4) (data $bytes "abc")
  (table $one 2 8 funcref) (table $other 3 funcref) (elem $entries func 0)
  (func (param i32 i32 i32) (result i32)
    (memory.copy ${get(0)} ${get(1)} ${get(2)})
    (memory.fill ${get(0)} ${get(1)} ${get(2)})
    (memory.init $bytes ${get(0)} ${get(1)} ${get(2)})
    (table.copy $one $other ${get(0)} ${get(1)} ${get(2)})
    (table.fill $one ${get(0)} (table.get $other ${get(1)}) ${get(2)})
    (table.init $one $entries ${get(0)} ${get(1)} ${get(2)})
    (i32.add (memory.grow ${get(0)}) (table.grow $one (ref.null func) ${get(1)})))`;

test("every routine that a graph calls by name can be linked", async () => {
  const names = await routinesOf(`(module ${[...numeric, other].join("\n")})`);
  // So that an empty list can't pass.
  for (const name of ["memory.grow", "memory.copy", "table.fill", "f64.sqrt", "__aeabi_dadd", "i64.trunc_f64_u"]) {
    expect(names).toContain(name);
  }
  const known = new Set(routineNames());
  expect([...names].filter((name) => !known.has(name))).toEqual([]);
  const { symbols } = linkRoutines(["entry", ...names], { stack: "process", memoryOffset: 256 });
  expect([...names].filter((name) => !symbols.has(name))).toEqual([]);
});
