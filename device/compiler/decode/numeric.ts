import { effectsOf } from "../ir/effects.js";
import type { FunctionState } from "./function-state.js";
import type { ValueType } from "./module.js";

/** `select`, with or without a type. */
export function select(state: FunctionState): void {
  const condition = state.pop();
  const [whenTrue, whenFalse] = state.popMany(2);
  const arms = [whenTrue, whenFalse];
  // Engines evaluate the condition first and one arm only: fine unless somebody can see it.
  const visible = arms.some((arm) => effectsOf(arm).calls || effectsOf(arm).traps);
  const clash = effectsOf(condition).calls && arms.some((arm) => effectsOf(arm).state);
  if (visible || clash) {
    state.stack.push(whenTrue, whenFalse);
    const top = state.stack.length;
    state.spillWhere((pending) => pending === whenTrue || pending === whenFalse);
    arms[0] = state.stack[top - 2];
    arms[1] = state.stack[top - 1];
    state.popMany(2);
  }
  state.push({ kind: "select", type: whenTrue.type, condition, whenTrue: arms[0], whenFalse: arms[1] });
}

/** An operation on one or two numbers. */
export function numeric(state: FunctionState, operator: string, operands: number, type: ValueType): void {
  if (operands === 1) {
    const operand = state.pop();
    return state.push({ kind: "unary", type, operator, operand });
  }
  const [left, right] = state.popMany(2);
  // `memory.size << 16` and `* 65536` are how allocators ask where memory ends (see memory/).
  if (left.kind === "memory.size" && right.kind === "const") {
    const bytes = (operator === "i32.shl" && right.value === 16) || (operator === "i32.mul" && right.value === 65536);
    if (bytes) return state.push({ kind: "memory.bytes", type: "i32" });
  }
  state.push({ kind: "binary", type, operator, left, right });
}
