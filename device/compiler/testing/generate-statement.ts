import type { Instruction } from "./encode.js";
import { address, callIndirect, callOf, condition, expression } from "./generate-expression.js";
import type { GeneratorState } from "./generator-state.js";
import { block, conditional, constant, make, NUMBER_TYPES, type NumberType } from "./instructions.js";
import { memoryOperators } from "./opcodes.js";

/** Up to `count` statements, nested `depth` deep. */
export function statements(state: GeneratorState, count: number, depth: number): Instruction[] {
  return Array.from({ length: count }, () => statement(state, depth)).flat();
}

function statement(state: GeneratorState, depth: number): Instruction[] {
  state.budget--;
  if (depth <= 0 || state.budget <= 0) return [setLocal(state, 1)];
  return state.random.weighted<() => Instruction[]>([
    [8, () => [setLocal(state, depth)]],
    [3, () => [setGlobal(state, depth)]],
    [8, () => [storeTo(state, depth)]],
    [2, () => [make("drop", [expression(state, state.random.pick(NUMBER_TYPES), depth - 1)])]],
    [5, () => [ifStatement(state, depth)]],
    [3, () => [plainBlock(state, depth)]],
    [3, () => [plainLoop(state, depth)]],
    [5, () => countedLoop(state, depth)],
    [3, () => switchBlock(state, depth)],
    [4, () => callStatement(state, depth)],
    [2, () => multipleBlock(state, depth)],
    [4, () => branchIf(state, depth)],
    [1, () => [leaveBy(state, depth)]],
    [3, () => [bulkOperation(state, depth)]],
    [1, () => [make("nop", [])]],
  ])();
}

function setLocal(state: GeneratorState, depth: number): Instruction {
  const index = state.random.below(state.locals.length);
  return make("local.set", [expression(state, state.locals[index], depth - 1)], [], { index });
}

function setGlobal(state: GeneratorState, depth: number): Instruction {
  const index = state.globalIndex((global, at) => global.mutable && at !== state.around.fuel);
  if (index === undefined) return make("nop", []);
  const value = expression(state, state.around.globals[index].type, depth - 1);
  return make("global.set", [state.canonicalize(value)], [], { index });
}

function storeTo(state: GeneratorState, depth: number): Instruction {
  const operator = state.random.pick(memoryOperators.filter((candidate) => candidate.store));
  const { operand, offset } = address(state, depth);
  const value = state.canonicalize(expression(state, operator.type as NumberType, depth - 1));
  return make(operator.name, [operand, value], [], { offset, align: state.alignment(operator.bytes) });
}

function ifStatement(state: GeneratorState, depth: number): Instruction {
  const test = condition(state, depth);
  return state.within([], ({ id }) => ({
    ...conditional(
      [test],
      statements(state, state.random.between(1, 3), depth - 1),
      state.random.oneIn(2) ? statements(state, state.random.between(1, 3), depth - 1) : undefined,
    ),
    label: id,
  }));
}

function plainBlock(state: GeneratorState, depth: number): Instruction {
  return state.within([], ({ id }) => block("block", id, [], statements(state, state.random.between(1, 4), depth - 1)));
}

function plainLoop(state: GeneratorState, depth: number): Instruction {
  return state.within([], ({ id }) =>
    block("loop", id, [], [...state.loopHead(), ...statements(state, state.random.between(1, 4), depth - 1)]),
  );
}

/** As compilers write them: a counter that steps to a bound, and an address that goes along. */
function countedLoop(state: GeneratorState, depth: number): Instruction[] {
  const counters = state.locals.flatMap((type, index) => (type === "i32" ? [index] : []));
  const counter = state.random.pick(counters);
  const get = () => make("local.get", [], ["i32"], { index: counter });
  const step = BigInt(state.random.pick([1, 1, 1, 2, 4, -1, -1, 3, -4]));
  const turns = BigInt(state.random.between(1, 9));
  const start = state.random.pick([0n, 0n, 0n, -step * turns, BigInt(state.random.below(3000)), 0x7ffffffen]);
  const end = start + step * turns;
  const stepped = make("i32.add", [get(), constant("i32", step)], ["i32"]);
  const tee = make("local.tee", [stepped], ["i32"], { index: counter });
  const compare = state.random.pick(["ne", "ne", step > 0n ? "lt_s" : "gt_s", step > 0n ? "lt_u" : "gt_u"]);
  const again = end === 0n && compare === "ne" ? tee : make(`i32.${compare}`, [tee, constant("i32", end)], ["i32"]);
  const loop = state.within([], ({ id }) => {
    const body = statements(state, state.random.between(1, 3), depth - 1);
    if (state.random.oneIn(2)) {
      const base = BigInt(state.random.below(5000));
      const address = make("i32.add", [get(), constant("i32", base)], ["i32"]);
      const store = state.random.pick(["i32.store", "i32.store8", "i32.store16"]);
      body.push(make(store, [address, expression(state, "i32", depth - 1)], [], { offset: 0, align: 0 }));
    }
    return block("loop", id, [], [...state.loopHead(), ...body, make("br_if", [again], [], { label: id })]);
  });
  return [make("local.set", [constant("i32", start)], [], { index: counter }), loop];
}

