import type { Register, RegisterOp } from "../../instruction.js";
import { imm8, register, shift } from "../../instruction.js";
import type { Piece } from "../machine/function.js";
import { isConst, type Value } from "../ssa/graph.js";
import { type Selector, setTo } from "./selector.js";

const TWO_REGISTERS: Readonly<Record<string, RegisterOp>> = {
  mul: "muls",
  and: "ands",
  or: "orrs",
  xor: "eors",
  shl: "lsls",
  shr: "lsrs",
  sar: "asrs",
  ror: "rors",
};
const BY_CONSTANT: Readonly<Record<string, "lsls" | "lsrs" | "asrs">> = { shl: "lsls", shr: "lsrs", sar: "asrs" };

/** A value computed from others without effects. */
export function selectArithmetic(selector: Selector, value: Value, results: readonly Value[]): void {
  const [a, b] = value.args;
  switch (value.op) {
    case "add64":
    case "sub64":
      return selectPair(selector, value, results);
    case "sext8":
    case "sext16":
    case "rev": {
      const op = ({ sext8: "sxtb", sext16: "sxth", rev: "rev" } as const)[value.op];
      return selector.emit({ kind: "extend", op, rd: selector.register(value), rm: selector.register(a) });
    }
    case "add":
      return add(selector, value, a, b);
    case "sub":
      if (isConst(a, 0)) return selector.emit(register("rsbs", selector.register(value), selector.register(b)));
      return selector.emit({
        kind: "add3",
        op: "subs",
        rd: selector.register(value),
        rn: selector.register(a),
        rm: selector.register(b),
      });
    case "and":
      if (b.op === "const" && mask(selector, value, a, b.imm)) return;
      break;
    case "xor":
      if (isConst(b, -1)) return selector.emit(register("mvns", selector.register(value), selector.register(a)));
      break;
    case "shl":
    case "shr":
    case "sar":
      if (b.op === "const") {
        return selector.emit(shift(BY_CONSTANT[value.op], selector.register(value), selector.register(a), b.imm & 31));
      }
      break;
  }
  const op = TWO_REGISTERS[value.op];
  if (!op) throw new Error(`No instruction for ${value.op}`);
  const swaps = op === "muls" || op === "ands" || op === "orrs" || op === "eors";
  // The first operand is overwritten: best is one that isn't needed any more, and of two such the one made later.
  const once = (operand: Value): boolean => selector.uses.get(operand) === 1;
  const exchange = swaps && b.op !== "const" && once(b) && (!once(a) || b.id > a.id);
  const [first, second] = exchange ? [b, a] : [a, b];
  twoRegisters(selector, op, selector.register(value), first, selector.register(second));
}

/** `rd = first op second` by an instruction that replaces its first operand. */
function twoRegisters(selector: Selector, op: RegisterOp, rd: Register, first: Value, second: Register): void {
  if (first.op === "const") selector.emit(setTo(rd, first.imm));
  else selector.emit({ kind: "move", rd, rm: selector.register(first) });
  selector.emit(register(op, rd, second));
}

function add(selector: Selector, value: Value, a: Value, b: Value): void {
  const rd = selector.register(value);
  const rn = selector.register(a);
  if (b.op === "const" && Math.abs(b.imm) <= 255) {
    const op = b.imm < 0 ? "subs" : "adds";
    const imm = Math.abs(b.imm);
    if (imm <= 7) return selector.emit({ kind: "imm3", op, rd, rn, imm });
    selector.emit({ kind: "move", rd, rm: rn });
    return selector.emit(imm8(op, rd, imm));
  }
  selector.emit({ kind: "add3", op: "adds", rd, rn, rm: selector.register(b) });
}

/** `x & c` for constants that need no register; false for the others. */
function mask(selector: Selector, value: Value, x: Value, constant: number): boolean {
  const bits = constant >>> 0;
  const rd = selector.register(value);
  if (bits === 0xff || bits === 0xffff) {
    selector.emit({ kind: "extend", op: bits === 0xff ? "uxtb" : "uxth", rd, rm: selector.register(x) });
    return true;
  }
  if (~constant >= 0 && ~constant <= 255) {
    const cleared = selector.constant(~constant);
    selector.emit({ kind: "move", rd, rm: selector.register(x) });
    selector.emit(register("bics", rd, cleared));
    return true;
  }
  const two = (first: "lsls" | "lsrs", second: "lsls" | "lsrs", count: number): true => {
    const part = selector.temporary();
    selector.emit(shift(first, part, selector.register(x), count));
    selector.emit(shift(second, rd, part, count));
    return true;
  };
  if (bits > 255 && (bits & (bits + 1)) === 0) return two("lsls", "lsrs", Math.clz32(bits));
  if ((~bits & (~bits + 1)) === 0) return two("lsrs", "lsls", 32 - Math.clz32(~bits));
  return false;
}

/** A 64-bit sum or difference: the carry goes from the low words to the high ones. */
function selectPair(selector: Selector, value: Value, results: readonly Value[]): void {
  const [low, high, otherLow, otherHigh] = value.args;
  const find = (word: number): Register => {
    const result = results.find(({ imm }) => imm === word);
    return result ? selector.register(result) : selector.temporary();
  };
  const sum = find(0);
  const top = find(1);
  const subtracts = value.op === "sub64";
  const high2 = selector.register(otherHigh);
  const first = selector.register(low);
  const start: Piece[] = [
    high.op === "const" ? setTo(top, high.imm) : { kind: "move", rd: top, rm: selector.register(high) },
  ];
  const op = subtracts ? "subs" : "adds";
  if (otherLow.op === "const" && otherLow.imm >= 0 && otherLow.imm <= 7) {
    start.push({ kind: "imm3", op, rd: sum, rn: first, imm: otherLow.imm });
  } else {
    start.push({ kind: "add3", op, rd: sum, rn: first, rm: selector.register(otherLow) });
  }
  selector.emit(...start, register(subtracts ? "sbcs" : "adcs", top, high2));
}
