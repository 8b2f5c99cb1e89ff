import type { FunctionIr, Statement } from "../../../ir/types.js";
import { walkExpressions, walkStatements } from "../../../ir/walk.js";
import { trapCodes } from "../../traps.js";
import { wordCount, wordsOf, type Plan } from "../plan.js";
import { type Builder, createBuilder } from "./builder.js";
import { bulk, drop } from "./bulk.js";
import { call, expression, one, store } from "./expression.js";
import type { Block, Graph, Value } from "./graph.js";

/** What is known while a function is walked: the state that its statements work on. */
export interface Scope {
  readonly b: Builder;
  readonly plan: Plan;
  readonly ir: FunctionIr;
  /** The values of locals, word by word. */
  locals: Value[];
  /** First word of each local. */
  readonly slots: readonly number[];
  /** What is known to be in words of the context: globals, by their place. */
  known: Map<number, Value>;
  /** Bytes of linear memory, when they have been read. */
  limit: Value | undefined;
}

interface Way {
  readonly from: Block;
  readonly locals: Value[];
  readonly known: Map<number, Value>;
  readonly limit: Value | undefined;
}

interface Target {
  readonly ways: Way[];
}

/** Builds a function's graph from its intermediate representation. */
export function buildGraph(ir: FunctionIr, plan: Plan, name: string): Graph {
  const b = createBuilder(name, wordCount(ir.params));
  const slots: number[] = [];
  let words = 0;
  for (const type of ir.locals) {
    slots.push(words);
    words += wordsOf(type);
  }
  const zero = b.constant(0);
  const parameters = wordCount(ir.params);
  const locals = Array.from({ length: words }, (_, word) => (word < parameters ? b.make("param", [], word) : zero));
  const scope: Scope = { b, plan, ir, locals, slots, known: new Map(), limit: undefined };
  if (plan.recursive.has(ir.index)) {
    b.effect("stack check", []);
    b.effect("fuel", []);
  }
  const walker = { scope, targets: new Map<number, Target>() };
  statements(walker, ir.body);
  b.end({ kind: "return", values: [] });
  return b.graph;
}

interface Walker {
  readonly scope: Scope;
  readonly targets: Map<number, Target>;
}

function statements(walker: Walker, list: readonly Statement[]): void {
  for (const item of list) {
    if (!walker.scope.b.here) return;
    statement(walker, item);
  }
}

function statement(walker: Walker, item: Statement): void {
  const { scope, targets } = walker;
  const { b } = scope;
  switch (item.kind) {
    case "set":
      return assign(scope, item.local, expression(scope, item.value));
    case "set global": {
      const at = scope.plan.globals[item.global];
      expression(scope, item.value).forEach((value, word) => {
        b.effect("set", [value], { imm: at + 4 * word });
        scope.known.set(at + 4 * word, value);
      });
      return;
    }
    case "store":
      return store(scope, item);
    case "call": {
      const results = call(scope, item.call);
      let word = 0;
      for (const local of item.results) {
        const count = wordsOf(scope.ir.locals[local]);
        assign(scope, local, results.slice(word, word + count));
        word += count;
      }
      return;
    }
    case "drop":
      expression(scope, item.value);
      return;
    case "block": {
      const target: Target = { ways: [] };
      targets.set(item.label, target);
      statements(walker, item.body);
      leaveTo(scope, target);
      return join(scope, target.ways);
    }
    case "loop":
      return loop(walker, item);
    case "if":
      return branch(walker, item);
    case "br":
      return leaveTo(scope, targets.get(item.label)!);
    case "br_table": {
      const index = one(scope, item.index);
      const labels = [...new Set(item.targets)];
      const blocks = labels.map(() => b.block());
      const ends = item.targets.map((label) => blocks[labels.indexOf(label)]);
      b.end(ends.length === 1 ? { kind: "jump", to: ends[0] } : { kind: "table", index, targets: ends });
      labels.forEach((label, at) => {
        b.here = blocks[at];
        leaveTo(scope, targets.get(label)!);
      });
      b.here = undefined;
      return;
    }
    case "return": {
      const values = item.values.flatMap((value) => expression(scope, value));
      return b.end({ kind: "return", values });
    }
    case "unreachable":
      return b.end({ kind: "trap", code: trapCodes.unreachable });
    case "bulk":
      return bulk(scope, item);
    case "data.drop":
    case "elem.drop":
      return drop(scope, item);
  }
}

function assign(scope: Scope, local: number, values: readonly Value[]): void {
  values.forEach((value, word) => (scope.locals[scope.slots[local] + word] = value));
}

function wayFrom(scope: Scope): Way {
  return { from: scope.b.here!, locals: [...scope.locals], known: new Map(scope.known), limit: scope.limit };
}

