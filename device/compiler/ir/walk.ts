import type { Expression, Statement } from "./types.js";

/** The trees directly below a tree, left to right. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "unary":
    case "ref.is_null":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "load":
      return [expression.address];
    case "select":
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    case "call":
      return expression.target.kind === "indirect"
        ? [...expression.operands, expression.target.index]
        : expression.operands;
    case "memory.grow":
      return [expression.pages];
    case "table.get":
      return [expression.index];
    case "table.grow":
      return [expression.value, expression.delta];
    default:
      return [];
  }
}

/** The trees that a statement evaluates itself, in order; not those of the statements inside it. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "set":
    case "set global":
    case "drop":
      return [statement.value];
    case "store":
      return [statement.address, statement.value];
    case "call":
      return [statement.call];
    case "if":
      return [statement.condition];
    case "br_table":
      return [statement.index];
    case "return":
      return statement.values;
    case "bulk":
      return statement.operands;
    default:
      return [];
  }
}

/** The lists of statements inside a statement. */
export function bodiesOf(statement: Statement): readonly Statement[][] {
  switch (statement.kind) {
    case "block":
    case "loop":
      return [statement.body];
    case "if":
      return [statement.then, statement.else];
    default:
      return [];
  }
}

/** Visits every statement, outer ones first, with the number of loops around it. */
export function walkStatements(
  statements: readonly Statement[],
  visit: (statement: Statement, loops: number) => void,
  loops = 0,
): void {
  for (const statement of statements) {
    visit(statement, loops);
    for (const body of bodiesOf(statement)) walkStatements(body, visit, loops + (statement.kind === "loop" ? 1 : 0));
  }
}

/** Visits every tree and the trees below it. */
export function walkExpressions(
  statements: readonly Statement[],
  visit: (expression: Expression, loops: number) => void,
): void {
  const descend = (expression: Expression, loops: number) => {
    visit(expression, loops);
    for (const operand of operandsOf(expression)) descend(operand, loops);
  };
  walkStatements(statements, (statement, loops) => {
    for (const expression of expressionsOf(statement)) descend(expression, loops);
  });
}
