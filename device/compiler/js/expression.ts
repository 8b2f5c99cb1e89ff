import type { CallExpression, Expression } from "../ir/types.js";
import { isHeapEnd } from "../memory/allocator.js";
import {
  at,
  bits,
  boolean,
  type Code,
  EXACT,
  exact,
  infix,
  int,
  INT32_MAXIMUM,
  INT32_MINIMUM,
  Level,
  literal,
  literalValue,
  number,
  reference,
  unsigned,
  wrapped,
} from "./code.js";
import { f32Constant, f64Constant } from "./constants.js";
import type { FunctionContext } from "./function-context.js";
import { load } from "./memory-access.js";
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
    const { index } = call.target;
    const name = context.symbols.use(`function ${index}`);
    // What waits is wrapped in a function of the module, which adds the guest itself.
    const guest = context.symbols.passGuest && context.module.functions[index].import && !context.waits(index);
    if (!guest) return `${name}(${operands})`;
    return `${name}(${context.symbols.use("guest")}${operands === "" ? "" : `,${operands}`})`;
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

/** Rounds a double to f32, unless it is one already. */
function rounded(context: FunctionContext, text: string): Code {
  const scratch = context.symbols.use("scratch F32");
  return number(`(${scratch}[0]=${text},${scratch}[0])`, Level.primary);
}

function helperCall(context: FunctionContext, helper: string, ...codes: readonly string[]): string {
  return `${context.symbols.use(helper)}(${codes.join(",")})`;
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
      return int(helperCall(context, operator, argument(context, operand)), Level.primary, 0, 32);
    case "i32.reinterpret_f32": {
      if (operand.kind === "load") return emit(context, { ...operand, type: "i32" });
      if (operand.kind === "const") return literal(operand.value as number);
      const code = emit(context, operand).text;
      return int(`(${symbols.use("scratch F32")}[0]=${code},${symbols.use("scratch I32")}[0])`, Level.primary);
    }
    case "f32.reinterpret_i32":
      if (operand.kind === "load" && operand.bytes === 4) return emit(context, { ...operand, type: "f32" });
      return number(helperCall(context, "f32.bits", argument(context, operand)), Level.primary);
    case "f64.reinterpret_i64":
      return number(helperCall(context, "f64.bits", argument(context, operand)), Level.primary);
    case "f64.promote_f32":
      return emit(context, operand);
    case "f32.demote_f64":
      return rounded(context, emit(context, operand).text);
    case "f64.convert_i32_s":
      return number(`${at(value(context, operand), Level.multiplicative)}/1`, Level.multiplicative);
    case "f64.convert_i32_u":
      return number(`${at(unsigned(emit(context, operand)), Level.multiplicative)}/1`, Level.multiplicative);
    case "f32.convert_i32_s":
      return rounded(context, value(context, operand).text);
    case "f32.convert_i32_u":
      return rounded(context, unsigned(emit(context, operand)).text);
    case "f64.convert_i64_s":
    case "f64.convert_i64_u":
      return number(helperCall(context, operator, argument(context, operand)), Level.primary);
    case "f32.convert_i64_s":
    case "f32.convert_i64_u":
      return rounded(context, helperCall(context, operator, argument(context, operand)));
  }
  const truncation = /^i32\.(trunc|trunc_sat)_f\d\d_([su])$/.exec(operator);
  if (truncation) {
    return int(helperCall(context, `i32.${truncation[1]}_${truncation[2]}`, argument(context, operand)), Level.primary);
  }
  return floatUnary(context, operator, operand);
}

function floatUnary(context: FunctionContext, operator: string, operand: Expression): Code {
  const [type, name] = operator.split(".");
  const code = argument(context, operand);
  if (name === "neg" || name === "abs") return number(helperCall(context, operator, code), Level.primary);
  // Whole numbers of f32 are f32 again; a square root has to be rounded once more, which is exact (double rounding is
  // innocuous for the square root with 53 >= 2 * 24 + 2 bits).
  const result = helperCall(context, `f64.${name}`, code);
  return type === "f32" && name === "sqrt" ? rounded(context, result) : number(result, Level.primary);
}

