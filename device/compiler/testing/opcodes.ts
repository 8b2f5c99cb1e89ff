import type { ValueType } from "../decode/module.js";

/** An operator that takes values off the stack and puts at most one back, with no immediate. */
export interface NumericOperator {
  readonly name: string;
  /** The opcode; two bytes for those behind the prefix 0xfc. */
  readonly code: readonly number[];
  readonly params: readonly ValueType[];
  readonly result: ValueType;
}

/** A load or store. */
export interface MemoryOperator {
  readonly name: string;
  readonly code: number;
  readonly type: ValueType;
  /** Bytes in memory. */
  readonly bytes: number;
  readonly store: boolean;
}

const integerTest = "eqz";
const integerComparisons = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
const floatComparisons = "eq ne lt gt le ge";
const integerUnary = "clz ctz popcnt";
const integerBinary = "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";
const floatUnary = "abs neg ceil floor trunc nearest sqrt";
const floatBinary = "add sub mul div min max copysign";

/** From 0xa7 on, in order: name, and the types it goes to and from. */
const conversions = [
  "i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u",
  "i64.extend_i32_s i64.extend_i32_u i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u",
  "f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64",
  "f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32",
  "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64",
].join(" ");
const signExtensions = "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s";
const saturating = [
  "i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u",
  "i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u",
].join(" ");

/** Every numeric operator of the core specification, section 5.4.5, without vectors. */
export const numericOperators: readonly NumericOperator[] = listNumericOperators();

function listNumericOperators(): NumericOperator[] {
  const list: NumericOperator[] = [];
  let code = 0x45;
  const group = (type: ValueType, names: string, arity: number, result: ValueType) => {
    for (const name of names.split(" ")) {
      list.push({ name: `${type}.${name}`, code: [code++], params: Array<ValueType>(arity).fill(type), result });
    }
  };
  const converting = (names: string, codeOf: () => readonly number[]) => {
    for (const name of names.split(" ")) {
      const result = name.slice(0, 3) as ValueType;
      const from = (name.match(/_([if](?:32|64))/)?.[1] ?? result) as ValueType;
      list.push({ name, code: codeOf(), params: [from], result });
    }
  };
  for (const type of ["i32", "i64"] as const) {
    group(type, integerTest, 1, "i32");
    group(type, integerComparisons, 2, "i32");
  }
  for (const type of ["f32", "f64"] as const) group(type, floatComparisons, 2, "i32");
  for (const type of ["i32", "i64"] as const) {
    group(type, integerUnary, 1, type);
    group(type, integerBinary, 2, type);
  }
  for (const type of ["f32", "f64"] as const) {
    group(type, floatUnary, 1, type);
    group(type, floatBinary, 2, type);
  }
  converting(conversions, () => [code++]);
  converting(signExtensions, () => [code++]);
  let second = 0;
  converting(saturating, () => [0xfc, second++]);
  return list;
}

/** Every load and store, in the order of their opcodes from 0x28 on. */
export const memoryOperators: readonly MemoryOperator[] = [
  "i32.load 4,i64.load 8,f32.load 4,f64.load 8,i32.load8_s 1,i32.load8_u 1,i32.load16_s 2,i32.load16_u 2",
  "i64.load8_s 1,i64.load8_u 1,i64.load16_s 2,i64.load16_u 2,i64.load32_s 4,i64.load32_u 4",
  "i32.store 4,i64.store 8,f32.store 4,f64.store 8,i32.store8 1,i32.store16 2",
  "i64.store8 1,i64.store16 2,i64.store32 4",
]
  .join(",")
  .split(",")
  .map((entry, index) => {
    const [name, bytes] = entry.split(" ");
    return {
      name,
      code: 0x28 + index,
      type: name.slice(0, 3) as ValueType,
      bytes: Number(bytes),
      store: name.includes("store"),
    };
  });
