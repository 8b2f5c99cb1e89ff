import type { Identifier, Node, VariableDeclarator } from "acorn";
import { ancestor, simple } from "acorn-walk";

/** Variables of the outermost function that are declared once and never assigned to. */
export function constantsOf(program: Node): Map<string, VariableDeclarator> {
  const constants = new Map<string, VariableDeclarator>();
  ancestor(program, {
    VariableDeclarator: (node, _state, ancestors) => {
      const depth = ancestors.filter(({ type }) => /^Function/.test(type)).length;
      if (depth === 1 && node.id.type === "Identifier" && node.init) constants.set(node.id.name, node);
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
