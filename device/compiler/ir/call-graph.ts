import type { FunctionType, Module } from "../decode/module.js";
import type { FunctionIr } from "./types.js";
import { walkExpressions } from "./walk.js";

/** Two function types that are the same to an indirect call have the same key. */
export function signatureKey(type: FunctionType): string {
  return `${type.params.join(" ")}>${type.results.join(" ")}`;
}

/** Who can call whom. An indirect call can reach every function whose reference is taken and whose type fits. */
export interface CallGraph {
  /** Functions that a function calls, by index; imports are among them. */
  callees(functionIndex: number): ReadonlySet<number>;
  /** Functions on a cycle: calling them again and again is what must be counted. */
  readonly recursive: ReadonlySet<number>;
  /** All functions from which one of `targets` can be reached. */
  callersOf(targets: Iterable<number>): Set<number>;
  /** Functions that an indirect call of this signature can reach. */
  reachableIndirectly(key: string): readonly number[];
}

/** Functions whose reference is taken: by element segments, globals, exports, or `ref.func`. */
function referencedFunctions(module: Module, functions: readonly FunctionIr[]): Set<number> {
  const referenced = new Set<number>();
  for (const segment of module.elements) {
    for (const item of segment.items) if (item.kind === "function") referenced.add(item.index);
  }
  for (const { initial } of module.globals) if (initial?.kind === "function") referenced.add(initial.index);
  for (const { body } of functions) {
    walkExpressions(body, (expression) => {
      if (expression.kind === "ref.func") referenced.add(expression.index);
    });
  }
  return referenced;
}

/** Builds the call graph of a module from its functions' IR. */
export function callGraph(module: Module, functions: readonly FunctionIr[]): CallGraph {
  const bySignature = new Map<string, number[]>();
  for (const index of referencedFunctions(module, functions)) {
    const key = signatureKey(module.functions[index].type);
    bySignature.set(key, [...(bySignature.get(key) ?? []), index]);
  }
  const callees = new Map<number, Set<number>>();
  for (const { index, body } of functions) {
    const called = new Set<number>();
    walkExpressions(body, (expression) => {
      if (expression.kind !== "call") return;
      if (expression.target.kind === "direct") called.add(expression.target.index);
      else {
        const key = signatureKey(module.types[expression.target.typeIndex]);
        for (const target of bySignature.get(key) ?? []) called.add(target);
      }
    });
    callees.set(index, called);
  }
  const calleesOf = (index: number): ReadonlySet<number> => callees.get(index) ?? new Set();
  return {
    callees: calleesOf,
    recursive: onCycles([...callees.keys()], calleesOf),
    callersOf: (targets) => {
      const found = new Set(targets);
      for (let grown = true; grown;) {
        grown = false;
        for (const [index, called] of callees) {
          if (found.has(index) || ![...called].some((target) => found.has(target))) continue;
          found.add(index);
          grown = true;
        }
      }
      return found;
    },
    reachableIndirectly: (key) => bySignature.get(key) ?? [],
  };
}

/** Functions in a strongly connected component of more than one, or calling themselves (Tarjan). */
function onCycles(indices: readonly number[], calleesOf: (index: number) => ReadonlySet<number>): Set<number> {
  const order = new Map<number, number>();
  const lowest = new Map<number, number>();
  const stack: number[] = [];
  const cyclic = new Set<number>();
  const visit = (index: number): void => {
    order.set(index, order.size);
    lowest.set(index, order.get(index) as number);
    stack.push(index);
    for (const callee of calleesOf(index)) {
      if (!order.has(callee)) visit(callee);
      if (stack.includes(callee)) {
        lowest.set(index, Math.min(lowest.get(index) as number, lowest.get(callee) as number));
      }
    }
    if (lowest.get(index) !== order.get(index)) return;
    const component = stack.splice(stack.indexOf(index));
    if (component.length > 1 || calleesOf(index).has(index)) for (const member of component) cyclic.add(member);
  };
  for (const index of indices) if (!order.has(index)) visit(index);
  return cyclic;
}
