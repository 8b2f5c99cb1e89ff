import type { Expression, FunctionIr, Statement } from "../ir/types.js";
import { bodiesOf, walkStatements } from "../ir/walk.js";

/*
 * WebAssembly jumps forward to the end of any enclosing block; ECMAScript without labels has if/else, and `break` and
 * `continue` of the innermost loop. Before code is emitted, the tree is reshaped so that most jumps become the end of
 * an `if` or `else`:
 *
 * - `br_table` becomes a binary tree of comparisons;
 * - what follows a block moves into it, to the only jump that leads there: `block B { …br_if B…; X; br A } Y` is
 *   `if (…) Y else X`;
 * - a jump to something tiny (a return, another jump) becomes that thing.
 */

/** Reshapes a function's body; the function's locals may grow. */
export function restructure(ir: FunctionIr): Statement[] {
  return reshape(ir, ir.body);
}

function reshape(ir: FunctionIr, list: readonly Statement[]): Statement[] {
  let result: Statement[] = [];
  for (let at = list.length - 1; at >= 0; at--) {
    const statement = reshapeInside(ir, list[at]);
    if (leavesAlways([statement])) result = [];
    result = statement.kind === "block" ? joinBlock(statement.label, statement.body, result) : [statement, ...result];
  }
  return cut(result);
}

function reshapeInside(ir: FunctionIr, statement: Statement): Statement {
  switch (statement.kind) {
    case "block":
    case "loop":
      return { ...statement, body: reshape(ir, statement.body) };
    case "if":
      return { ...statement, then: reshape(ir, statement.then), else: reshape(ir, statement.else) };
    case "br_table":
      return { kind: "block", label: -1, body: decisionTree(ir, statement.index, statement.targets) };
    default:
      return statement;
  }
}

/** Drops what stands behind a statement that never falls through. */
function cut(list: Statement[]): Statement[] {
  const end = list.findIndex((statement) => leavesAlways([statement]));
  return end < 0 ? list : list.slice(0, end + 1);
}

/** Whether control never reaches the end of the list. */
export function leavesAlways(list: readonly Statement[]): boolean {
  const last = list[list.length - 1];
  if (!last) return false;
  switch (last.kind) {
    case "br":
    case "br_table":
    case "return":
    case "unreachable":
      return true;
    case "if":
      return leavesAlways(last.then) && leavesAlways(last.else);
    case "block":
      return leavesAlways(last.body) && countBranches(last.body, last.label) === 0;
    case "loop":
      return leavesAlways(last.body);
    default:
      return false;
  }
}

/** Branches to a label, in the list and everything inside it. */
export function countBranches(list: readonly Statement[], label: number): number {
  let count = 0;
  walkStatements(list, (statement) => {
    if (statement.kind === "br" && statement.label === label) count++;
    if (statement.kind === "br_table") count += statement.targets.filter((target) => target === label).length;
  });
  return count;
}

/** A block and what follows it, as one list. */
function joinBlock(label: number, body: Statement[], rest: Statement[]): Statement[] {
  const branches = countBranches(body, label);
  if (branches === 0) return leavesAlways(body) ? body : [...body, ...rest];
  if (rest.length > 0 && isTiny(rest)) {
    const direct = replaceBranches(body, label, rest);
    return leavesAlways(body) ? direct : [...direct, ...rest];
  }
  const only = branches === 1 && leavesAlways(body);
  if (rest.length > 0 && only && !insideLoop(body, label)) {
    const moved: Statement[] = leavesAlways(rest) ? rest : [...rest, { kind: "br", label }];
    const joined = replaceBranches(body, label, moved);
    return leavesAlways(rest) ? joined : [{ kind: "block", label, body: joined }];
  }
  return [{ kind: "block", label, body }, ...rest];
}

/** One or two statements that are shorter than what a jump to them would take. */
function isTiny(rest: readonly Statement[]): boolean {
  if (rest.length > 2 || !leavesAlways(rest)) return false;
  const atom = (expression: Expression) => expression.kind === "const" || expression.kind === "local";
  return rest.every((statement) => {
    switch (statement.kind) {
      case "br":
      case "unreachable":
        return true;
      case "set":
        return atom(statement.value);
      case "return":
        return statement.values.length < 2 && statement.values.every(atom);
      default:
        return false;
    }
  });
}

function insideLoop(list: readonly Statement[], label: number): boolean {
  let found = false;
  walkStatements(list, (statement, loops) => {
    if (statement.kind === "br" && statement.label === label && loops > 0) found = true;
  });
  return found;
}

/** The list with every branch to `label` replaced by `replacement`. */
function replaceBranches(list: readonly Statement[], label: number, replacement: readonly Statement[]): Statement[] {
  return list.flatMap((statement): Statement[] => {
    if (statement.kind === "br" && statement.label === label) return [...replacement];
    if (bodiesOf(statement).length === 0) return [statement];
    switch (statement.kind) {
      case "block":
      case "loop":
        return [{ ...statement, body: replaceBranches(statement.body, label, replacement) }];
      case "if":
        return [
          {
            ...statement,
            then: replaceBranches(statement.then, label, replacement),
            else: replaceBranches(statement.else, label, replacement),
          },
        ];
      default:
        return [statement];
    }
  });
}

/** Consecutive indices with the same target. */
interface Run {
  /** Its first index, as an int32. */
  readonly from: number;
  readonly label: number;
}

/** `br_table` as comparisons: an index below 0 or beyond the table goes to the last target. */
function decisionTree(ir: FunctionIr, index: Expression, targets: readonly number[]): Statement[] {
  const otherwise = targets[targets.length - 1];
  const runs: Run[] = [{ from: -2147483648, label: otherwise }];
  targets.forEach((label, from) => {
    if (runs[runs.length - 1].label !== label) runs.push({ from, label });
  });
  let selector = index;
  const before: Statement[] = [];
  if (index.kind !== "local") {
    const local = ir.locals.push("i32") - 1;
    before.push({ kind: "set", local, value: index });
    selector = { kind: "local", type: "i32", index: local };
  }
  return [...before, ...decide(selector, runs)];
}

function decide(selector: Expression, runs: readonly Run[]): Statement[] {
  if (runs.length === 1) return [{ kind: "br", label: runs[0].label }];
  const [first, second, third] = runs;
  if (runs.length === 3 && first.label === third.label && third.from - second.from === 1) {
    const isCase = compare(selector, "i32.eq", second.from);
    return [choose(isCase, [{ kind: "br", label: second.label }], [{ kind: "br", label: first.label }])];
  }
  const middle = runs.length >> 1;
  const below = compare(selector, "i32.lt_s", runs[middle].from);
  return [choose(below, decide(selector, runs.slice(0, middle)), decide(selector, runs.slice(middle)))];
}

function compare(selector: Expression, operator: string, value: number): Expression {
  return { kind: "binary", type: "i32", operator, left: selector, right: { kind: "const", type: "i32", value } };
}

function choose(condition: Expression, then: Statement[], otherwise: Statement[]): Statement {
  return { kind: "if", condition, then, else: otherwise };
}
