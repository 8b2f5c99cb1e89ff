import { isConst, type PureOp, type Value } from "./graph.js";
import { type Builder, wide } from "./builder.js";
import { divide32 } from "./divide.js";

type Pair = readonly [low: Value, high: Value];

const COMPARISONS: Readonly<
  Record<string, readonly [op: "eq" | "ne" | "lt_s" | "lt_u" | "le_s" | "le_u", swap: boolean]>
> = {
  eq: ["eq", false],
  ne: ["ne", false],
  lt_s: ["lt_s", false],
  lt_u: ["lt_u", false],
  gt_s: ["lt_s", true],
  gt_u: ["lt_u", true],
  le_s: ["le_s", false],
  le_u: ["le_u", false],
  ge_s: ["le_s", true],
  ge_u: ["le_u", true],
};

const PLAIN: Readonly<Record<string, PureOp>> = {
  add: "add",
  sub: "sub",
  mul: "mul",
  and: "and",
  or: "or",
  xor: "xor",
  rotr: "ror",
};
const SHIFTS: Readonly<Record<string, "shl" | "shr" | "sar">> = { shl: "shl", shr_s: "sar", shr_u: "shr" };
const LONG_SHIFTS: Readonly<Record<string, string>> = {
  shl: "__aeabi_llsl",
  shr_s: "__aeabi_lasr",
  shr_u: "__aeabi_llsr",
};

/** Truth value of the opposite. */
export function negate(b: Builder, condition: Value): Value {
  return b.make("eq", [condition, b.constant(0)]);
}

/** `i32.*` on two operands. */
export function int32Binary(b: Builder, name: string, left: Value, right: Value): Value {
  const comparison = COMPARISONS[name];
  if (comparison) return b.make(comparison[0], comparison[1] ? [right, left] : [left, right]);
  if (PLAIN[name]) return b.make(PLAIN[name], [left, right]);
  const shift = SHIFTS[name];
  // Register shifts of ARM take the count modulo 256, those of WebAssembly modulo 32.
  if (shift) return b.make(shift, [left, count(b, right, 31)]);
  if (name === "rotl") return b.make("ror", [left, b.make("sub", [b.constant(0), right])]);
  return divide32(b, name, left, right);
}

function count(b: Builder, value: Value, mask: number): Value {
  return b.make("and", [value, b.constant(mask)]);
}

/** `i64.*` on two operands; comparisons give one word. */
export function int64Binary(b: Builder, name: string, left: Pair, right: Pair): Value[] {
  switch (name) {
    case "add":
      return wide(b, "add64", left, right);
    case "sub":
      return wide(b, "sub64", left, right);
    case "and":
    case "or":
    case "xor":
      return left.map((word, at) => b.make(name, [word, right[at]]));
    case "mul":
      return b.pureRoutine("__aeabi_lmul", [...left, ...right], 2);
    case "eq":
    case "ne": {
      const differing = b.make("or", [b.make("xor", [left[0], right[0]]), b.make("xor", [left[1], right[1]])]);
      return [b.make(name, [differing, b.constant(0)])];
    }
    case "lt_s":
    case "lt_u":
      return [b.make(name === "lt_s" ? "lt64_s" : "lt64_u", [...left, ...right])];
    case "gt_s":
    case "gt_u":
      return [b.make(name === "gt_s" ? "lt64_s" : "lt64_u", [...right, ...left])];
    case "le_s":
    case "le_u":
      return [negate(b, b.make(name === "le_s" ? "lt64_s" : "lt64_u", [...right, ...left]))];
    case "ge_s":
    case "ge_u":
      return [negate(b, b.make(name === "ge_s" ? "lt64_s" : "lt64_u", [...left, ...right]))];
    case "shl":
    case "shr_s":
    case "shr_u":
      if (right[0].op === "const") return shift64(b, name, left, right[0].imm & 63);
      return b.pureRoutine(LONG_SHIFTS[name], [...left, count(b, right[0], 63)], 2);
    case "rotl":
    case "rotr": {
      if (right[0].op !== "const") return b.pureRoutine(`i64.${name}`, [...left, count(b, right[0], 63)], 2);
      const by = name === "rotl" ? right[0].imm & 63 : -right[0].imm & 63;
      if (by === 0) return [...left];
      const up = shift64(b, "shl", left, by);
      const down = shift64(b, "shr_u", left, 64 - by);
      return up.map((word, at) => b.make("or", [word, down[at]]));
    }
    default: {
      const nonzero = right[0].op === "const" && right[1].op === "const" && (right[0].imm | right[1].imm) !== 0;
      const minusOne = isConst(right[0], -1) && isConst(right[1], -1);
      if (nonzero && !minusOne) {
        const routine = name.endsWith("_u") ? "__aeabi_uldivmod" : "__aeabi_ldivmod";
        const words = b.pureRoutine(routine, [...left, ...right], 4);
        return name.startsWith("rem") ? words.slice(2) : words.slice(0, 2);
      }
      const call = b.effect("routine", [...left, ...right], { name: `i64.${name}` });
      return [b.result(call, 0), b.result(call, 1)];
    }
  }
}

