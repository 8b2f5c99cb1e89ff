import {
  type AnyNode,
  type FunctionDeclaration,
  type MemberExpression,
  type Node,
  type ObjectExpression,
  parse,
  type Property,
  type SpreadElement,
} from "acorn";
import { base, recursive, simple } from "acorn-walk";
import { edited, withoutThose } from "./edits.js";

/*
 * A bundle is closed: properties whose names are ours alone are written and read in it and nowhere else, and never by a
 * computed name. So what is only written needn't be there, with all that it alone calls, and what is only read is
 * undefined. Minifiers find that out of variables, but not of properties.
 */

/**
 * Leaves out properties of object literals that nothing reads, and puts `undefined` for those that nothing writes.
 * @param code ES5, each variable and function with a name of its own
 * @param ours tells whether a property's name is ours alone; in quotes, none is
 */
export function closeProperties(code: string, ours: (name: string) => boolean): string {
  const program = parse(code, { ecmaVersion: 5 });
  const functions = functionsOf(program);
  const read = new Set<string>();
  const written = new Set<string>();
  const literals: ObjectExpression[] = [];
  const reads: MemberExpression[] = [];
  /** Values that are reached once their property is read, or functions once they are named. */
  const waiting = new Map<string, Node[]>();
  const queue: Node[] = [program];

  const wait = (key: string, node: Node) => waiting.set(key, [...(waiting.get(key) ?? []), node]);
  const release = (key: string) => {
    queue.push(...(waiting.get(key) ?? []));
    waiting.delete(key);
  };
  for (const [name, node] of functions) wait(name, node.body);

  while (queue.length > 0)
    recursive(
      queue.pop()!,
      undefined,
      {
        FunctionDeclaration: () => undefined,
        Identifier: ({ name }) => release(name),
        ObjectExpression: (node, _state, visit) => {
          literals.push(node);
          for (const property of node.properties) {
            const name = nameOf(property, ours);
            if (name === undefined || property.type !== "Property") visit(property, undefined);
            else {
              written.add(name);
              if (read.has(name) || !isIdle(property.value, functions)) visit(property.value, undefined);
              else wait(`.${name}`, property.value);
            }
          }
        },
        MemberExpression: (node, _state, visit) => {
          visit(node.object, undefined);
          if (node.computed) visit(node.property, undefined);
          const name = memberName(node, ours);
          if (name === undefined) return;
          reads.push(node);
          read.add(name);
          release(`.${name}`);
        },
        AssignmentExpression: (node, _state, visit) => {
          const name = node.left.type === "MemberExpression" ? memberName(node.left, ours) : undefined;
          if (name !== undefined) written.add(name);
          // Its value may be used, too, but not by that name.
          visit(
            name !== undefined && node.operator === "=" ? (node.left as MemberExpression).object : node.left,
            undefined,
          );
          visit(node.right, undefined);
        },
        UpdateExpression: (node, _state, visit) => {
          const name = node.argument.type === "MemberExpression" ? memberName(node.argument, ours) : undefined;
          if (name !== undefined) written.add(name);
          visit(node.argument, undefined);
        },
      },
      base,
    );

  const edits = literals.flatMap(({ properties }) =>
    withoutThose(properties, (property) => {
      const name = nameOf(property, ours);
      return name !== undefined && !read.has(name) && isIdle((property as Property).value, functions);
    }),
  );
  for (const node of reads)
    if (!written.has(memberName(node, ours)!) && node.object.type === "Identifier")
      edits.push({ start: node.start, end: node.end, text: "(void 0)" });
  return edits.length === 0 ? code : closeProperties(edited(code, edits), ours);
}

/** Function declarations by name. */
function functionsOf(program: Node): Map<string, FunctionDeclaration> {
  const functions = new Map<string, FunctionDeclaration>();
  simple(program, { FunctionDeclaration: (node) => void functions.set(node.id!.name, node as FunctionDeclaration) });
  return functions;
}

function nameOf(property: Property | SpreadElement, ours: (name: string) => boolean): string | undefined {
  if (property.type !== "Property" || property.kind !== "init" || property.key.type !== "Identifier") return undefined;
  return ours(property.key.name) ? property.key.name : undefined;
}

function memberName({ computed, property }: MemberExpression, ours: (name: string) => boolean): string | undefined {
  return !computed && property.type === "Identifier" && ours(property.name) ? property.name : undefined;
}

/** Whether nothing happens when an expression is evaluated. */
function isIdle(expression: Node, functions: ReadonlyMap<string, FunctionDeclaration>): boolean {
  const node = expression as AnyNode;
  switch (node.type) {
    case "FunctionExpression":
    case "Identifier":
    case "Literal":
      return true;
    case "UnaryExpression":
      return node.operator !== "delete" && isIdle(node.argument, functions);
    case "CallExpression":
      return (
        node.callee.type === "Identifier" &&
        onlyMakesFunction(functions.get(node.callee.name)) &&
        node.arguments.every((argument) => isIdle(argument, functions))
      );
    default:
      return false;
  }
}

/** `function make(…) { return function … }` */
function onlyMakesFunction(node: FunctionDeclaration | undefined): boolean {
  const [only, more] = node?.body.body ?? [];
  return only?.type === "ReturnStatement" && more === undefined && only.argument?.type === "FunctionExpression";
}
