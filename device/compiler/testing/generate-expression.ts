import type { FunctionType } from "../decode/module.js";
import type { Instruction } from "./encode.js";
import { leaveBy, statements } from "./generate-statement.js";
import type { GeneratorState } from "./generator-state.js";
import { block, constant, make, NUMBER_TYPES, type NumberType, sameType } from "./instructions.js";
import { memoryOperators, type NumericOperator, numericOperators } from "./opcodes.js";

const byResult = new Map(
  NUMBER_TYPES.map((type) => [type, numericOperators.filter((operator) => operator.result === type)]),
);
/** Twice as likely as the rest: what compilers emit most. */
const COMMON = /^i32\.(add|sub|mul|and|or|xor|shl|shr_[su]|eqz?|ne|lt_[su]|gt_[su]|le_[su]|ge_[su])$/;

/** A tree of some type, `depth` deep. */
export function expression(state: GeneratorState, type: NumberType, depth: number): Instruction {
  state.budget--;
  if (depth <= 0 || state.budget <= 0) return leaf(state, type);
  return state.random.weighted<() => Instruction>([
    [14, () => leaf(state, type)],
    [36, () => operation(state, type, depth)],
    [10, () => loadOf(state, type, depth)],
    [5, () => teeOf(state, type, depth)],
    [5, () => selectOf(state, type, depth)],
    [6, () => callFor(state, type, depth)],
    [4, () => blockFor(state, type, depth)],
    [5, () => ifFor(state, type, depth)],
    [2, () => loopFor(state, type, depth)],
    [2, () => branchWithValue(state, type, depth)],
    [type === "i32" ? 2 : 0, () => memorySize(state)],
    [1, () => block("block", state.nextLabel++, [type], [leaveBy(state, depth - 1)])],
  ])();
}

function leaf(state: GeneratorState, type: NumberType): Instruction {
  const locals = state.locals.flatMap((local, index) => (local === type ? [index] : []));
  if (locals.length > 0 && !state.random.oneIn(3))
    return make("local.get", [], [type], { index: state.random.pick(locals) });
  const global = state.random.oneIn(4)
    ? state.globalIndex((candidate, index) => candidate.type === type && index !== state.around.fuel)
    : undefined;
  return global === undefined
    ? constant(type, state.random.bits(type))
    : make("global.get", [], [type], { index: global });
}

function operation(state: GeneratorState, type: NumberType, depth: number): Instruction {
  const candidates = byResult.get(type)!;
  let operator = state.random.pick(candidates);
  if (type === "i32" && state.random.oneIn(2))
    operator = state.random.pick(candidates.filter((o) => COMMON.test(o.name)));
  // Trapping conversions mostly get what they can convert.
  if (/trunc_f/.test(operator.name) && !state.random.oneIn(4)) {
    const sat = operator.name.replace("trunc_", "trunc_sat_");
    operator = numericOperators.find((candidate) => candidate.name === sat)!;
  }
  return make(operator.name, operandsFor(state, operator, depth), [type]);
}

function operandsFor(state: GeneratorState, operator: NumericOperator, depth: number): Instruction[] {
  const values = (operator.params as NumberType[]).map((param) => expression(state, param, depth - 1));
  if (/reinterpret_f/.test(operator.name)) return [state.canonicalize(values[0])];
  if (/copysign/.test(operator.name))
    return [values[0], state.withoutNaN(values[1], constant(operator.result as "f32", 0n))];
  if (/(div|rem)_/.test(operator.name) && !state.random.oneIn(5)) {
    const type = operator.result as NumberType;
    return [values[0], make(`${type}.or`, [values[1], constant(type, 1n)], [type])];
  }
  return values;
}

function loadOf(state: GeneratorState, type: NumberType, depth: number): Instruction {
  const operator = state.random.pick(
    memoryOperators.filter((candidate) => !candidate.store && candidate.type === type),
  );
  const { operand, offset } = address(state, depth);
  return make(operator.name, [operand], [type], { offset, align: state.alignment(operator.bytes) });
}

/** Mostly inside the first page, sometimes at an edge, sometimes anywhere. */
export function address(state: GeneratorState, depth: number): { operand: Instruction; offset: number } {
  const masked = (mask: bigint) =>
    make("i32.and", [expression(state, "i32", depth - 1), constant("i32", mask)], ["i32"]);
  return state.random.weighted<() => { operand: Instruction; offset: number }>([
    [18, () => ({ operand: masked(0xffn), offset: state.random.below(64) })],
    [9, () => ({ operand: masked(0xfffcn), offset: state.random.pick([0, 0, 4, 8, 1]) })],
    [6, () => ({ operand: constant("i32", BigInt(state.random.below(65530))), offset: 0 })],
    [1, () => ({ operand: constant("i32", BigInt(65536 - state.random.below(12))), offset: state.random.below(4) })],
    [1, () => ({ operand: masked(0xffffn), offset: state.random.pick([65530, 65535, 0x7fffffff, 0xffffffff]) })],
    [1, () => ({ operand: expression(state, "i32", depth - 1), offset: state.random.below(16) })],
  ])();
}

