import { isComparison, isConst, type Op, type PureOp, type Value } from "./graph.js";

/** Makes a pure value, folded, in the place where it is wanted. */
export type Make = (op: PureOp, args: readonly Value[], imm?: number) => Value;

const SWAPS: ReadonlySet<Op> = new Set<Op>(["add", "mul", "and", "or", "xor", "eq", "ne"]);

/** `op` on two constants (core specification, section 4.3.2). */
export function evaluate(op: Op, a: number, b: number): number | undefined {
  switch (op) {
    case "add":
      return (a + b) | 0;
    case "sub":
      return (a - b) | 0;
    case "mul":
      return Math.imul(a, b);
    case "and":
      return a & b;
    case "or":
      return a | b;
    case "xor":
      return a ^ b;
    case "shl":
      return a << b;
    case "shr":
      return (a >>> b) | 0;
    case "sar":
      return a >> b;
    case "ror":
      return (a >>> (b & 31)) | (b & 31 ? a << (32 - (b & 31)) : 0);
    case "eq":
      return a === b ? 1 : 0;
    case "ne":
      return a !== b ? 1 : 0;
    case "lt_s":
      return a < b ? 1 : 0;
    case "lt_u":
      return a >>> 0 < b >>> 0 ? 1 : 0;
    case "le_s":
      return a <= b ? 1 : 0;
    case "le_u":
      return a >>> 0 <= b >>> 0 ? 1 : 0;
    default:
      return undefined;
  }
}

/** The comparison that holds exactly when this one doesn't; undefined for those of two words. */
export function invertComparison(op: Op): { op: PureOp; swap: boolean } | undefined {
  switch (op) {
    case "eq":
      return { op: "ne", swap: false };
    case "ne":
      return { op: "eq", swap: false };
    case "lt_s":
      return { op: "le_s", swap: true };
    case "lt_u":
      return { op: "le_u", swap: true };
    case "le_s":
      return { op: "lt_s", swap: true };
    case "le_u":
      return { op: "lt_u", swap: true };
    default:
      return undefined;
  }
}

/**
 * A simpler value that equals `op(args)`, or undefined: constants, neutral elements, sums of constants gathered, shifts
 * joined, multiplication by what shifts and one addition do.
 */
export function fold(op: PureOp, args: readonly Value[], make: Make): Value | undefined {
  const constant = (value: number) => make("const", [], value | 0);
  if (args.length === 1) {
    const [x] = args;
    if (x.op === "const") {
      if (op === "sext8") return constant((x.imm << 24) >> 24);
      if (op === "sext16") return constant((x.imm << 16) >> 16);
    }
    if (op === "sext8" && x.op === "load" && x.bytes === 1 && x.signed) return x;
    if (op === "sext16" && x.op === "load" && (x.bytes === 1 || x.bytes === 2) && x.signed) return x;
    return undefined;
  }
  if (op === "select") return foldSelect(args, make);
  if (args.length !== 2) return undefined;
  const [a, b] = args;
  if (a.op === "const" && b.op === "const") {
    const value = evaluate(op, a.imm, b.imm);
    return value === undefined ? undefined : constant(value);
  }
  if (a.op === "const" && SWAPS.has(op)) return make(op, [b, a]);
  if (b.op === "const") return foldConstant(op, a, b.imm, make);
  if (a === b) {
    if (op === "sub" || op === "xor" || op === "ne" || op === "lt_s" || op === "lt_u") return constant(0);
    if (op === "and" || op === "or") return a;
    if (op === "eq" || op === "le_s" || op === "le_u") return constant(1);
  }
  if (op === "sub" && isConst(a, 0)) {
    // 0 - (x & 1) is x's lowest bit everywhere.
    if (b.op === "and" && isConst(b.args[1], 1)) {
      return make("sar", [make("shl", [b.args[0], constant(31)]), constant(31)]);
    }
    if (b.op === "sub") return make("sub", [b.args[1], b.args[0]]);
  }
  if (op === "add") {
    // Constants outermost, so that addresses show them.
    if (a.op === "add" && a.args[1].op === "const") {
      return make("add", [make("add", [a.args[0], b]), a.args[1]]);
    }
    if (b.op === "add" && b.args[1].op === "const") {
      return make("add", [make("add", [a, b.args[0]]), b.args[1]]);
    }
    if (b.op === "sub" && isConst(b.args[0], 0)) return make("sub", [a, b.args[1]]);
    if (a.op === "sub" && isConst(a.args[0], 0)) return make("sub", [b, a.args[1]]);
  }
  // (x + c) < x asks whether x + c is below c.
  if (op === "lt_u" && a.op === "add" && a.args[0] === b && a.args[1].op === "const") {
    return make("lt_u", [a, a.args[1]]);
  }
  if (op === "le_u" && b.op === "add" && b.args[0] === a && b.args[1].op === "const") {
    return make("le_u", [b.args[1], b]);
  }
  if (op === "le_u" && a.op === "const" && a.imm === 1) return make("ne", [b, constant(0)]);
  if (op === "lt_u" && a.op === "const" && a.imm === 0) return make("ne", [b, constant(0)]);
  return undefined;
}

