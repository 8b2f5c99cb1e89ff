import type { Expression, FunctionIr, Statement } from "./types.js";
import { expressionsOf, operandsOf } from "./walk.js";

/**
 * Locals that may be read before anything is assigned to them, so that their initial zero can be seen
 * (core specification, section 4.4.11): only they need it written out.
 */
export function localsReadAsZero(ir: FunctionIr): Set<number> {
  const zero = new Set<number>();
  const assignedAt = new Map<number, Set<number>>();

  const read = (expression: Expression, assigned: ReadonlySet<number>): void => {
    if (expression.kind === "local" && !assigned.has(expression.index)) zero.add(expression.index);
    for (const operand of operandsOf(expression)) read(operand, assigned);
  };
  const meet = (label: number, assigned: ReadonlySet<number>): void => {
    const known = assignedAt.get(label);
    assignedAt.set(label, new Set([...assigned].filter((local) => !known || known.has(local))));
  };
  /** What is assigned at the end; undefined when the end can't be reached. */
  const follow = (list: readonly Statement[], before: ReadonlySet<number>): Set<number> | undefined => {
    let assigned: Set<number> | undefined = new Set(before);
    for (const statement of list) {
      for (const expression of expressionsOf(statement)) read(expression, assigned);
      switch (statement.kind) {
        case "set":
          assigned.add(statement.local);
          break;
        case "call":
          for (const local of statement.results) assigned.add(local);
          break;
        case "block": {
          const end = follow(statement.body, assigned);
          if (end) meet(statement.label, end);
          assigned = assignedAt.get(statement.label);
          break;
        }
        case "loop":
          assigned = follow(statement.body, assigned);
          break;
        case "if": {
          const ends = [follow(statement.then, assigned), follow(statement.else, assigned)];
          const [then, otherwise] = ends;
          assigned =
            then && otherwise ? new Set([...then].filter((local) => otherwise.has(local))) : (then ?? otherwise);
          break;
        }
        case "br":
          meet(statement.label, assigned);
          return undefined;
        case "br_table":
          for (const label of statement.targets) meet(label, assigned);
          return undefined;
        case "return":
        case "unreachable":
          return undefined;
      }
      if (!assigned) return undefined;
    }
    return assigned;
  };

  follow(ir.body, new Set(ir.params.keys()));
  return zero;
}
