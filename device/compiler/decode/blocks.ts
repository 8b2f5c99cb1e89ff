import type { Expression, Statement } from "../ir/types.js";
import type { Frame, FunctionState } from "./function-state.js";
import { type FunctionType, readValueType } from "./module.js";

/** Opens a block: what follows goes into its list. */
export function enter(
  state: FunctionState,
  kind: Frame["kind"],
  branchLocals: readonly number[],
  resultLocals: readonly number[],
  params: readonly Expression[],
  condition?: Expression,
): Frame {
  const frame: Frame = {
    kind,
    label: state.labels++,
    branchLocals,
    resultLocals,
    statements: [],
    height: state.stack.length,
    params,
    condition,
    reachable: true,
    targeted: false,
  };
  state.frames.push(frame);
  state.stack.push(...params);
  return frame;
}

function blockType(state: FunctionState): FunctionType {
  const at = state.reader.offset;
  const code = state.reader.s32();
  if (code >= 0) return state.module.types[code];
  if (code === -64) return { params: [], results: [] };
  state.reader.offset = at;
  return { params: [], results: [readValueType(state.reader)] };
}

/** `block`, `loop` or `if`. */
export function startBlock(state: FunctionState, kind: "block" | "loop" | "if"): void {
  const type = blockType(state);
  let condition = kind === "if" ? state.pop() : undefined;
  // What the block may change must not be pending across it, and a condition must be evaluated after what is pending.
  if (condition && state.stack.length > 0) {
    state.stack.push(condition);
    state.spillAll(state.stack.length - 1);
    condition = state.pop();
  } else {
    state.spillAll(state.stack.length);
  }
  let params: Expression[] = state.popMany(type.params.length);
  const results = type.results.map((result) => state.temporary(result));
  let branch = results;
  if (kind === "loop") {
    branch = type.params.map((param) => state.temporary(param));
    state.assign(branch, params);
    params = branch.map((index, at) => ({ kind: "local", type: type.params[at], index }));
  }
  enter(state, kind, branch, results, params, condition);
}

/** `else`. */
export function startElse(state: FunctionState): void {
  const frame = state.frames.pop() as Frame;
  leaveArm(state, frame);
  state.frames.push({
    ...frame,
    kind: "else",
    statements: [],
    then: frame.statements,
    reachable: true,
  });
  state.stack = state.stack.slice(0, frame.height);
  state.stack.push(...frame.params);
}

/** Assigns the results at the end of an arm. */
function leaveArm(state: FunctionState, frame: Frame): void {
  if (!frame.reachable) return;
  const values = state.popMany(frame.resultLocals.length);
  state.frames.push(frame);
  state.assign(frame.resultLocals, values);
  state.frames.pop();
}

/** `end`: closes the innermost block, which leaves its results in locals. */
export function endBlock(state: FunctionState): void {
  const frame = state.frame;
  if (frame.kind === "function") {
    if (frame.reachable) {
      const values = state.popMany(state.type.results.length);
      if (values.length > 0) frame.statements.push({ kind: "return", values });
    }
    state.frames.pop();
    return;
  }
  state.frames.pop();
  leaveArm(state, frame);
  state.stack = state.stack.slice(0, frame.height);
  const { kind, label, statements, condition } = frame;
  const outer = state.frame.statements;
  if (kind === "if" || kind === "else") {
    const then = kind === "if" ? statements : (frame.then as Statement[]);
    const otherwise: Statement[] = kind === "else" ? statements : [];
    if (kind === "if") {
      // Without an `else`, the parameters are the results.
      state.frames.push({ ...frame, statements: otherwise });
      state.assign(frame.resultLocals, frame.params);
      state.frames.pop();
    }
    const branch: Statement = { kind: "if", condition: condition as Expression, then, else: otherwise };
    outer.push(frame.targeted ? { kind: "block", label, body: [branch] } : branch);
  } else if (kind === "loop" && frame.targeted) {
    outer.push({ kind: "loop", label, body: statements });
  } else if (kind === "block" && frame.targeted) {
    outer.push({ kind: "block", label, body: statements });
  } else {
    outer.push(...statements);
  }
  const results = frame.resultLocals;
  state.stack.push(...results.map((index): Expression => ({ kind: "local", type: state.locals[index], index })));
  // Even when no path gets here, what follows is decoded: it's small, and later passes drop it.
}