/** Shift of a pair by a constant of 0 to 63. */
function shift64(b: Builder, name: "shl" | "shr_s" | "shr_u", [low, high]: Pair, by: number): Value[] {
  const c = (value: number) => b.constant(value);
  if (by === 0) return [low, high];
  const right = name === "shr_s" ? "sar" : "shr";
  if (name === "shl") {
    if (by >= 32) return [c(0), b.make("shl", [low, c(by - 32)])];
    const carried = b.make("shr", [low, c(32 - by)]);
    return [b.make("shl", [low, c(by)]), b.make("or", [b.make("shl", [high, c(by)]), carried])];
  }
  const top = name === "shr_s" ? b.make("sar", [high, c(31)]) : c(0);
  if (by >= 32) return [b.make(right, [high, c(by - 32)]), top];
  const carried = b.make("shl", [high, c(32 - by)]);
  return [b.make("or", [b.make("shr", [low, c(by)]), carried]), b.make(right, [high, c(by)])];
}

/** Operators on one i32 or i64 that stay among integers; undefined for others. */
export function integerUnary(b: Builder, operator: string, x: readonly Value[]): Value[] | undefined {
  const c = (value: number) => b.constant(value);
  const signOf = (word: Value) => b.make("sar", [word, c(31)]);
  switch (operator) {
    case "i32.eqz":
      return [negate(b, x[0])];
    case "i64.eqz":
      return [negate(b, b.make("or", [x[0], x[1]]))];
    case "i32.clz":
    case "i32.ctz":
    case "i32.popcnt":
      return b.pureRoutine(operator, x, 1);
    case "i64.clz":
    case "i64.ctz":
    case "i64.popcnt":
      return [b.pureRoutine(operator, x, 2)[0], c(0)];
    case "i32.wrap_i64":
    case "i32.reinterpret_f32":
    case "f32.reinterpret_i32":
      return [x[0]];
    case "i64.reinterpret_f64":
    case "f64.reinterpret_i64":
      return [...x];
    case "i64.extend_i32_s":
      return [x[0], signOf(x[0])];
    case "i64.extend_i32_u":
      return [x[0], c(0)];
    case "i32.extend8_s":
      return [b.make("sext8", x)];
    case "i32.extend16_s":
      return [b.make("sext16", x)];
    case "i64.extend8_s":
    case "i64.extend16_s": {
      const low = b.make(operator === "i64.extend8_s" ? "sext8" : "sext16", [x[0]]);
      return [low, signOf(low)];
    }
    case "i64.extend32_s":
      return [x[0], signOf(x[0])];
    default:
      return undefined;
  }
}
