import type { FunctionType, ValueType } from "../decode/module.js";
import type { Instruction } from "./encode.js";

export type NumberType = "i32" | "i64" | "f32" | "f64";
export const NUMBER_TYPES: readonly NumberType[] = ["i32", "i64", "f32", "f64"];

/** An instruction with its operands. */
export function make(
  op: string,
  operands: Instruction[],
  results: readonly ValueType[] = [],
  immediates: Partial<Instruction> = {},
): Instruction {
  return { op, operands, results: [...results], ...immediates };
}

/** Whether two functions have the same parameters and results, as an indirect call asks. */
export function sameType(a: FunctionType, b: FunctionType): boolean {
  return a.params.join() === b.params.join() && a.results.join() === b.results.join();
}

/** A constant by its bits. */
export function constant(type: NumberType, value: bigint): Instruction {
  return make(`${type}.const`, [], [type], { value });
}

/** A `block` or `loop` without parameters. */
export function block(
  op: "block" | "loop",
  label: number,
  results: readonly ValueType[],
  body: Instruction[],
): Instruction {
  return make(op, [], results, { label, type: { params: [], results }, body });
}

/** An `if` without results. */
export function conditional(operands: Instruction[], body: Instruction[], otherwise?: Instruction[]): Instruction {
  return make("if", operands, [], { label: -3, type: { params: [], results: [] }, body, otherwise });
}