const SIGNED_COMPARISONS: Readonly<Record<string, string>> = {
  "i32.lt_s": "<",
  "i32.gt_s": ">",
  "i32.le_s": "<=",
  "i32.ge_s": ">=",
};
const UNSIGNED_COMPARISONS: Readonly<Record<string, string>> = {
  "i32.lt_u": "<",
  "i32.gt_u": ">",
  "i32.le_u": "<=",
  "i32.ge_u": ">=",
};
const FLOAT_COMPARISONS: Readonly<Record<string, string>> = { lt: "<", gt: ">", le: "<=", ge: ">=" };

function compare(left: Code, operator: string, right: Code): Code {
  const level = operator === "==" || operator === "!=" ? Level.equality : Level.relational;
  return boolean(infix(at(left, level), operator, at(right, level + 1)), level);
}

function binary(context: FunctionContext, operator: string, left: Expression, right: Expression): Code {
  if (context.makesMemoryBytes(operator, left, right)) return emit(context, { kind: "memory.bytes", type: "i32" });
  if (operator[0] === "f") return floatBinary(context, operator, left, right);
  if (operator.startsWith("i64.")) return compare64(context, operator, left, right);
  if (SIGNED_COMPARISONS[operator]) {
    return compare(value(context, left), SIGNED_COMPARISONS[operator], value(context, right));
  }
  if (UNSIGNED_COMPARISONS[operator]) return compareUnsigned(context, operator, left, right);
  switch (operator) {
    case "i32.eq":
    case "i32.ne":
      return equality(context, operator, left, right);
    case "i32.add":
      return add(emit(context, left), emit(context, right));
    case "i32.sub":
      return subtract(emit(context, left), emit(context, right));
    case "i32.mul":
      return multiply(context, emit(context, left), emit(context, right));
    case "i32.and":
      return and(context, left, right);
    case "i32.or": {
      const [a, b] = [emit(context, left), emit(context, right)];
      const text = `${bits(a, Level.bitOr)}|${bits(b, Level.bitOr + 1)}`;
      return bitwise(text, Level.bitOr, a, b);
    }
    case "i32.xor": {
      const chosen = maskedXor(context, left, right) ?? maskedXor(context, right, left);
      if (chosen) return chosen;
      const [a, b] = [emit(context, left), emit(context, right)];
      if (literalValue(b) === -1) return int(`~${at(a, Level.unary)}`, Level.unary);
      const text = `${bits(a, Level.bitXor)}^${bits(b, Level.bitXor + 1)}`;
      return bitwise(text, Level.bitXor, a, b);
    }
    case "i32.shl":
    case "i32.shr_s":
    case "i32.shr_u":
      return shift(operator, emit(context, left), emit(context, right));
    case "i32.rotl":
    case "i32.rotr":
      return rotate(context, operator, value(context, left), value(context, right));
    default:
      return divide(context, operator, left, right);
  }
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

/** Whether nothing but zero and positive values is possible for both, and the smallest common number of zero bits. */
function bitwise(text: string, level: number, a: Code, b: Code): Code {
  const zeros = Math.min(a.zeros, b.zeros);
  if (a.minimum < 0 || b.minimum < 0 || a.kind === "exact" || b.kind === "exact") {
    return int(text, level, INT32_MINIMUM, INT32_MAXIMUM, zeros);
  }
  const maximum = 2 ** (32 - Math.clz32(Math.max(a.maximum, b.maximum))) - 1;
  return int(text, level, 0, maximum, zeros);
}

function equality(context: FunctionContext, operator: string, left: Expression, right: Expression): Code {
  const sign = operator === "i32.eq" ? "==" : "!=";
  const [a, b] = [value(context, left), value(context, right)];
  if (literalValue(b) === 0) {
    return sign === "==" ? boolean(`!${at(a, Level.unary)}`, Level.unary) : compare(a, "!=", b);
  }
  return compare(a, sign, b);
}

function compareUnsigned(context: FunctionContext, operator: string, left: Expression, right: Expression): Code {
  const sign = UNSIGNED_COMPARISONS[operator];
  const [a, b] = [emit(context, left), emit(context, right)];
  const limit = literalValue(b);
  if (limit !== undefined && !(a.minimum >= 0 && a.kind !== "exact")) {
    // x <u 2^k is a test of the bits from k up.
    const below = sign === "<" ? limit >>> 0 : sign === "<=" ? (limit >>> 0) + 1 : undefined;
    const from = sign === ">=" ? limit >>> 0 : sign === ">" ? (limit >>> 0) + 1 : undefined;
    const power = below ?? from;
    if (power !== undefined && power > 1 && power < 2 ** 32 && Number.isInteger(Math.log2(power))) {
      const test = `${at(a, Level.bitAnd)}&${-power >>> 0}`;
      return below === undefined ? boolean(`(${test})!=0`, Level.equality) : boolean(`!(${test})`, Level.unary);
    }
  }
  return compare(unsigned(a), sign, unsigned(b));
}

/** The sum with the interpreter's numbers: exact while it stays below 2^53. */
function add(a: Code, b: Code): Code {
  const subtrahend = literalValue(b);
  if (subtrahend !== undefined && subtrahend < 0) return subtract(a, literal(-subtrahend));
  if (a.maximum + b.maximum >= EXACT || a.minimum + b.minimum <= -EXACT) return add(wrapped(a), b);
  const text = infix(at(a, Level.additive), "+", at(b, Level.additive));
  const zeros = Math.min(a.zeros, b.zeros);
  return exact(text, Level.additive, a.minimum + b.minimum, a.maximum + b.maximum, zeros);
}

function subtract(a: Code, b: Code): Code {
  const zeros = Math.min(a.zeros, b.zeros);
  if (literalValue(a) === 0 && b.kind !== "boolean") {
    const operand = at(b, Level.unary);
    const text = operand[0] === "-" ? `- ${operand}` : `-${operand}`;
    return exact(text, Level.unary, -b.maximum, -b.minimum, zeros);
  }
  if (a.maximum - b.minimum >= EXACT || a.minimum - b.maximum <= -EXACT) {
    return a.kind === "exact" ? subtract(wrapped(a), b) : subtract(a, wrapped(b));
  }
  const text = infix(at(a, Level.additive), "-", at(b, Level.additive + 1));
  return exact(text, Level.additive, a.minimum - b.maximum, a.maximum - b.minimum, zeros);
}

function multiply(context: FunctionContext, a: Code, b: Code): Code {
  const products = [a.minimum * b.minimum, a.minimum * b.maximum, a.maximum * b.minimum, a.maximum * b.maximum];
  const minimum = Math.min(...products);
  const maximum = Math.max(...products);
  const zeros = Math.min(32, a.zeros + b.zeros);
  if (maximum < EXACT && minimum > -EXACT) {
    const text = `${at(a, Level.multiplicative)}*${at(b, Level.multiplicative + 1)}`;
    return exact(text, Level.multiplicative, minimum, maximum, zeros);
  }
  if (a.kind === "exact") return multiply(context, wrapped(a), b);
  if (b.kind === "exact") return multiply(context, a, wrapped(b));
  const constant = literalValue(b);
  if (constant !== undefined && isName(a)) {
    const low = constant & 65535;
    const text = `${a.text}*${low}+(${a.text}*${constant >>> 16}<<16)`;
    return exact(text, Level.additive, -(2 ** 48), 2 ** 48, zeros);
  }
  // Most products are small. One that isn't is taken apart by the helper.
  const helper = context.symbols.use("i32.mul");
  const product = context.scratch("product");
  const [x, y] = [twice(context, a, "factor"), twice(context, b, "other factor")];
  const text = `(${product}=${x.first}*${y.first})/9e15|0?${helper}(${x.again},${y.again}):${product}`;
  return exact(text, Level.conditional, -9e15, 9e15, zeros);
}

/** A value to be written twice: as it stands when that is cheap and has no effect, else by way of a variable. */
function twice(
  context: FunctionContext,
  code: Code,
  purpose: string,
): { readonly first: string; readonly again: string } {
  const plain = at(code, Level.multiplicative + 1);
  if (plain.length <= 24 && !/[=(?]/.test(plain)) return { first: plain, again: code.text };
  const name = context.scratch(purpose);
  return { first: `(${name}=${code.text})`, again: name };
}

function isName(code: Code): boolean {
  return code.level === Level.primary && /^[a-z]\w*$/i.test(code.text);
}

function and(context: FunctionContext, left: Expression, right: Expression): Code {
  const [a, b] = [emit(context, left), emit(context, right)];
  const text = `${bits(a, Level.bitAnd)}&${bits(b, Level.bitAnd + 1)}`;
  const zeros = Math.max(a.zeros, b.zeros);
  const maxima = [a, b].filter((code) => code.minimum >= 0 && code.kind !== "exact").map((code) => code.maximum);
  const mask = literalValue(b);
  const knownZeros = mask === undefined ? zeros : Math.max(zeros, b.zeros);
  if (maxima.length === 0) return int(text, Level.bitAnd, INT32_MINIMUM, INT32_MAXIMUM, knownZeros);
  return int(text, Level.bitAnd, 0, Math.min(...maxima), knownZeros);
}

function shift(operator: string, a: Code, b: Code): Code {
  const count = literalValue(b);
  const by = count === undefined ? at(b, Level.shift + 1) : String(count & 31);
  if (count !== undefined && (count & 31) === 0) return wrapped(a);
  const sign = operator === "i32.shl" ? "<<" : operator === "i32.shr_s" ? ">>" : ">>>";
  const text = `${bits(a, Level.shift)}${sign}${by}`;
  if (operator === "i32.shl") {
    const zeros = count === undefined ? a.zeros : Math.min(32, a.zeros + (count & 31));
    const factor = count === undefined ? 0 : 2 ** (count & 31);
    const inRange = factor > 0 && a.minimum * factor >= INT32_MINIMUM && a.maximum * factor <= INT32_MAXIMUM;
    if (inRange) return int(text, Level.shift, a.minimum * factor, a.maximum * factor, zeros);
    return int(text, Level.shift, INT32_MINIMUM, INT32_MAXIMUM, zeros);
  }
  if (count === undefined) {
    if (operator === "i32.shr_s") return int(text, Level.shift);
    return a.minimum >= 0 && a.kind !== "exact"
      ? int(text, Level.shift, 0, a.maximum)
      : exact(text, Level.shift, 0, 4294967295);
  }
  const divisor = 2 ** (count & 31);
  const zeros = Math.max(0, a.zeros - (count & 31));
  if (operator === "i32.shr_s" && a.kind !== "exact") {
    return int(text, Level.shift, Math.floor(a.minimum / divisor), Math.floor(a.maximum / divisor), zeros);
  }
  if (operator === "i32.shr_s") return int(text, Level.shift, INT32_MINIMUM / divisor, INT32_MAXIMUM / divisor, zeros);
  const maximum = a.minimum >= 0 && a.kind !== "exact" ? a.maximum : 4294967295;
  return int(text, Level.shift, 0, Math.floor(maximum / divisor), zeros);
}

function rotate(context: FunctionContext, operator: string, a: Code, b: Code): Code {
  const [forth, back] = operator === "i32.rotl" ? ["<<", ">>>"] : [">>>", "<<"];
  const twice = (code: Code, purpose: string) => {
    if (isName(code) || literalValue(code) !== undefined) return { first: code.text, again: code.text };
    const name = context.scratch(purpose);
    return { first: `(${name}=${code.text})`, again: name };
  };
  const rotated = twice(a, "rotated");
  const count = literalValue(b);
  if (count !== undefined) {
    return int(`${rotated.first}${forth}${count & 31}|${rotated.again}${back}${-count & 31}`, Level.bitOr);
  }
  const by = twice(b, "rotation");
  return int(`${rotated.first}${forth}${by.first}|${rotated.again}${back}32-${by.again}`, Level.bitOr);
}

function divide(context: FunctionContext, operator: string, left: Expression, right: Expression): Code {
  const [a, b] = [value(context, left), value(context, right)];
  const divisor = literalValue(b);
  const sign = operator.includes("div") ? "/" : "%";
  if (divisor !== undefined && divisor !== 0 && divisor !== -1) {
    if (operator.endsWith("_s")) {
      const text = `${at(a, Level.multiplicative)}${sign}${at(b, Level.multiplicative + 1)}`;
      const largest = sign === "%" ? Math.abs(divisor) - 1 : 2 ** 31;
      // The fraction of a quotient, or a zero with a sign, goes with `|0`.
      const lowest = a.minimum >= 0 && divisor > 0 ? 0 : -largest;
      return int(`${text}|0`, Level.bitOr, Math.max(lowest, INT32_MINIMUM), Math.min(largest, INT32_MAXIMUM));
    }
    const text = `${at(unsigned(a), Level.multiplicative)}${sign}${divisor >>> 0}`;
    const largest = sign === "%" ? (divisor >>> 0) - 1 : Math.floor(4294967295 / (divisor >>> 0));
    if (largest <= INT32_MAXIMUM) return int(`${text}|0`, Level.bitOr, 0, largest);
    return int(`${text}|0`, Level.bitOr);
  }
  const text = helperCall(context, operator, at(a, Level.assignment), at(b, Level.assignment));
  return int(text, Level.primary);
}

function compare64(context: FunctionContext, operator: string, left: Expression, right: Expression): Code {
  const [al, bl] = [emit(context, left), emit(context, right)];
  const [ah, bh] = [highWord(context, left), highWord(context, right)];
  if (operator === "i64.eq" || operator === "i64.ne") {
    const sign = operator === "i64.eq" ? "==" : "!=";
    const join = operator === "i64.eq" ? "&&" : "||";
    const level = operator === "i64.eq" ? Level.and : Level.or;
    return boolean(`${compare(al, sign, bl).text}${join}${compare(ah, sign, bh).text}`, level);
  }
  const [, relation, signed] = /^i64\.(lt|gt|le|ge)_([su])$/.exec(operator) as RegExpExecArray;
  const strict = relation[0] === "l" ? "<" : ">";
  const low = compare(unsigned(al), FLOAT_COMPARISONS[relation], unsigned(bl)).text;
  const [h, k] = signed === "s" ? [ah, bh] : [unsigned(ah), unsigned(bh)];
  return boolean(`${compare(h, strict, k).text}||${compare(ah, "==", bh).text}&&${low}`, Level.or);
}

function floatBinary(context: FunctionContext, operator: string, left: Expression, right: Expression): Code {
  const [type, name] = operator.split(".");
  const [a, b] = [emit(context, left), emit(context, right)];
  if (FLOAT_COMPARISONS[name]) return compare(a, FLOAT_COMPARISONS[name], b);
  if (name === "eq") return compare(a, "==", b);
  if (name === "ne") return compare(a, "!=", b);
  const arithmetic: Readonly<Record<string, readonly [string, number]>> = {
    add: ["+", Level.additive],
    sub: ["-", Level.additive],
    mul: ["*", Level.multiplicative],
    div: ["/", Level.multiplicative],
  };
  const known = arithmetic[name];
  if (!known) {
    const helper = name === "copysign" ? operator : `f64.${name}`;
    return number(helperCall(context, helper, at(a, Level.assignment), at(b, Level.assignment)), Level.primary);
  }
  const [sign, level] = known;
  const text = infix(at(a, level), sign, at(b, level + 1));
  return type === "f32" ? rounded(context, text) : number(text, level);
}