function leaveTo(scope: Scope, target: Target): void {
  if (!scope.b.here) return;
  target.ways.push(wayFrom(scope));
  scope.b.here = undefined;
}

/** Goes on where several ways meet, with a phi for every word in which they differ. */
function join(scope: Scope, ways: readonly Way[]): void {
  const { b } = scope;
  if (ways.length === 0) {
    b.here = undefined;
    return;
  }
  if (ways.length === 1) {
    const [way] = ways;
    b.here = way.from;
    scope.locals = way.locals;
    scope.known = way.known;
    scope.limit = way.limit;
    return;
  }
  const block = b.block();
  for (const { from } of ways) {
    b.here = from;
    b.end({ kind: "jump", to: block });
  }
  b.here = block;
  scope.locals = ways[0].locals.map((value, word) => {
    if (ways.every((way) => way.locals[word] === value)) return value;
    return addPhi(
      scope,
      block,
      ways.map((way) => way.locals[word]),
    );
  });
  const [first, ...others] = ways;
  scope.known = new Map([...first.known].filter(([at, value]) => others.every((way) => way.known.get(at) === value)));
  scope.limit = others.every((way) => way.limit === first.limit) ? first.limit : undefined;
}

function addPhi(scope: Scope, block: Block, args: Value[]): Value {
  const { graph } = scope.b;
  const phi: Value = {
    id: graph.values++,
    op: "phi",
    args,
    imm: 0,
    block,
    bytes: 4,
    signed: false,
    native: false,
    aligned: false,
    name: "",
  };
  block.phis.push(phi);
  return phi;
}

function branch(walker: Walker, item: Statement & { kind: "if" }): void {
  const { scope } = walker;
  const { b } = scope;
  const condition = one(scope, item.condition);
  if (condition.op === "const") return statements(walker, condition.imm !== 0 ? item.then : item.else);
  const then = b.block();
  const otherwise = b.block();
  const before = wayFrom(scope);
  b.end({ kind: "branch", condition, then, else: otherwise });
  const target: Target = { ways: [] };
  const arm = (block: Block, body: readonly Statement[]) => {
    b.here = block;
    scope.locals = [...before.locals];
    scope.known = new Map(before.known);
    scope.limit = before.limit;
    statements(walker, body);
    leaveTo(scope, target);
  };
  arm(then, item.then);
  arm(otherwise, item.else);
  join(scope, target.ways);
}

function loop(walker: Walker, item: Statement & { kind: "loop" }): void {
  const { scope, targets } = walker;
  const { b } = scope;
  const assigned = new Set<number>();
  const globals = new Set<number>();
  walkStatements(item.body, (inner) => {
    if (inner.kind === "set") assigned.add(inner.local);
    if (inner.kind === "call") inner.results.forEach((local) => assigned.add(local));
    if (inner.kind === "set global") globals.add(inner.global);
  });
  const forgets = hasCalls(item.body);
  b.depth++;
  const head = b.block();
  head.loopHead = true;
  b.end({ kind: "jump", to: head });
  b.here = head;
  if (forgets) {
    scope.known = new Map();
    scope.limit = undefined;
  }
  for (const global of globals) {
    for (let word = 0; word < 2; word++) scope.known.delete(scope.plan.globals[global] + 4 * word);
  }
  const phis: [word: number, phi: Value][] = [];
  for (const local of assigned) {
    for (let word = scope.slots[local]; word < scope.slots[local] + wordsOf(scope.ir.locals[local]); word++) {
      const phi = addPhi(scope, head, [scope.locals[word]]);
      scope.locals[word] = phi;
      phis.push([word, phi]);
    }
  }
  const target: Target = { ways: [] };
  targets.set(item.label, target);
  statements(walker, item.body);
  const after = b.here ? wayFrom(scope) : undefined;
  b.here = undefined;
  join(scope, target.ways);
  if (b.here) {
    b.effect("fuel", []);
    for (const [word, phi] of phis) phi.args.push(scope.locals[word]);
    b.end({ kind: "jump", to: head });
  }
  b.depth--;
  if (!after) return;
  // What follows is outside of the loop.
  b.here = after.from;
  scope.locals = after.locals;
  scope.known = after.known;
  scope.limit = after.limit;
  const exit = b.block();
  b.end({ kind: "jump", to: exit });
  b.here = exit;
}

/** Whether a body calls anything that may change globals or memory's size. */
function hasCalls(body: readonly Statement[]): boolean {
  let found = false;
  walkStatements(body, ({ kind }) => {
    if (kind === "call") found = true;
  });
  walkExpressions(body, ({ kind }) => {
    if (kind === "call" || kind === "memory.grow") found = true;
  });
  return found;
}