function foldConstant(op: PureOp, a: Value, c: number, make: Make): Value | undefined {
  const constant = (value: number) => make("const", [], value | 0);
  switch (op) {
    case "sub":
      return make("add", [a, constant(-c)]);
    case "add":
      if (c === 0) return a;
      if (a.op === "base") return make("base", [], (a.imm + c) | 0);
      if (a.op === "add" && a.args[1].op === "const") return make("add", [a.args[0], constant(a.args[1].imm + c)]);
      if (a.op === "sub" && a.args[0].op === "const") return make("sub", [constant(a.args[0].imm + c), a.args[1]]);
      return undefined;
    case "mul": {
      if (c === 0) return constant(0);
      if (c === 1) return a;
      if (c === -1) return make("sub", [constant(0), a]);
      const shift = (value: number) => make("shl", [a, constant(Math.log2(value))]);
      const isPower = (value: number) => value > 0 && (value & (value - 1)) === 0;
      if (c === -2147483648) return make("shl", [a, constant(31)]);
      if (isPower(c)) return shift(c);
      if (isPower(c - 1)) return make("add", [shift(c - 1), a]);
      if (isPower(c + 1)) return make("sub", [shift(c + 1), a]);
      return undefined;
    }
    case "and":
      if (c === 0) return constant(0);
      if (c === -1) return a;
      if (a.op === "and" && a.args[1].op === "const") return make("and", [a.args[0], constant(a.args[1].imm & c)]);
      if (a.op === "load" && !a.signed && a.bytes < 4 && (c & (2 ** (8 * a.bytes) - 1)) === 2 ** (8 * a.bytes) - 1) {
        return a;
      }
      if (c === 1 && isComparison(a.op)) return a;
      return undefined;
    case "or":
      return c === 0 ? a : c === -1 ? constant(-1) : undefined;
    case "xor":
      if (c === 0) return a;
      if (a.op === "xor" && a.args[1].op === "const") return make("xor", [a.args[0], constant(a.args[1].imm ^ c)]);
      if (c === 1 && isComparison(a.op)) return make("eq", [a, constant(0)]);
      return undefined;
    case "shl":
    case "shr":
    case "sar":
      return foldShift(op, a, c & 31, c, make);
    case "ror":
      return (c & 31) === 0 ? a : c === (c & 31) ? undefined : make("ror", [a, constant(c & 31)]);
    case "eq":
    case "ne":
      return foldEquality(op, a, c, make);
    case "lt_u":
      if (c === 0) return constant(0);
      if (c === 1) return make("eq", [a, constant(0)]);
      return undefined;
    case "le_u":
      if (c === 0) return make("eq", [a, constant(0)]);
      if (c === -1) return constant(1);
      return make("lt_u", [a, constant(c + 1)]);
    case "le_s":
      return c === 0x7fffffff ? constant(1) : make("lt_s", [a, constant(c + 1)]);
    default:
      return undefined;
  }
}

function foldShift(op: "shl" | "shr" | "sar", a: Value, count: number, given: number, make: Make): Value | undefined {
  const constant = (value: number) => make("const", [], value | 0);
  if (count === 0) return a;
  // How allocators ask where memory ends: to the byte, not to the page.
  if (op === "shl" && count === 16 && a.op === "pages") return constant(a.imm);
  if (count !== given) return make(op, [a, constant(count)]);
  if (a.args.length !== 2 || a.args[1].op !== "const") return undefined;
  const inner = a.args[1].imm;
  if (a.op === op) {
    const sum = inner + count;
    if (sum < 32) return make(op, [a.args[0], constant(sum)]);
    return op === "sar" ? make("sar", [a.args[0], constant(31)]) : constant(0);
  }
  if (a.op === "shl" && inner === count) {
    if (op === "sar" && count === 24) return make("sext8", [a.args[0]]);
    if (op === "sar" && count === 16) return make("sext16", [a.args[0]]);
    if (op === "shr") return make("and", [a.args[0], constant(-1 >>> count)]);
  }
  return undefined;
}

function foldEquality(op: "eq" | "ne", a: Value, c: number, make: Make): Value | undefined {
  const constant = (value: number) => make("const", [], value | 0);
  if (isComparison(a.op) && (c === 0 || c === 1)) {
    if ((op === "ne") === (c === 0)) return a;
    const opposite = invertComparison(a.op);
    if (opposite) return make(opposite.op, opposite.swap ? [a.args[1], a.args[0]] : a.args);
  }
  if (a.op === "add" && a.args[1].op === "const") return make(op, [a.args[0], constant(c - a.args[1].imm)]);
  if (a.op === "sub" && c === 0) return make(op, [a.args[0], a.args[1]]);
  if (a.op === "xor" && c === 0) return make(op, [a.args[0], a.args[1]]);
  return undefined;
}

function foldSelect([condition, whenTrue, whenFalse]: readonly Value[], make: Make): Value | undefined {
  if (condition.op === "const") return condition.imm !== 0 ? whenTrue : whenFalse;
  if (whenTrue === whenFalse) return whenTrue;
  if (condition.op === "ne" && isConst(condition.args[1], 0)) {
    return make("select", [condition.args[0], whenTrue, whenFalse]);
  }
  if (condition.op === "eq" && isConst(condition.args[1], 0)) {
    return make("select", [condition.args[0], whenFalse, whenTrue]);
  }
  if (isComparison(condition.op)) {
    if (isConst(whenTrue, 1) && isConst(whenFalse, 0)) return condition;
    if (isConst(whenTrue, 0) && isConst(whenFalse, 1)) return make("eq", [condition, make("const", [], 0)]);
  }
  return undefined;
}
