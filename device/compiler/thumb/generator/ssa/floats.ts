import type { Builder } from "./builder.js";
import type { Value } from "./graph.js";
import { negate } from "./integers.js";

const SIGN = -2147483648;

/** Operators on two floats: `__aeabi_*` of the ARM run-time ABI (IHI 0043, section 4.1.2), others by WebAssembly's name. */
export function floatBinary(b: Builder, operator: string, left: readonly Value[], right: readonly Value[]): Value[] {
  const [type, name] = operator.split(".");
  const letter = type === "f32" ? "f" : "d";
  const words = left.length;
  const args = [...left, ...right];
  switch (name) {
    case "add":
    case "sub":
    case "mul":
    case "div":
      return b.pureRoutine(`__aeabi_${letter}${name}`, args, words);
    case "min":
    case "max":
      return b.pureRoutine(operator, args, words);
    case "copysign": {
      const top = words - 1;
      const magnitude = b.make("and", [left[top], b.constant(~SIGN)]);
      const sign = b.make("and", [right[top], b.constant(SIGN)]);
      return [...left.slice(0, top), b.make("or", [magnitude, sign])];
    }
    case "ne":
      return [negate(b, b.pureRoutine(`__aeabi_${letter}cmpeq`, args, 1)[0])];
    default:
      // eq, lt, le, gt, ge
      return b.pureRoutine(`__aeabi_${letter}cmp${name}`, args, 1);
  }
}

const CONVERSIONS: Readonly<Record<string, string>> = {
  "f32.convert_i32_s": "__aeabi_i2f",
  "f32.convert_i32_u": "__aeabi_ui2f",
  "f32.convert_i64_s": "__aeabi_l2f",
  "f32.convert_i64_u": "__aeabi_ul2f",
  "f64.convert_i32_s": "__aeabi_i2d",
  "f64.convert_i32_u": "__aeabi_ui2d",
  "f64.convert_i64_s": "__aeabi_l2d",
  "f64.convert_i64_u": "__aeabi_ul2d",
  "f32.demote_f64": "__aeabi_d2f",
  "f64.promote_f32": "__aeabi_f2d",
};

/** Operators on one float, and conversions. */
export function floatUnary(b: Builder, operator: string, x: readonly Value[]): Value[] {
  const [type, name] = operator.split(".");
  const words = type === "f64" || type === "i64" ? 2 : 1;
  const top = x.length - 1;
  if (name === "neg") return [...x.slice(0, top), b.make("xor", [x[top], b.constant(SIGN)])];
  if (name === "abs") return [...x.slice(0, top), b.make("and", [x[top], b.constant(~SIGN)])];
  if (CONVERSIONS[operator]) return b.pureRoutine(CONVERSIONS[operator], x, words);
  if (/\.trunc_f/.test(operator)) {
    const call = b.effect("routine", x, { name: operator });
    return Array.from({ length: words }, (_, word) => b.result(call, word));
  }
  return b.pureRoutine(operator, x, words);
}
