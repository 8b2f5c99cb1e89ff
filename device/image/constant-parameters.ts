import { type CallExpression, type FunctionDeclaration, type Identifier, type Node, parse } from "acorn";
import { ancestor, simple } from "acorn-walk";
import { assignedIn, constantsOf } from "./constants.js";
import { type Edit, edited, withoutThose } from "./edits.js";

/*
 * Each WASI call is handed its guest, so that a board can run several; where a bundle has one, it is the same variable at
 * every call. Minifiers see through a function's parameters only where it is called once.
 */

/** A function's parameter that might be the same variable at each call. */
interface Candidate {
  readonly declaration: FunctionDeclaration;
  /** The calls of the function; of `f.bind(undefined, first)` the latter. */
  readonly calls: CallExpression[];
}

/**
 * Takes first parameters out of functions that get the same variable of the script's own at every call, from
 * `f.bind(undefined, it)`, too, which is then `f`.
 * @param code ES5, a function around all of it, each variable and function with a name of its own
 */
export function dropConstantParameters(code: string): string {
  const program = parse(code, { ecmaVersion: 5 });
  const candidates = candidatesOf(program);
  const constants = constantsOf(program);
  /** What each function's first parameter is: a variable's name. */
  const meanings = new Map<string, string>();
  const functionOf = new Map<string, string>();
  for (const [name, { declaration }] of candidates) functionOf.set((declaration.params[0] as Identifier).name, name);

  // All are taken for constant that get a constant somewhere, until they turn out to get something else, too.
  const given = (call: CallExpression): string | undefined => {
    const argument = call.arguments[isBind(call) ? 1 : 0];
    return argument?.type === "Identifier" ? argument.name : undefined;
  };
  const meant = (name: string | undefined): string | undefined => {
    if (name === undefined) return undefined;
    const owner = functionOf.get(name);
    return owner === undefined ? (constants.has(name) ? name : undefined) : meanings.get(owner);
  };
  for (let grown = true; grown;) {
    grown = false;
    for (const [name, { calls }] of candidates) {
      const found = calls.map((call) => meant(given(call))).find((meaning) => meaning !== undefined);
      if (found === undefined || meanings.has(name)) continue;
      meanings.set(name, found);
      grown = true;
    }
  }
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    for (const [name, meaning] of meanings) {
      if (candidates.get(name)!.calls.every((call) => meant(given(call)) === meaning)) continue;
      meanings.delete(name);
      shrunk = true;
    }
  }

  const edits: Edit[] = [];
  const renamed = new Map<string, string>();
  for (const [name, meaning] of meanings) {
    const { declaration, calls } = candidates.get(name)!;
    renamed.set((declaration.params[0] as Identifier).name, meaning);
    edits.push(...withoutThose(declaration.params, (parameter) => parameter === declaration.params[0]));
    for (const call of calls)
      if (isBind(call)) edits.push({ start: call.start, end: call.end, text: name });
      else edits.push(...withoutThose(call.arguments, (argument) => argument === call.arguments[0]));
  }
  simple(program, {
    Identifier: ({ name, start, end }) => {
      const text = renamed.get(name);
      if (text !== undefined) edits.push({ start, end, text });
    },
  });
  return edited(code, edits);
}

/** Functions with a first parameter that is never assigned to, and that are called by name and do nothing else. */
function candidatesOf(program: Node): Map<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  simple(program, {
    FunctionDeclaration: (node) => {
      if (node.params[0]?.type === "Identifier")
        candidates.set(node.id!.name, { declaration: node as FunctionDeclaration, calls: [] });
    },
  });
  ancestor(program, {
    Identifier: (node, _state, ancestors) => {
      const candidate = candidates.get(node.name);
      if (!candidate) return;
      const call = callOf(node, ancestors);
      if (call) candidate.calls.push(call);
      else candidates.delete(node.name);
    },
  });
  const assigned = assignedIn(program);
  for (const [name, { declaration }] of candidates)
    if (assigned.has(name) || assigned.has((declaration.params[0] as Identifier).name)) candidates.delete(name);
  return candidates;
}

/** The call of a function that is named there: `f(…)` or `f.bind(undefined, …)`. */
function callOf(name: Identifier, ancestors: readonly Node[]): CallExpression | undefined {
  const [outer, parent] = ancestors.slice(-3) as [Node, Node];
  const direct = parent as CallExpression;
  if (direct.type === "CallExpression" && direct.callee === name) return direct;
  const bound = outer as CallExpression;
  return bound.type === "CallExpression" && bound.callee === parent && isBind(bound) ? bound : undefined;
}

/** `….bind(undefined, first)` */
function isBind({ callee, arguments: given }: CallExpression): boolean {
  return (
    callee.type === "MemberExpression" &&
    !callee.computed &&
    callee.property.type === "Identifier" &&
    callee.property.name === "bind" &&
    given.length === 2
  );
}