function teeOf(state: GeneratorState, type: NumberType, depth: number): Instruction {
  const locals = state.locals.flatMap((local, index) => (local === type ? [index] : []));
  if (locals.length === 0) return leaf(state, type);
  return make("local.tee", [expression(state, type, depth - 1)], [type], { index: state.random.pick(locals) });
}

function selectOf(state: GeneratorState, type: NumberType, depth: number): Instruction {
  return make(
    "select",
    [expression(state, type, depth - 1), expression(state, type, depth - 1), condition(state, depth)],
    [type],
  );
}

/**
 * An i32 to branch on.
 * @param depth levels that it may have at most
 */
export function condition(state: GeneratorState, depth: number): Instruction {
  return expression(state, "i32", depth - 1);
}

function callFor(state: GeneratorState, type: NumberType, depth: number): Instruction {
  const fits = (signature: FunctionType) => signature.results.length === 1 && signature.results[0] === type;
  const indices = state.around.functions.flatMap((signature, index) => (fits(signature) ? [index] : []));
  if (indices.length === 0) return leaf(state, type);
  const index = state.random.pick(indices);
  return state.random.oneIn(4)
    ? callIndirect(state, state.around.functions[index], depth)
    : callOf(state, index, depth);
}

/**
 * A call of a function that the module has.
 * @param depth levels that its operands may have at most
 */
export function callOf(state: GeneratorState, index: number, depth: number): Instruction {
  const type = state.around.functions[index];
  return make("call", callArguments(state, index, type, depth), [...type.results], { index });
}

function callArguments(state: GeneratorState, index: number, type: FunctionType, depth: number): Instruction[] {
  const values = (type.params as NumberType[]).map((param) => expression(state, param, depth - 1));
  return index < state.around.importedCount ? values.map((value) => state.canonicalize(value)) : values;
}

/** Mostly to an entry that exists; with the type of a function of the module, which may not be the entry's. */
export function callIndirect(state: GeneratorState, type: FunctionType, depth: number): Instruction {
  const fitting = state.around.table.flatMap((entry, at) =>
    entry !== undefined && sameType(state.around.functions[entry], type) ? [at] : [],
  );
  const index =
    fitting.length > 0 && !state.random.oneIn(8)
      ? constant("i32", BigInt(state.random.pick(fitting)))
      : state.random.oneIn(3)
        ? expression(state, "i32", depth - 1)
        : constant("i32", BigInt(state.random.below(state.around.table.length + 1)));
  const args = (type.params as NumberType[]).map((param) => state.canonicalize(expression(state, param, depth - 1)));
  return make("call_indirect", [...args, index], [...type.results], { type, index: 0 });
}

function blockFor(state: GeneratorState, type: NumberType, depth: number): Instruction {
  return state.within([type], ({ id }) =>
    block(
      "block",
      id,
      [type],
      [...statements(state, state.random.below(3), depth - 1), expression(state, type, depth - 1)],
    ),
  );
}

function ifFor(state: GeneratorState, type: NumberType, depth: number): Instruction {
  const test = condition(state, depth);
  const arm = () => [...statements(state, state.random.below(2), depth - 1), expression(state, type, depth - 1)];
  return state.within([type], ({ id }) => ({
    ...make("if", [test], [type], { label: id, type: { params: [], results: [type] } }),
    body: arm(),
    otherwise: arm(),
  }));
}

function loopFor(state: GeneratorState, type: NumberType, depth: number): Instruction {
  return state.within([], ({ id }) =>
    block(
      "loop",
      id,
      [type],
      [...state.loopHead(), ...statements(state, state.random.below(3), depth - 1), expression(state, type, depth - 1)],
    ),
  );
}

/** `br_if` leaves its value on the stack where it doesn't branch. */
function branchWithValue(state: GeneratorState, type: NumberType, depth: number): Instruction {
  const targets = state.labels.filter((label) => label.types.length === 1 && label.types[0] === type);
  if (targets.length === 0) return leaf(state, type);
  const operands = [expression(state, type, depth - 1), condition(state, depth)];
  return make("br_if", operands, [type], { label: state.random.pick(targets).id });
}

function memorySize(state: GeneratorState): Instruction {
  if (state.random.oneIn(2)) return make("memory.size", [], ["i32"]);
  return make("memory.grow", [constant("i32", BigInt(state.random.pick([0, 0, 1, 2, 70000])))], ["i32"]);
}
