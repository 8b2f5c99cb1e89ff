import { decodeFunction } from "../../decode/function.js";
import { ModuleError } from "../../decode/errors.js";
import { decodeModule, type Initializer, type Module } from "../../decode/module.js";
import { validate } from "../../decode/validate.js";
import { callGraph } from "../../ir/call-graph.js";
import type { FunctionIr } from "../../ir/types.js";
import { walkExpressions } from "../../ir/walk.js";
import type { ThumbCompilation } from "../compilation.js";
import { trapCodes } from "../traps.js";
import { globalAlignment, type WordAtStart } from "./analysis/alignment.js";
import { compileFunction, prepareFunction } from "./function.js";
import { constantOf, nameOf } from "./declarations.js";
import { joinBlob } from "./join.js";
import { planModule, wordCount, type Plan } from "./plan.js";

/** How a module is to be compiled to thumb code. */
export interface ThumbOptions {
  /** Bytes of linear memory, fixed from the start; default: memory that grows as the module declares. */
  readonly memoryBytes?: number;
  /** Names of the exported functions to keep; default all. */
  readonly exports?: readonly string[];
  /**
   * An imported function, `module.name`, that takes what WASI's `fd_write` takes and whose bytes may be gathered in a
   * buffer before the host gets them; default none. Which descriptors are, the host says in the context.
   */
  readonly bufferedWrites?: string;
  /** How the guest gets a stack of its own, see `routines/coroutine.ts`; default `process`. */
  readonly stack?: "process" | "plain";
}

const PAGE = 65536;

/**
 * Compiles a WebAssembly module to ARMv6-M code.
 * @throws ModuleError when the module is malformed or uses what isn't supported
 */
export function compileToThumb(wasm: Uint8Array, options: ThumbOptions = {}): ThumbCompilation {
  const module = decodeModule(wasm);
  validate(wasm);
  checkSupported(module);
  const never = { direct: () => false, indirect: () => false };
  const all = module.functions.flatMap(({ body }, index) => (body ? [decodeFunction(module, index, never)] : []));
  const exports = module.exports.filter(
    ({ kind, name }) => kind === "function" && (options.exports?.includes(name) ?? true),
  );
  const { functions, referenced, imported } = reachable(
    module,
    all,
    exports.map(({ index }) => index),
  );
  const graph = callGraph(module, functions);
  const plan = planModule(module, functions, graph.recursive, module.memory ? options.memoryBytes : 0);
  const routines = new Set<string>();
  const graphs = functions.map((ir) => prepareFunction(ir, plan, nameOf(module, ir.index)));
  const globals = globalAlignment(graphs, ownGlobals(module, plan));
  const compiled = graphs.map((graph, n) => compileFunction(graph, functions[n].index, plan, globals, routines));
  return joinBlob({
    module,
    plan,
    functions: compiled,
    referenced,
    imports: imported,
    exports,
    routines,
    stack: options.stack ?? "process",
    startTrap: startTrap(module, plan),
    bufferedImport: imported.find((index) => isBuffered(module.functions[index], options.bufferedWrites)),
    callees: graph.callees,
  });
}

function isBuffered({ import: from, type }: Module["functions"][number], name: string | undefined): boolean {
  const writes = type.results.join() === "i32" && type.params.join() === "i32,i32,i32,i32";
  return writes && from !== undefined && `${from.module}.${from.name}` === name;
}

function checkSupported(module: Module): void {
  for (const { import: from } of [...module.globals, ...module.tables, ...(module.memory ? [module.memory] : [])]) {
    if (from) {
      throw new ModuleError(
        `${from.module}.${from.name}: a guest imports functions only; its globals, tables and memory are its own`,
      );
    }
  }
  for (const { type, import: from } of module.functions) {
    if (!from) continue;
    if (wordCount(type.results) > 2) throw new ModuleError(`${from.module}.${from.name}: more results than one`);
    if (wordCount(type.params) > 32)
      throw new ModuleError(`${from.module}.${from.name}: more than 32 words of parameters`);
  }
}

/** What can be called from the exports and the start function, or by way of tables. */
function reachable(
  module: Module,
  all: readonly FunctionIr[],
  roots: readonly number[],
): { functions: FunctionIr[]; referenced: Set<number>; imported: number[] } {
  const byIndex = new Map(all.map((ir) => [ir.index, ir]));
  const found = new Set<number>();
  const referenced = new Set<number>();
  const work = [...roots, ...(module.start === undefined ? [] : [module.start])];
  const refer = (initial: Initializer | undefined): void => {
    if (initial?.kind !== "function") return;
    referenced.add(initial.index);
    work.push(initial.index);
  };
  for (const { items, mode } of module.elements) if (mode !== "declarative") items.forEach(refer);
  for (const { initial } of module.globals) refer(initial);
  for (let index = work.pop(); index !== undefined; index = work.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    const ir = byIndex.get(index);
    if (!ir) continue;
    walkExpressions(ir.body, (expression) => {
      if (expression.kind === "ref.func") {
        referenced.add(expression.index);
        work.push(expression.index);
      } else if (expression.kind === "call" && expression.target.kind === "direct") work.push(expression.target.index);
    });
  }
  return {
    functions: all.filter(({ index }) => found.has(index)),
    referenced,
    imported: module.functions.flatMap(({ import: from }, index) => (from && found.has(index) ? [index] : [])),
  };
}

/** Globals of type i32 that only the module's own functions can set. */
function ownGlobals(module: Module, plan: Plan): WordAtStart[] {
  return module.globals.flatMap(({ initial }, index) => {
    const exported = module.exports.some((entry) => entry.kind === "global" && entry.index === index);
    return initial?.kind === "i32" && !exported ? [{ at: plan.globals[index], value: initial.value }] : [];
  });
}

/** Why the module traps when it's started: an active segment doesn't fit; undefined when they all do. */
function startTrap(module: Module, plan: Plan): number | undefined {
  for (const { mode, table, offset, items } of module.elements) {
    if (mode !== "active") continue;
    if (constantOf(module, offset) + items.length > module.tables[table].minimum) {
      return trapCodes["out of bounds table access"];
    }
  }
  const bytes = plan.fixedMemoryBytes ?? (module.memory?.minimum ?? 0) * PAGE;
  for (const { mode, offset, bytes: data } of module.data) {
    if (mode === "active" && constantOf(module, offset) + data.length > bytes) {
      return trapCodes["out of bounds memory access"];
    }
  }
  return undefined;
}
