import type { FunctionDeclaration, Identifier, Node, VariableDeclarator } from "acorn";
import { ancestor, simple } from "acorn-walk";

/** Variables and functions of the outermost function that are declared once and never assigned to, by name. */
export function constantsOf(program: Node): Map<string, VariableDeclarator | FunctionDeclaration> {
  const constants = new Map<string, VariableDeclarator | FunctionDeclaration>();
  const isDeep = (ancestors: readonly Node[]) => ancestors.filter(({ type }) => /^Function/.test(type)).length > 1;
  ancestor(program, {
    FunctionDeclaration: (node, _state, ancestors) => {
      if (!isDeep(ancestors.slice(0, -1))) constants.set(node.id!.name, node as FunctionDeclaration);
    },
    VariableDeclarator: (node, _state, ancestors) => {
      if (!isDeep(ancestors) && node.id.type === "Identifier" && node.init) constants.set(node.id.name, node);
    },
  });
  for (const name of assignedIn(program)) constants.delete(name);
  return constants;
}

/** Names of what is assigned to. */
export function assignedIn(program: Node): Set<string> {
  const assigned = new Set<string>();
  const add = (target: Node) => {
    if (target.type === "Identifier") assigned.add((target as Identifier).name);
  };
  simple(program, {
    AssignmentExpression: ({ left }) => add(left),
    UpdateExpression: ({ argument }) => add(argument),
    ForInStatement: ({ left }) => add(left),
  });
  return assigned;
}
