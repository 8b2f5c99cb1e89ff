import { type CallExpression, type FunctionDeclaration, type Identifier, type Node, parse } from "acorn";
import { ancestor, simple } from "acorn-walk";
import { assignedIn, constantsOf } from "./constants.js";
import { type Edit, edited, withoutThose } from "./edits.js";

/*
 * Each WASI call is handed its guest, so that a board can run several; where a bundle has one, it is the same variable at
 * every call. Minifiers see through a function's parameters only where it is called once.
 */

/** A parameter that might be the same constant at each call. */
interface Candidate {
  readonly declaration: FunctionDeclaration;
  readonly name: string;
  readonly position: number;
}

/**
 * Takes parameters out of functions that get the same constant at every call: a variable or function of the script's own.
 * A function of which `f.bind(undefined, constant)` is taken is then just `f`.
 * @param code ES5, a function around all of it, each variable and function with a name of its own
 */
export function dropConstantParameters(code: string): string {
  const program = parse(code, { ecmaVersion: 5 });
  const constants = constantsOf(program);
  const functions = calledFunctions(program);
  const assigned = assignedIn(program);
  const candidates = new Map<string, Candidate>();
  for (const { declaration } of functions.values())
    declaration.params.forEach((parameter, position) => {
      if (parameter.type === "Identifier" && !assigned.has(parameter.name))
        candidates.set(parameter.name, { declaration, name: parameter.name, position });
    });

  /** What each parameter stands for: a constant's name. */
  const meanings = new Map<string, string>();
  /** What it gets at each call: a constant's name, or undefined for anything else, and what isn't known yet. */
  const given = ({ declaration, position }: Candidate) =>
    functions.get(declaration.id!.name)!.calls.map((call) => {
      const argument = argumentsOf(call)[position];
      if (argument?.type !== "Identifier") return undefined;
      return constants.has(argument.name) ? argument.name : meanings.get(argument.name);
    });
  // All are taken for constant that get a constant somewhere, until they turn out to get something else, too.
  for (let grown = true; grown;) {
    grown = false;
    for (const candidate of candidates.values()) {
      const found = given(candidate).find((meaning) => meaning !== undefined);
      if (found === undefined || meanings.has(candidate.name)) continue;
      meanings.set(candidate.name, found);
      grown = true;
    }
  }
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    for (const [name, meaning] of meanings) {
      if (given(candidates.get(name)!).every((other) => other === meaning)) continue;
      meanings.delete(name);
      shrunk = true;
    }
  }

  const edits: Edit[] = [];
  for (const { declaration, calls } of functions.values()) {
    const constant = declaration.params.map((parameter) => meanings.has((parameter as Identifier).name));
    if (!constant.includes(true)) continue;
    edits.push(...withoutThose(declaration.params, (parameter) => constant[declaration.params.indexOf(parameter)]));
    for (const call of calls) {
      const [list, all] = [argumentsOf(call), isBind(call)];
      if (!all) edits.push(...withoutThose(list, (argument) => constant[list.indexOf(argument)]));
      else if (constant[0]) edits.push({ start: call.start, end: call.end, text: declaration.id!.name });
    }
  }
  simple(program, {
    Identifier: ({ name, start, end }) => {
      const text = meanings.get(name);
      if (text !== undefined) edits.push({ start, end, text });
    },
  });
  return edited(code, edits);
}

/** A call's arguments; of `f.bind(undefined, first)` those that are known. */
function argumentsOf(call: CallExpression): CallExpression["arguments"] {
  return isBind(call) ? call.arguments.slice(1) : call.arguments;
}

/** Functions that are called by name, or bound, and do nothing else: none is replaced. */
function calledFunctions(program: Node): Map<string, { declaration: FunctionDeclaration; calls: CallExpression[] }> {
  const functions = new Map<string, { declaration: FunctionDeclaration; calls: CallExpression[] }>();
  simple(program, {
    FunctionDeclaration: (node) =>
      void functions.set(node.id!.name, { declaration: node as FunctionDeclaration, calls: [] }),
  });
  ancestor(program, {
    Identifier: (node, _state, ancestors) => {
      const found = functions.get(node.name);
      if (!found) return;
      const call = callOf(node, ancestors);
      if (call) found.calls.push(call);
      else functions.delete(node.name);
    },
  });
  for (const name of assignedIn(program)) functions.delete(name);
  return functions;
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
