import { fold, type Make } from "./fold.js";
import { builderOf } from "./builder.js";
import { analyseFlow, dominatorTree } from "./flow.js";
import {
  applyForwards,
  type Block,
  type Graph,
  isPure,
  isRemovable,
  newValue,
  resolved,
  successors,
  terminatorArguments,
  type Value,
} from "./graph.js";

/** Replaces phis of one value by that value, until there are none. */
function removeTrivialPhis(graph: Graph): void {
  for (let changed = true; changed;) {
    changed = false;
    for (const block of graph.blocks) {
      for (const phi of block.phis) {
        if (phi.forward) continue;
        let only: Value | undefined;
        let several = false;
        for (const arg of phi.args) {
          const value = resolved(arg);
          if (value === phi || value === only) continue;
          if (only) several = true;
          only = value;
        }
        if (several || !only) continue;
        phi.forward = only;
        changed = true;
      }
    }
  }
  applyForwards(graph);
}

/** Drops values that nothing needs. */
export function removeUnused(graph: Graph): void {
  const used = new Set<Value>();
  const work: Value[] = [];
  for (const block of graph.blocks) {
    work.push(...terminatorArguments(block.end));
    for (const value of block.body) if (!isRemovable(value)) work.push(value);
  }
  for (let value = work.pop(); value; value = work.pop()) {
    if (used.has(value)) continue;
    used.add(value);
    work.push(...value.args);
  }
  for (const block of graph.blocks) {
    block.body = block.body.filter((value) => used.has(value));
    block.phis.splice(0, block.phis.length, ...block.phis.filter((value) => used.has(value)));
  }
}

/** Computes equal pure values once, where one place dominates the other; folds again what has become simpler. */
function numberValues(graph: Graph): void {
  const children = dominatorTree(graph);
  const scopes: Map<string, Value>[] = [];
  const find = (key: string): Value | undefined => {
    for (let at = scopes.length - 1; at >= 0; at--) {
      const value = scopes[at].get(key);
      if (value) return value;
    }
    return undefined;
  };
  const builder = builderOf(graph, graph.entry);
  const floating = new Map<string, Value>();
  const visit = (block: Block): void => {
    const scope = new Map<string, Value>();
    scopes.push(scope);
    const old = block.body;
    block.body = [];
    builder.here = block;
    const unify = (value: Value): Value => {
      if (value.args.length === 0 && isPure(value.op) && value.op !== "phi") {
        const key = `${value.op} ${value.imm}`;
        const known = floating.get(key);
        if (!known) floating.set(key, value);
        return known ?? value;
      }
      return value;
    };
    const make: Make = (op, args, imm = 0) => {
      if (args.length === 0) return unify(builder.make(op, [], imm));
      const now = args.map((arg) => unify(resolved(arg)));
      const folded = fold(op, now, make);
      if (folded) return unify(resolved(folded));
      const key = `${op} ${now.map(({ id }) => id).join(" ")} ${imm} `;
      const known = find(key);
      if (known) return known;
      const made = newValue(graph, op, now, imm, block);
      scope.set(key, made);
      block.body.push(made);
      return made;
    };
    for (const value of old) {
      value.args = value.args.map((arg) => unify(resolved(arg)));
      value.block = block;
      if (!isPure(value.op)) {
        block.body.push(value);
        continue;
      }
      const folded = value.op === "result" || value.name ? undefined : fold(value.op as "add", value.args, make);
      if (folded) {
        value.forward = unify(resolved(folded));
        continue;
      }
      const key = `${value.op} ${value.args.map(({ id }) => id).join(" ")} ${value.imm} ${value.name}`;
      const known = find(key);
      if (known) {
        value.forward = known;
        continue;
      }
      scope.set(key, value);
      block.body.push(value);
    }
    const { end } = block;
    if (end.kind === "branch") end.condition = resolved(end.condition);
    for (const child of children.get(block) ?? []) visit(child);
    scopes.pop();
  };
  visit(graph.entry);
  applyForwards(graph);
  for (const block of graph.blocks) {
    for (const phi of block.phis)
      phi.args = phi.args.map((arg) =>
        floating.get(`${arg.op} ${arg.imm}`) && arg.args.length === 0 && arg.op !== "phi" && isPure(arg.op)
          ? floating.get(`${arg.op} ${arg.imm}`)!
          : arg,
      );
  }
}

