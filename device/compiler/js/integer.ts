import {
  at,
  bits,
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
  unsigned,
  wrapped,
} from "./code.js";
import type { FunctionContext } from "./function-context.js";

/** Arithmetic, logic and shifts of two i32; not comparisons. */
export function integerBinary(context: FunctionContext, operator: string, a: Code, b: Code): Code {
  switch (operator) {
    case "i32.add":
      return add(a, b);
    case "i32.sub":
      return subtract(a, b);
    case "i32.mul":
      return multiply(context, a, b);
    case "i32.and":
      return and(a, b);
    case "i32.or":
      return bitwise(`${bits(a, Level.bitOr)}|${bits(b, Level.bitOr + 1)}`, Level.bitOr, a, b);
    case "i32.xor":
      if (literalValue(b) === -1) return int(`~${at(a, Level.unary)}`, Level.unary);
      return bitwise(`${bits(a, Level.bitXor)}^${bits(b, Level.bitXor + 1)}`, Level.bitXor, a, b);
    case "i32.shl":
    case "i32.shr_s":
    case "i32.shr_u":
      return shift(operator, a, b);
    case "i32.rotl":
    case "i32.rotr":
      return rotate(context, operator, wrapped(a), wrapped(b));
    default:
      return divide(context, operator, a, b);
  }
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

function and(a: Code, b: Code): Code {
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

function divide(context: FunctionContext, operator: string, left: Code, right: Code): Code {
  const [a, b] = [wrapped(left), wrapped(right)];
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
  const text = context.symbols.call(operator, at(a, Level.assignment), at(b, Level.assignment));
  return int(text, Level.primary);
}
