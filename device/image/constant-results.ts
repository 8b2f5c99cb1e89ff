import {
  type BlockStatement,
  type CallExpression,
  type FunctionDeclaration,
  type MemberExpression,
  parse,
  type Program,
  type Statement,
  type VariableDeclaration,
} from "acorn";
import { ancestor, simple } from "acorn-walk";
import { constantsOf } from "./constants.js";
import { edited } from "./edits.js";

/*
 * A port makes objects with functions around variables, so that there can be several. Where there is one, its variables
 * may as well be the script's, and then its properties, too (`spreadConstantObjects`).
 */

/**
 * Writes a function's statements in place of its only call, where what it returns goes to a variable of the script's own
 * of which only properties are used.
 * @param code ES5, a function around all of it, each variable and function with a name of its own
 */
export function flattenConstantResults(code: string): string {
  const program = parse(code, { ecmaVersion: 5 });
  const constants = constantsOf(program);
  const named = namesUsed(program);
  for (const [name, node] of constants) {
    if (node.type !== "VariableDeclarator" || !named.get(name)?.every((use) => use === "property")) continue;
    const call = node.init as CallExpression;
    if (call.type !== "CallExpression" || call.callee.type !== "Identifier") continue;
    const made = constants.get(call.callee.name);
    const around = statementAround(program, node.start);
    if (made?.type !== "FunctionDeclaration" || named.get(call.callee.name)?.length !== 1 || !around) continue;
    const statements = statementsOf(code, made, call, name);
    if (statements === undefined) continue;
    return flattenConstantResults(
      edited(code, [
        { start: made.start, end: made.end, text: "" },
        { start: around.start, end: around.end, text: statements },
      ]),
    );
  }
  return code;
}

/** How each name is used, but for where it is declared. */
function namesUsed(program: Program): Map<string, ("property" | "otherwise")[]> {
  const names = new Map<string, ("property" | "otherwise")[]>();
  ancestor(program, {
    Identifier: (node, _state, ancestors) => {
      const member = ancestors.at(-2) as MemberExpression;
      const isProperty = member.type === "MemberExpression" && member.object === node && !member.computed;
      names.set(node.name, [...(names.get(node.name) ?? []), isProperty ? "property" : "otherwise"]);
    },
  });
  return names;
}

/** The declaration at a place, where it stands by itself and declares nothing else. */
function statementAround(program: Program, place: number): VariableDeclaration | undefined {
  let found: VariableDeclaration | undefined;
  const look = ({ body }: { body: readonly Statement[] }) => {
    for (const statement of body)
      if (statement.type === "VariableDeclaration" && statement.declarations[0].start === place) found = statement;
  };
  simple(program, { BlockStatement: (node) => look(node as BlockStatement) });
  return found?.declarations.length === 1 ? found : undefined;
}

/** A function's statements, where it returns at its end only; what it returns goes to `result`. */
function statementsOf(
  code: string,
  { params, body }: FunctionDeclaration,
  call: CallExpression,
  result: string,
): string | undefined {
  const last = body.body.at(-1);
  if (last?.type !== "ReturnStatement" || !last.argument || returnsIn(body) !== 1) return undefined;
  const text = ({ start, end }: { start: number; end: number }) => code.slice(start, end);
  const given = call.arguments.map((argument, index) =>
    index < params.length ? `var ${text(params[index])}=${text(argument)};` : `${text(argument)};`,
  );
  const missing = params.slice(given.length).map((parameter) => `var ${text(parameter)};`);
  const before = code.slice(body.start + 1, last.start);
  return `${given.join("")}${missing.join("")}${before}var ${result}=${text(last.argument)};`;
}

/** How many `return`s a function has, not counting those of functions in it. */
function returnsIn(body: BlockStatement): number {
  let count = 0;
  ancestor(body, {
    ReturnStatement: (_node, _state, ancestors) => {
      if (!ancestors.some(({ type }) => /^Function/.test(type))) count++;
    },
  });
  return count;
}
