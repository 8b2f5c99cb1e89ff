import type { ValueType } from "./module.js";

/** A numeric instruction without immediates: its name in the text format, and its types. */
export interface NumericOpcode {
  readonly name: string;
  readonly operands: readonly ValueType[];
  readonly result: ValueType;
  /** Whether some operands make it trap. */
  readonly traps: boolean;
}

const NUMERIC = new Map<number, NumericOpcode>();

function define(first: number, names: string, operands: readonly ValueType[], result: ValueType): void {
  names.split(" ").forEach((name, index) => {
    const traps = /\.(div|rem)_[su]$/.test(name) && name[0] === "i" ? true : /\.trunc_f/.test(name);
    NUMERIC.set(first + index, { name, operands, result, traps });
  });
}

const prefixed = (type: ValueType, names: string) =>
  names
    .split(" ")
    .map((name) => `${type}.${name}`)
    .join(" ");

const INTEGER_COMPARISONS = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
const FLOAT_COMPARISONS = "eq ne lt gt le ge";
const INTEGER_BINARY = "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";
const FLOAT_UNARY = "abs neg ceil floor trunc nearest sqrt";
const FLOAT_BINARY = "add sub mul div min max copysign";

define(0x45, "i32.eqz", ["i32"], "i32");
define(0x46, prefixed("i32", INTEGER_COMPARISONS), ["i32", "i32"], "i32");
define(0x50, "i64.eqz", ["i64"], "i32");
define(0x51, prefixed("i64", INTEGER_COMPARISONS), ["i64", "i64"], "i32");
define(0x5b, prefixed("f32", FLOAT_COMPARISONS), ["f32", "f32"], "i32");
define(0x61, prefixed("f64", FLOAT_COMPARISONS), ["f64", "f64"], "i32");
define(0x67, prefixed("i32", "clz ctz popcnt"), ["i32"], "i32");
define(0x6a, prefixed("i32", INTEGER_BINARY), ["i32", "i32"], "i32");
define(0x79, prefixed("i64", "clz ctz popcnt"), ["i64"], "i64");
define(0x7c, prefixed("i64", INTEGER_BINARY), ["i64", "i64"], "i64");
define(0x8b, prefixed("f32", FLOAT_UNARY), ["f32"], "f32");
define(0x92, prefixed("f32", FLOAT_BINARY), ["f32", "f32"], "f32");
define(0x99, prefixed("f64", FLOAT_UNARY), ["f64"], "f64");
define(0xa0, prefixed("f64", FLOAT_BINARY), ["f64", "f64"], "f64");
define(0xa7, "i32.wrap_i64", ["i64"], "i32");
define(0xa8, prefixed("i32", "trunc_f32_s trunc_f32_u"), ["f32"], "i32");
define(0xaa, prefixed("i32", "trunc_f64_s trunc_f64_u"), ["f64"], "i32");
define(0xac, prefixed("i64", "extend_i32_s extend_i32_u"), ["i32"], "i64");
define(0xae, prefixed("i64", "trunc_f32_s trunc_f32_u"), ["f32"], "i64");
define(0xb0, prefixed("i64", "trunc_f64_s trunc_f64_u"), ["f64"], "i64");
define(0xb2, prefixed("f32", "convert_i32_s convert_i32_u"), ["i32"], "f32");
define(0xb4, prefixed("f32", "convert_i64_s convert_i64_u"), ["i64"], "f32");
define(0xb6, "f32.demote_f64", ["f64"], "f32");
define(0xb7, prefixed("f64", "convert_i32_s convert_i32_u"), ["i32"], "f64");
define(0xb9, prefixed("f64", "convert_i64_s convert_i64_u"), ["i64"], "f64");
define(0xbb, "f64.promote_f32", ["f32"], "f64");
define(0xbc, "i32.reinterpret_f32", ["f32"], "i32");
define(0xbd, "i64.reinterpret_f64", ["f64"], "i64");
define(0xbe, "f32.reinterpret_i32", ["i32"], "f32");
define(0xbf, "f64.reinterpret_i64", ["i64"], "f64");
define(0xc0, prefixed("i32", "extend8_s extend16_s"), ["i32"], "i32");
define(0xc2, prefixed("i64", "extend8_s extend16_s extend32_s"), ["i64"], "i64");
// Saturating conversions: 0xFC 0 to 7, kept at 0xFC00 and up.
define(0xfc00, prefixed("i32", "trunc_sat_f32_s trunc_sat_f32_u"), ["f32"], "i32");
define(0xfc02, prefixed("i32", "trunc_sat_f64_s trunc_sat_f64_u"), ["f64"], "i32");
define(0xfc04, prefixed("i64", "trunc_sat_f32_s trunc_sat_f32_u"), ["f32"], "i64");
define(0xfc06, prefixed("i64", "trunc_sat_f64_s trunc_sat_f64_u"), ["f64"], "i64");

/** The numeric instruction of an opcode (core specification, section 5.4.7); 0xFC-prefixed ones at 0xFC00. */
export function numericOpcode(opcode: number): NumericOpcode | undefined {
  return NUMERIC.get(opcode);
}

/** A load or store: type, bytes in memory, and whether a narrow load is sign-extended. */
export interface MemoryOpcode {
  readonly type: ValueType;
  readonly bytes: number;
  readonly signed: boolean;
}

const memoryOpcode = (type: ValueType, bytes: number, signed = false): MemoryOpcode => ({ type, bytes, signed });

/** 0x28 to 0x35, in order. */
export const LOADS: readonly MemoryOpcode[] = [
  memoryOpcode("i32", 4),
  memoryOpcode("i64", 8),
  memoryOpcode("f32", 4),
  memoryOpcode("f64", 8),
  memoryOpcode("i32", 1, true),
  memoryOpcode("i32", 1),
  memoryOpcode("i32", 2, true),
  memoryOpcode("i32", 2),
  memoryOpcode("i64", 1, true),
  memoryOpcode("i64", 1),
  memoryOpcode("i64", 2, true),
  memoryOpcode("i64", 2),
  memoryOpcode("i64", 4, true),
  memoryOpcode("i64", 4),
];

/** 0x36 to 0x3E, in order. */
export const STORES: readonly MemoryOpcode[] = [
  memoryOpcode("i32", 4),
  memoryOpcode("i64", 8),
  memoryOpcode("f32", 4),
  memoryOpcode("f64", 8),
  memoryOpcode("i32", 1),
  memoryOpcode("i32", 2),
  memoryOpcode("i64", 1),
  memoryOpcode("i64", 2),
  memoryOpcode("i64", 4),
];
