import type { CallExpression, Expression } from "../ir/types.js";
import { isHeapEnd } from "../memory/allocator.js";
import {
  at,
  bits,
  boolean,
  type Code,
  exact,
  int,
  Level,
  literal,
  number,
  reference,
  unsigned,
  wrapped,
} from "./code.js";
import { f32Constant, f64Constant } from "./constants.js";
import type { FunctionContext } from "./function-context.js";
import { load } from "./memory-access.js";
import { compare32, compare64 } from "./comparison.js";
import { floatBinary, floatUnary, rounded } from "./float.js";
import { integerBinary } from "./integer.js";
import { OPPOSITE as INTEGER_OPPOSITE } from "./ranges.js";
import { tableCall } from "./tables.js";

/** The tree as ECMAScript; an i64 (a local or constant) gives its low word. */
export function emit(context: FunctionContext, expression: Expression): Code {
  const { symbols } = context;
  switch (expression.kind) {
    case "const":
      switch (expression.type) {
        case "i32":
          // Where the arena ends is where the heap ends.
          if (symbols.memorySize !== undefined && isHeapEnd(context.module, expression)) {
            return literal(symbols.memorySize | 0);
          }
          return literal(expression.value);
        case "i64":
          return literal(Number(BigInt.asIntN(32, expression.value)));
        case "f32":
          return f32Constant(symbols, expression.value);
        case "f64":
          return f64Constant(symbols, expression.value);
      }

    case "local": {
      const range = context.environment?.get(expression.index);
      const name = context.local(expression.index);
      if (range) return int(name, Level.primary, range.minimum, range.maximum, range.zeros);
      return typed(expression.type, name, Level.primary);
    }
    case "global":
      return typed(expression.type, symbols.use(`global ${expression.index}`), Level.primary);
    case "unary":
      return unary(context, expression.operator, expression.operand);
    case "binary":
      return binary(context, expression.operator, expression.left, expression.right);
    case "load":
      return load(context, expression, value(context, expression.address));
    case "select":
      return select(context, expression);
    case "call":
      return typed(expression.type, callText(context, expression), Level.primary);
    case "memory.size":
      return symbols.memorySize === undefined
        ? int(`${symbols.use("memory size")}>>>16`, Level.shift, 0, 65536)
        : literal(symbols.memorySize >>> 16);
    case "memory.bytes":
      return symbols.memorySize === undefined
        ? exact(symbols.use("memory size"), Level.primary, 0, 2 ** 32)
        : literal(symbols.memorySize | 0);
    case "memory.grow":
      return int(`${symbols.use("memory.grow")}(${argument(context, expression.pages)})`, Level.primary);
    case "ref.null":
      return reference("null", Level.primary);
    case "ref.func":
      return reference(symbols.use(`reference ${expression.index}`), Level.primary);
    case "ref.is_null":
      return boolean(`${at(emit(context, expression.operand), Level.equality)}===null`, Level.equality);
    case "table.get":
      return reference(
        `${symbols.use("table.get")}(${symbols.use(`table ${expression.table}`)},${argument(context, expression.index)})`,
        Level.primary,
      );
    case "table.size":
      return int(`${symbols.use(`table ${expression.table}`)}.e.length`, Level.primary, 0);
    case "table.grow":
      return int(
        `${symbols.use("table.grow")}(${symbols.use(`table ${expression.table}`)},${argument(context, expression.value)},${argument(context, expression.delta)})`,
        Level.primary,
      );
  }
}

function typed(type: string, text: string, level: number): Code {
  if (type === "i32" || type === "i64") return int(text, level);
  return type === "f32" || type === "f64" ? number(text, level) : reference(text, level);
}

/** The tree as an int32 (or a number, or a reference): for assignments, arguments, comparisons and indices. */
export function value(context: FunctionContext, expression: Expression): Code {
  return wrapped(emit(context, expression));
}

/** The high word of an i64, which is a local or a constant. */
export function highWord(context: FunctionContext, expression: Expression): Code {
  if (expression.kind === "const") return literal(Number(BigInt.asIntN(32, (expression.value as bigint) >> 32n)));
  if (expression.kind === "local") return int(context.high(expression.index), Level.primary);
  throw new Error(`an i64 ${expression.kind} is nested, against the invariants of the IR`);
}