/** Nested blocks with a `br_table` in the innermost, as a switch compiles to. */
function switchBlock(state: GeneratorState, depth: number): Instruction[] {
  const cases = state.random.between(1, 5);
  const labels = Array.from({ length: cases }, () => ({ id: state.nextLabel++, types: [] as NumberType[] }));
  state.labels.push(...labels);
  const outer = state.labels.filter((label) => label.types.length === 0);
  const targets = Array.from({ length: state.random.between(1, 7) }, () => state.random.pick([...outer, ...labels]).id);
  const dispatch = make("br_table", [condition(state, depth)], [], { labels: targets });
  let body: Instruction[] = [dispatch];
  for (const label of [...labels].reverse()) {
    const inside = block("block", label.id, [], body);
    state.labels.pop();
    body = [inside, ...statements(state, state.random.below(3), depth - 1)];
  }
  return body;
}

function branchIf(state: GeneratorState, depth: number): Instruction[] {
  const targets = state.labels.filter((label) => label.types.length === 0);
  if (targets.length === 0) return [setLocal(state, depth)];
  return [make("br_if", [condition(state, depth)], [], { label: state.random.pick(targets).id })];
}

/** Anything that doesn't go on; what follows is unreachable, and typed however the stack needs it. */
export function leaveBy(state: GeneratorState, depth: number): Instruction {
  const target = state.labels.length > 0 ? state.random.pick(state.labels) : undefined;
  const values = (types: readonly NumberType[]) => types.map((type) => expression(state, type, depth - 1));
  return state.random.weighted<() => Instruction>([
    [1, () => make("unreachable", [])],
    [
      3,
      () =>
        make(
          "return",
          values(state.results()).map((value) => state.canonicalize(value)),
        ),
    ],
    [target ? 6 : 0, () => make("br", values(target!.types), [], { label: target!.id })],
  ])();
}

function callStatement(state: GeneratorState, depth: number): Instruction[] {
  const index = state.random.below(state.around.functions.length);
  const call = state.random.oneIn(4)
    ? callIndirect(state, state.around.functions[index], depth)
    : callOf(state, index, depth);
  return [call, ...consume(state, call.results as NumberType[])];
}

/** Takes values off the stack, last first. */
function consume(state: GeneratorState, types: readonly NumberType[]): Instruction[] {
  return [...types].reverse().map((type) => {
    const locals = state.locals.flatMap((local, index) => (local === type ? [index] : []));
    return locals.length > 0 && !state.random.oneIn(3)
      ? make("local.set", [], [], { index: state.random.pick(locals) })
      : make("drop", []);
  });
}

/** A block, loop or if with parameters and several results. */
function multipleBlock(state: GeneratorState, depth: number): Instruction[] {
  const list = () => Array.from({ length: state.random.below(3) }, () => state.random.pick(NUMBER_TYPES));
  const params = list();
  const results = list();
  const op = state.random.pick(["block", "loop", "if"]);
  const operands = params.map((type) => expression(state, type, depth - 1));
  if (op === "if") operands.push(condition(state, depth));
  const arm = () => [
    ...(op === "loop" ? state.loopHead() : []),
    ...consume(state, params),
    ...statements(state, state.random.below(3), depth - 1),
    ...results.map((type) => expression(state, type, depth - 1)),
  ];
  const made = state.within(op === "loop" ? params : results, ({ id }) => ({
    ...make(op, operands, results, { label: id, type: { params, results } }),
    body: arm(),
    otherwise: op === "if" ? arm() : undefined,
  }));
  return [made, ...consume(state, results)];
}

function bulkOperation(state: GeneratorState, depth: number): Instruction {
  const place = () =>
    state.random.oneIn(6)
      ? expression(state, "i32", depth - 1)
      : make("i32.and", [expression(state, "i32", depth - 1), constant("i32", 0xfffn)], ["i32"]);
  const length = () =>
    state.random.oneIn(8)
      ? expression(state, "i32", depth - 1)
      : make("i32.and", [expression(state, "i32", depth - 1), constant("i32", 31n)], ["i32"]);
  const few = () => constant("i32", BigInt(state.random.below(3)));
  const data = state.random.below(Math.max(1, state.around.dataCount));
  const element = state.random.below(Math.max(1, state.around.elementCount));
  return state.random.weighted<() => Instruction>([
    [4, () => make("memory.fill", [place(), expression(state, "i32", depth - 1), length()])],
    [4, () => make("memory.copy", [place(), place(), length()])],
    [state.around.dataCount ? 3 : 0, () => make("memory.init", [place(), few(), length()], [], { index: data })],
    [state.around.dataCount ? 1 : 0, () => make("data.drop", [], [], { index: data })],
    [2, () => make("table.copy", [few(), few(), few()], [], { index: 0, second: 0 })],
    [
      state.around.elementCount ? 2 : 0,
      () => make("table.init", [few(), few(), few()], [], { index: element, second: 0 }),
    ],
    [state.around.elementCount ? 1 : 0, () => make("elem.drop", [], [], { index: element })],
  ])();
}
