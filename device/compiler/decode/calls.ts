import { combineEffects, effectsOf, type Effects } from "../ir/effects.js";
import type { CallExpression, Expression } from "../ir/types.js";
import type { FunctionState } from "./function-state.js";
import type { FunctionType } from "./module.js";

/** A call: its value nests in trees unless there are several, it is an i64, or the guest may be suspended in it. */
export function call(
  state: FunctionState,
  target: CallExpression["target"],
  type: FunctionType,
  suspends: boolean,
): void {
  let operands = state.popMany(type.params.length);
  // An indirect call looks its function up first, yet operands come before its traps.
  if (target.kind === "indirect" && changesOrTraps(combineEffects(operands))) {
    state.stack.push(...operands);
    state.spillWhere((pending) => operands.includes(pending) && changesOrTraps(effectsOf(pending)));
    operands = state.popMany(type.params.length);
  }
  // Finding back into a call that was left makes it once more, with operands that nobody looks at.
  if (suspends && operands.some((operand) => effectsOf(operand).once)) {
    state.stack.push(...operands);
    state.spillWhere((pending) => operands.includes(pending) && effectsOf(pending).once);
    operands = state.popMany(type.params.length);
  }
  const call: CallExpression = { kind: "call", type: type.results[0] ?? "i32", target, operands };
  const single = type.results.length === 1 && type.results[0] !== "i64" && !suspends;
  if (single) {
    state.push(call);
    return;
  }
  const results = type.results.map((result) => state.temporary(result));
  state.emit({ kind: "call", call, results }, effectsOf(call), { state: true });
  state.stack.push(...results.map((index): Expression => ({ kind: "local", type: state.locals[index], index })));
}

/**
 * The index of an indirect call is evaluated after the operands in WebAssembly, but before them in an engine that
 * writes `table[index](operands)`: keeps that order from being seen.
 */
export function indexAfterOperands(state: FunctionState, index: Expression): Expression {
  const effects = effectsOf(index);
  if (!effects.calls && !effects.traps && !effects.state) return index;
  state.stack.push(index);
  state.spillWhere((pending) => pending === index);
  return state.pop();
}

function changesOrTraps({ traps, calls }: Effects): boolean {
  return traps || calls;
}
