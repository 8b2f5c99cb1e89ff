import type { Condition, Register } from "../../instruction.js";
import { imm8, invert, register, shift } from "../../instruction.js";
import type { Piece } from "../machine/function.js";
import { isComparison, isConst, type Value } from "../ssa/graph.js";
import { type Selector, setTo } from "./selector.js";

/** Pieces that set the flags, and the condition under which the value isn't zero. */
export interface Test {
  readonly pieces: Piece[];
  readonly condition: Condition;
}

const CONDITIONS: Readonly<Record<string, Condition>> = {
  eq: "eq",
  ne: "ne",
  lt_s: "lt",
  lt_u: "lo",
  le_s: "le",
  le_u: "ls",
};
/** The same of the operands exchanged. */
const EXCHANGED: Readonly<Record<string, Condition>> = {
  eq: "eq",
  ne: "ne",
  lt_s: "gt",
  lt_u: "hi",
  le_s: "ge",
  le_u: "hs",
};

const SIGN = -2147483648;

/** Whether an AND is nothing but tested for zero, and need not be computed. */
function isTestedOnly(selector: Selector, value: Value): boolean {
  return value.op === "and" && selector.uses.get(value) === 1;
}

/** Whether a comparison is asked for by nothing but branches and the like, which make it themselves. */
export function conditionsOnly(selector: Selector): Set<Value> {
  const asked = new Set<Value>();
  const stored = new Set<Value>();
  const condition = (value: Value): void => void (isComparison(value.op) ? asked : stored).add(value);
  for (const block of selector.graph.blocks) {
    for (const phi of block.phis) phi.args.forEach((arg) => stored.add(arg));
    for (const value of block.body) {
      value.args.forEach((arg, at) => {
        if (at === 0 && (value.op === "select" || value.op === "trap if")) condition(arg);
        else stored.add(arg);
      });
    }
    if (block.end.kind === "branch") condition(block.end.condition);
    else if (block.end.kind === "return") block.end.values.forEach((value) => stored.add(value));
    else if (block.end.kind === "table") stored.add(block.end.index);
  }
  const only = new Set<Value>();
  for (const value of asked) {
    if (stored.has(value)) continue;
    only.add(value);
  }
  // An AND that such a comparison tests against zero is made by the test itself.
  for (const block of selector.graph.blocks) {
    for (const value of block.body) {
      if ((value.op === "eq" || value.op === "ne") && isConst(value.args[1], 0)) {
        if (isTestedOnly(selector, value.args[0]) && only.has(value)) only.add(value.args[0]);
      }
    }
  }
  return only;
}

/** Tests whether a value isn't zero; a comparison is made here and now. */
export function test(selector: Selector, value: Value): Test {
  const [a, b] = value.args;
  switch (value.op) {
    case "lt64_s":
    case "lt64_u":
      return test64(selector, value);
    case "eq":
    case "ne":
      if (isConst(b, 0) && isTestedOnly(selector, a)) return testBits(selector, a, value.op);
      break;
    case "lt_s":
    case "lt_u":
    case "le_s":
    case "le_u":
      break;
    default:
      return { pieces: [imm8("cmp", selector.register(value), 0)], condition: "ne" };
  }
  if (a.op === "const" && a.imm >= 0 && a.imm <= 255) {
    return { pieces: [imm8("cmp", selector.register(b), a.imm)], condition: EXCHANGED[value.op] };
  }
  const left = selector.register(a);
  if (b.op === "const" && b.imm >= 0 && b.imm <= 255) {
    return { pieces: [imm8("cmp", left, b.imm)], condition: CONDITIONS[value.op] };
  }
  return { pieces: [register("cmp", left, selector.register(b))], condition: CONDITIONS[value.op] };
}

/** `a & b` against zero: single bits and low bits by a shift. */
function testBits(selector: Selector, and: Value, op: "eq" | "ne"): Test {
  const [a, b] = and.args;
  const left = selector.register(a);
  if (b.op === "const") {
    const mask = b.imm >>> 0;
    if ((mask & (mask - 1)) === 0) {
      const piece = shift("lsls", selector.temporary(), left, Math.clz32(mask));
      return { pieces: [piece], condition: op === "ne" ? "mi" : "pl" };
    }
    if ((mask & (mask + 1)) === 0) {
      return { pieces: [shift("lsls", selector.temporary(), left, Math.clz32(mask))], condition: op };
    }
  }
  return { pieces: [register("tst", left, selector.register(b))], condition: op };
}

/** Below, in 64 bits: by the borrow. Signed ones with the sign bits turned, for the borrow is of unsigned numbers. */
function test64(selector: Selector, value: Value): Test {
  const [low, high, otherLow, otherHigh] = value.args;
  const signed = value.op === "lt64_s";
  if (signed && isConst(otherLow, 0) && isConst(otherHigh, 0)) {
    return { pieces: [imm8("cmp", selector.register(high), 0)], condition: "lt" };
  }
  const turned = (word: Value): Register => {
    if (!signed) return selector.register(word);
    if (word.op === "const") return selector.constant(word.imm ^ SIGN);
    const rd = selector.temporary();
    selector.emit({ kind: "add3", op: "adds", rd, rn: selector.register(word), rm: selector.constant(SIGN) });
    return rd;
  };
  const left = turned(high);
  const right = turned(otherHigh);
  const difference = selector.temporary();
  const lowRight = otherLow.op === "const" && otherLow.imm >= 0 && otherLow.imm <= 255;
  const first = selector.register(low);
  return {
    pieces: [
      { kind: "move", rd: difference, rm: left },
      lowRight ? imm8("cmp", first, otherLow.imm) : register("cmp", first, selector.register(otherLow)),
      register("sbcs", difference, right),
    ],
    condition: "lo",
  };
}

/** A comparison's value, 1 or 0, in a register. */
export function materialise(selector: Selector, value: Value): void {
  const rd = selector.register(value);
  const [a, b] = value.args;
  const temporary = selector.temporary();
  if ((value.op === "eq" || value.op === "ne") && !isTestedOnly(selector, a)) {
    const left = selector.register(a);
    const difference = isConst(b, 0) ? left : selector.temporary();
    if (difference !== left) {
      const small = b.op === "const" && b.imm > 0 && b.imm <= 7;
      selector.emit(
        small
          ? { kind: "imm3", op: "subs", rd: difference, rn: left, imm: b.imm }
          : { kind: "add3", op: "subs", rd: difference, rn: left, rm: selector.register(b) },
      );
    }
    if (value.op === "eq") {
      // The carry of 0 - x is set for x = 0 alone.
      selector.emit(
        register("rsbs", temporary, difference),
        {
          kind: "move",
          rd,
          rm: difference,
        },
        register("adcs", rd, temporary),
      );
    } else {
      // The carry of x - 1 is clear for x = 0 alone; x - (x - 1) - 1 + carry.
      selector.emit(
        { kind: "move", rd, rm: difference },
        { kind: "imm3", op: "subs", rd: temporary, rn: rd, imm: 1 },
        register("sbcs", rd, temporary),
      );
    }
    return;
  }
  const { pieces, condition } = test(selector, value);
  if (condition === "lo") {
    selector.emit(...pieces, { kind: "borrow", rd: temporary });
    selector.emit(register("rsbs", rd, temporary));
    return;
  }
  selector.emit(setTo(rd, 1), ...pieces, { kind: "setIf", condition: invert(condition), rd, value: 0 });
}