/** A value among arguments: an i64 is two of them. */
export function argument(context: FunctionContext, expression: Expression): string {
  const low = at(value(context, expression), Level.assignment);
  return expression.type === "i64" ? `${low},${highWord(context, expression).text}` : low;
}

/** A call as text: its value is the first result, the low word of an i64. */
export function callText(context: FunctionContext, call: CallExpression): string {
  const operands = call.operands.map((operand) => argument(context, operand)).join(",");
  if (call.target.kind === "direct") {
    return `${context.symbols.use(`function ${call.target.index}`)}(${operands})`;
  }
  const { table, typeIndex, index } = call.target;
  return `${tableCall(context, table, typeIndex, value(context, index))}(${operands})`;
}

/** The tree where only its truth counts. */
export function condition(context: FunctionContext, expression: Expression): Code {
  if (expression.kind === "binary" && expression.right.kind === "const" && Number(expression.right.value) === 0) {
    if (expression.operator === "i32.ne") return condition(context, expression.left);
    if (expression.operator === "i32.eq") return negated(context, expression.left);
  }
  if (expression.kind === "unary" && expression.operator === "i32.eqz") return negated(context, expression.operand);
  const code = emit(context, expression);
  if (code.kind === "exact") return wrapped(code);
  const test = /^\(([^()]*&\d+)\)!=0$/.exec(code.text);
  return test ? int(test[1], Level.bitAnd) : code;
}

/** Of floats only equality has an opposite: a NaN is neither less nor not less. */
const OPPOSITE: Readonly<Record<string, string>> = {
  ...INTEGER_OPPOSITE,
  "f64.eq": "f64.ne",
  "f64.ne": "f64.eq",
  "f32.eq": "f32.ne",
  "f32.ne": "f32.eq",
};

/** The opposite truth. */
export function negated(context: FunctionContext, expression: Expression): Code {
  if (expression.kind === "unary" && expression.operator === "i32.eqz") return condition(context, expression.operand);
  if (expression.kind === "binary") {
    if (expression.right.kind === "const" && Number(expression.right.value) === 0) {
      if (expression.operator === "i32.ne") return negated(context, expression.left);
      if (expression.operator === "i32.eq") return condition(context, expression.left);
    }
    const opposite = OPPOSITE[expression.operator];
    if (opposite) return binary(context, opposite, expression.left, expression.right);
  }
  const code = condition(context, expression);
  if (code.text[0] === "!" && code.level === Level.unary) return { ...code, text: code.text.slice(1) };
  return boolean(`!${at(code, Level.unary)}`, Level.unary);
}

function select(context: FunctionContext, expression: Expression & { kind: "select" }): Code {
  const { type } = expression;
  const flip = expression.condition.kind === "unary" && expression.condition.operator === "i32.eqz";
  const test = flip ? negated(context, expression.condition) : condition(context, expression.condition);
  const [first, second] = flip
    ? [expression.whenFalse, expression.whenTrue]
    : [expression.whenTrue, expression.whenFalse];
  const whenTrue = value(context, first);
  const whenFalse = value(context, second);
  const text = `${at(test, Level.or)}?${at(whenTrue, Level.assignment)}:${at(whenFalse, Level.assignment)}`;
  if (type !== "i32") return typed(type, text, Level.conditional);
  return int(
    text,
    Level.conditional,
    Math.min(whenTrue.minimum, whenFalse.minimum),
    Math.max(whenTrue.maximum, whenFalse.maximum),
    Math.min(whenTrue.zeros, whenFalse.zeros),
  );
}