/** Branches on constants become jumps. */
function foldBranches(graph: Graph): boolean {
  let changed = false;
  for (const block of graph.blocks) {
    const { end } = block;
    let to: Block | undefined;
    if (end.kind === "branch" && end.condition.op === "const") to = end.condition.imm !== 0 ? end.then : end.else;
    if (end.kind === "branch" && end.then === end.else) to = undefined;
    if (end.kind === "table" && end.index.op === "const") {
      to = end.targets[Math.min(end.index.imm >>> 0, end.targets.length - 1)];
    }
    if (!to) continue;
    for (const other of successors(block)) {
      if (other === to) continue;
      const at = other.preds.indexOf(block);
      other.preds.splice(at, 1);
      for (const phi of other.phis) phi.args.splice(at, 1);
    }
    block.end = { kind: "jump", to };
    changed = true;
  }
  return changed;
}

/** Joins a block with the only one that comes behind it, if that has no other way in. */
function mergeBlocks(graph: Graph): void {
  const gone = new Set<Block>();
  for (const block of graph.blocks) {
    if (gone.has(block)) continue;
    for (;;) {
      const { end } = block;
      if (end.kind !== "jump") break;
      const next = end.to;
      if (next.preds.length !== 1 || next === block || next === graph.entry) break;
      for (const phi of next.phis) phi.forward = phi.args[0];
      for (const value of next.body) value.block = block;
      block.body.push(...next.body);
      block.end = next.end;
      for (const after of successors(block)) after.preds = after.preds.map((pred) => (pred === next ? block : pred));
      gone.add(next);
    }
  }
  graph.blocks = graph.blocks.filter((block) => !gone.has(block));
  applyForwards(graph);
}

/** Takes blocks out of the way that do nothing but jump. */
export function removeEmpty(graph: Graph): void {
  const gone = new Set<Block>();
  for (const block of graph.blocks) {
    const { end, preds } = block;
    if (end.kind !== "jump" || block.body.length > 0 || block.phis.length > 0 || preds.length !== 1) continue;
    const [pred] = preds;
    const next = end.to;
    // Two ways from one block to another would need telling apart.
    if (pred.end.kind !== "branch" || next.preds.includes(pred) || next === block) continue;
    if (pred.end.then === block) pred.end.then = next;
    else pred.end.else = next;
    next.preds = next.preds.map((one) => (one === block ? pred : one));
    gone.add(block);
  }
  graph.blocks = graph.blocks.filter((block) => !gone.has(block));
  analyseFlow(graph);
}

/**
 * Fuel is paid before a branch that may go back, so that the way back itself is empty; and first in its block, so that
 * it doesn't come between a computation and the test of its result.
 */
export function moveFuelUp(graph: Graph): void {
  for (const block of graph.blocks) {
    const fuel = block.body.find(({ op }) => op === "fuel");
    if (!fuel || block === graph.entry) continue;
    let to = block;
    if (block.body.length === 1 && block.preds.length === 1 && block.preds[0].end.kind === "branch") [to] = block.preds;
    block.body = block.body.filter((value) => value !== fuel);
    fuel.block = to;
    to.body.unshift(fuel);
  }
}

/** All of it, until the graph is as simple as this makes it. */
export function simplify(graph: Graph): void {
  analyseFlow(graph);
  for (let round = 0; round < 3; round++) {
    removeTrivialPhis(graph);
    numberValues(graph);
    const changed = foldBranches(graph);
    if (changed) analyseFlow(graph);
    removeTrivialPhis(graph);
    removeUnused(graph);
    if (!changed) break;
  }
  mergeBlocks(graph);
  analyseFlow(graph);
}
