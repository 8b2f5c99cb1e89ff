import type { FunctionType } from "../compiler/decode/module.js";

/** A function's type as a person reads it: `(i32 i64) -> (i32)`. */
export function signature(type: Pick<FunctionType, "params" | "results">): string {
  return `(${type.params.join(" ")}) -> (${type.results.join(" ")})`;
}
