import { combineEffects, effectsOf } from "../ir/effects.js";
import type { Expression, Statement } from "../ir/types.js";
import { ModuleError } from "./errors.js";
import type { Frame, FunctionState } from "./function-state.js";
import { skipImmediates } from "./skip.js";

/** The open block that a branch of some depth leads to. */
export function targetAt(state: FunctionState, depth: number): Frame {
  const frame = state.frames[state.frames.length - 1 - depth];
  if (!frame) throw new ModuleError("unknown label", state.reader.offset);
  frame.targeted = true;
  return frame;
}

/** How many values a branch to it takes along. */
export function arityOf(state: FunctionState, target: Frame): number {
  return target.kind === "function" ? state.type.results.length : target.branchLocals.length;
}

/** The statements of a branch whose values are on top of the stack. */
export function branchTo(state: FunctionState, target: Frame, values: readonly Expression[]): void {
  if (target.kind === "function") {
    state.frame.statements.push({ kind: "return", values });
    return;
  }
  state.assign(target.branchLocals, values);
  state.frame.statements.push({ kind: "br", label: target.label });
}

/** `br_if`. */
export function brIf(state: FunctionState): void {
  const target = targetAt(state, state.reader.u32());
  let condition = state.pop();
  const arity = arityOf(state, target);
  state.stack.push(condition);
  settle(state, state.stack.length - 1 - arity, state.stack.length - 1);
  spillBelowCondition(state);
  condition = state.pop();
  const values = state.stack.slice(state.stack.length - arity);
  const then = state.collect(() => branchTo(state, target, values));
  state.frame.statements.push({ kind: "if", condition, then, else: [] });
}

/** Makes values that are needed on both ways of a branch cheap to read twice. */
function settle(state: FunctionState, from: number, to: number): void {
  let needed = false;
  for (let position = from; position < to; position++) {
    const { kind } = state.stack[position];
    if (kind !== "const" && kind !== "local") needed = true;
  }
  if (!needed) return;
  for (let position = 0; position < to; position++) {
    const pending = state.stack[position];
    const effects = effectsOf(pending);
    const wanted = position >= from && pending.kind !== "const" && pending.kind !== "local";
    if (wanted || effects.state || effects.traps || effects.calls) state.stack[position] = state.toTemporary(pending);
  }
}

/** Evaluates what is pending below the condition on top, where the order can be seen. */
function spillBelowCondition(state: FunctionState): void {
  const condition = state.pop();
  const effects = effectsOf(condition);
  state.spillWhere((pending) => {
    const below = effectsOf(pending);
    return below.calls || below.traps || (effects.calls && below.state);
  });
  state.stack.push(condition);
}

/** Dropped values below a branch must still have their effects. */
export function spillForLeaving(state: FunctionState, values: readonly Expression[]): void {
  const effects = combineEffects(values);
  state.spillWhere((pending) => {
    const below = effectsOf(pending);
    return below.calls || below.traps || (effects.calls && below.state);
  });
}

/** `br_table`. */
export function brTable(state: FunctionState): void {
  const depths = state.reader.vector(() => state.reader.u32());
  depths.push(state.reader.u32());
  const targets = depths.map((depth) => targetAt(state, depth));
  const arity = arityOf(state, targets[targets.length - 1]);
  const top = state.stack.length - 1;
  if (arity > 0) settle(state, top - arity, top);
  spillBelowCondition(state);
  const index = state.pop();
  const values = state.popMany(arity);
  const plain = targets.every((target) => target.kind !== "function" && target.branchLocals.length === 0);
  if (plain) {
    state.frame.statements.push({ kind: "br_table", index, targets: targets.map((target) => target.label) });
  } else {
    brTableWithValues(state, index, targets, values);
  }
  skipRest(state);
}

/** A br_table that assigns on its way: each distinct target gets a landing block of its own. */
function brTableWithValues(
  state: FunctionState,
  index: Expression,
  targets: readonly Frame[],
  values: readonly Expression[],
): void {
  const distinct = [...new Set(targets)];
  const landings = distinct.map(() => state.labels++);
  let body: Statement[] = [
    { kind: "br_table", index, targets: targets.map((target) => landings[distinct.indexOf(target)]) },
  ];
  distinct.forEach((target, at) => {
    const landed = state.collect(() => branchTo(state, target, values));
    body = [{ kind: "block", label: landings[at], body }, ...landed];
  });
  state.frame.statements.push(...body);
}

/** The rest of the block can't be reached: skips to its `else` or `end`. */
export function skipRest(state: FunctionState): void {
  const frame = state.frame;
  frame.reachable = false;
  state.stack = state.stack.slice(0, frame.height);
  let depth = 0;
  for (;;) {
    const at = state.reader.offset;
    const opcode = state.reader.byte();
    if (opcode === 0x0b || (opcode === 0x05 && depth === 0)) {
      if (depth === 0) {
        state.reader.offset = at;
        return;
      }
      depth--;
    } else if (opcode === 0x02 || opcode === 0x03 || opcode === 0x04) {
      state.reader.s32();
      depth++;
    } else {
      skipImmediates(state, opcode, at);
    }
  }
}