function unary(context: FunctionContext, operator: string, operand: Expression): Code {
  const { symbols } = context;
  switch (operator) {
    case "i32.eqz": {
      // `negated` serves truth alone: as a value it must be 0 or 1.
      const opposite = operand.kind === "binary" ? OPPOSITE[operand.operator] : undefined;
      if (opposite && operand.kind === "binary") return binary(context, opposite, operand.left, operand.right);
      return boolean(`!${at(condition(context, operand), Level.unary)}`, Level.unary);
    }
    case "i64.eqz": {
      const low = emit(context, operand);
      return boolean(`!(${low.text}|${highWord(context, operand).text})`, Level.unary);
    }
    case "i32.wrap_i64":
      return emit(context, operand);
    case "i32.extend8_s":
      return int(`${at(emit(context, operand), Level.shift)}<<24>>24`, Level.shift, -128, 127);
    case "i32.extend16_s":
      return int(`${at(emit(context, operand), Level.shift)}<<16>>16`, Level.shift, -32768, 32767);
    case "i32.clz":
    case "i32.ctz":
    case "i32.popcnt":
      return int(symbols.call(operator, argument(context, operand)), Level.primary, 0, 32);
    case "i32.reinterpret_f32": {
      if (operand.kind === "load") return emit(context, { ...operand, type: "i32" });
      if (operand.kind === "const") return literal(operand.value as number);
      const code = emit(context, operand).text;
      return int(`(${symbols.use("scratch F32")}[0]=${code},${symbols.use("scratch I32")}[0])`, Level.primary);
    }
    case "f32.reinterpret_i32":
      if (operand.kind === "load" && operand.bytes === 4) return emit(context, { ...operand, type: "f32" });
      return number(symbols.call("f32.bits", argument(context, operand)), Level.primary);
    case "f64.reinterpret_i64":
      return number(symbols.call("f64.bits", argument(context, operand)), Level.primary);
    case "f64.promote_f32":
      return emit(context, operand);
    case "f32.demote_f64":
      return rounded(symbols, emit(context, operand).text);
    case "f64.convert_i32_s":
      return number(`${at(value(context, operand), Level.multiplicative)}/1`, Level.multiplicative);
    case "f64.convert_i32_u":
      return number(`${at(unsigned(emit(context, operand)), Level.multiplicative)}/1`, Level.multiplicative);
    case "f32.convert_i32_s":
      return rounded(symbols, value(context, operand).text);
    case "f32.convert_i32_u":
      return rounded(symbols, unsigned(emit(context, operand)).text);
    case "f64.convert_i64_s":
    case "f64.convert_i64_u":
      return number(symbols.call(operator, argument(context, operand)), Level.primary);
    case "f32.convert_i64_s":
    case "f32.convert_i64_u":
      return rounded(symbols, symbols.call(operator, argument(context, operand)));
  }
  const truncation = /^i32\.(trunc|trunc_sat)_f\d\d_([su])$/.exec(operator);
  if (truncation) {
    return int(symbols.call(`i32.${truncation[1]}_${truncation[2]}`, argument(context, operand)), Level.primary);
  }
  return floatUnary(symbols, operator, argument(context, operand));
}

function binary(context: FunctionContext, operator: string, left: Expression, right: Expression): Code {
  if (context.makesMemoryBytes(operator, left, right)) return emit(context, { kind: "memory.bytes", type: "i32" });
  if (operator === "i32.xor") {
    const chosen = maskedXor(context, left, right) ?? maskedXor(context, right, left);
    if (chosen) return chosen;
  }
  const [a, b] = [emit(context, left), emit(context, right)];
  if (operator[0] === "f") return floatBinary(context.symbols, operator, a, b);
  if (operator.startsWith("i64.")) {
    return compare64(operator, [a, highWord(context, left)], [b, highWord(context, right)]);
  }
  return compare32(operator, a, b) ?? integerBinary(context, operator, a, b);
}

/** `x ^ (-(bit) & constant)`, as compilers write a choice: one of two values, which is cheaper to say. */
function maskedXor(context: FunctionContext, plain: Expression, masked: Expression): Code | undefined {
  if (masked.kind !== "binary" || masked.operator !== "i32.and" || masked.right.kind !== "const") return undefined;
  const negative = masked.left;
  if (negative.kind !== "binary" || negative.operator !== "i32.sub" || negative.left.kind !== "const") return undefined;
  if (Number(negative.left.value) !== 0) return undefined;
  const bit = emit(context, negative.right);
  const x = emit(context, plain);
  if (bit.minimum < 0 || bit.maximum > 1 || x.text.length > 16 || /[=(?]/.test(x.text) || x.kind === "exact") {
    return undefined;
  }
  const mask = Number(masked.right.value) >>> 0;
  return int(`${at(bit, Level.or)}?${bits(x, Level.bitXor)}^${mask}:${x.text}`, Level.conditional);
}
