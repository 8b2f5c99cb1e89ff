import type { ValueType } from "../decode/module.js";
import type { Value } from "./engine.js";

const view = new DataView(new ArrayBuffer(8));

/** Bits of a number or bigint as JavaScript's WebAssembly interface would hand it over. */
export function toBits(type: "i32" | "i64" | "f32" | "f64", value: number | bigint): bigint {
  switch (type) {
    case "i32":
      return BigInt(Number(value) >>> 0);
    case "i64":
      return BigInt.asUintN(64, BigInt(value));
    case "f32":
      view.setFloat32(0, Number(value));
      return BigInt(view.getUint32(0));
    case "f64":
      view.setFloat64(0, Number(value));
      return view.getBigUint64(0);
  }
}

/** The other way round. A NaN's payload may be lost in the number. */
export function fromBits(type: "i32" | "i64" | "f32" | "f64", bits: bigint): number | bigint {
  switch (type) {
    case "i32":
      return Number(BigInt.asIntN(32, bits));
    case "i64":
      return BigInt.asIntN(64, bits);
    case "f32":
      view.setUint32(0, Number(bits));
      return view.getFloat32(0);
    case "f64":
      view.setBigUint64(0, bits);
      return view.getFloat64(0);
  }
}

/** A numeric value of the given type. */
export function numeric(type: "i32" | "i64" | "f32" | "f64", value: number | bigint): Value {
  return { type, bits: toBits(type, value) };
}

/** Whether the bits are those of a NaN, of any payload. */
export function isNaNBits(type: "f32" | "f64", bits: bigint): boolean {
  return type === "f32" ? (bits & 0x7fffffffn) > 0x7f800000n : (bits & 0x7fffffffffffffffn) > 0x7ff0000000000000n;
}

/** Whether the bits are a canonical NaN (core specification, section 2.2.3): only the top payload bit set, any sign. */
export function isCanonicalNaN(type: "f32" | "f64", bits: bigint): boolean {
  return type === "f32" ? (bits & 0x7fffffffn) === 0x7fc00000n : (bits & 0x7fffffffffffffffn) === 0x7ff8000000000000n;
}

/** Whether the bits are an arithmetic NaN: at least the top payload bit set. */
export function isArithmeticNaN(type: "f32" | "f64", bits: bigint): boolean {
  return type === "f32" ? (bits & 0x7fc00000n) === 0x7fc00000n : (bits & 0x7ff8000000000000n) === 0x7ff8000000000000n;
}

/** `i32:0000002a`, and `f64:7ff8000000000000(NaN)` with the number behind the bits of a float. */
export function formatValue(value: Value): string {
  if (!("bits" in value)) return `${value.type}:${value.reference === null ? "null" : "non-null"}`;
  const digits = value.type === "i32" || value.type === "f32" ? 8 : 16;
  const hexadecimal = `${value.type}:${value.bits.toString(16).padStart(digits, "0")}`;
  return value.type === "f32" || value.type === "f64"
    ? `${hexadecimal}(${String(fromBits(value.type, value.bits))})`
    : hexadecimal;
}

/** The default value of a type: zero or null. */
export function zero(type: ValueType): Value {
  return type === "funcref" || type === "externref" ? { type, reference: null } : { type, bits: 0n };
}
