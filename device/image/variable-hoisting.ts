import { type AnyNode, type Node, parse, type Program } from "acorn";
import { ancestor } from "acorn-walk";

/*
 * On Espruino a variable exists once its `var` has been executed; before that its name means whatever an outer function
 * calls so, and assigning to it changes that. Minifiers trust in hoisting: they put `var` behind a `return`, or into one
 * of two loops.
 */

/** A variable of a function that may be used before its `var` is executed. */
export interface EarlyVariable {
  readonly name: string;
  /** Where the function's first statement begins. */
  readonly functionStart: number;
  /** Where its first use is. */
  readonly use: number;
}

interface Scope {
  readonly bodyStart: number;
  /** Of each variable: the innermost block around each `var`, and where that `var` is. */
  readonly declared: Map<string, { readonly block: Node; readonly at: number }[]>;
  readonly bound: Set<string>;
  /** Where it and the functions in it use its names. */
  readonly uses: Map<string, number[]>;
}

/** Finds the variables that rely on hoisting. Those of the script's own top level are left out. */
function earlyVariables(program: Program): EarlyVariable[] {
  const scopes = new Map<Node, Scope>();
  ancestor(program, {
    Function: (node) => {
      const body = node.body.type === "BlockStatement" ? node.body.start + 1 : node.body.start;
      const bound = new Set(
        node.params.flatMap((parameter) => (parameter.type === "Identifier" ? [parameter.name] : [])),
      );
      scopes.set(node, { bodyStart: body, declared: new Map(), bound, uses: new Map() });
    },
  });
  ancestor(program, {
    VariableDeclarator: (node, _state, ancestors) => {
      const scope = scopes.get(functionAround(ancestors));
      if (!scope || node.id.type !== "Identifier") return;
      const places = scope.declared.get(node.id.name) ?? [];
      scope.declared.set(node.id.name, [...places, { block: blockAround(ancestors), at: node.id.start }]);
    },
    FunctionDeclaration: (node, _state, ancestors) => {
      scopes.get(functionAround(ancestors.slice(0, -1)))?.bound.add(node.id!.name);
    },
  });
  ancestor(program, {
    Identifier: (node, _state, ancestors) => use(node.name, node.start, ancestors),
    AssignmentExpression: (node, _state, ancestors) => assigned(node.left, ancestors),
    UpdateExpression: (node, _state, ancestors) => assigned(node.argument, ancestors),
  });

  function assigned(target: AnyNode, ancestors: readonly Node[]): void {
    if (target.type === "Identifier") use(target.name, target.start, ancestors);
  }
  /** Gives it to the function whose name it is. */
  function use(name: string, at: number, ancestors: readonly Node[]): void {
    const owner = ancestors.findLast((node) => {
      const scope = scopes.get(node);
      return scope && (scope.bound.has(name) || scope.declared.has(name));
    });
    const uses = owner && scopes.get(owner)?.uses;
    if (uses) uses.set(name, [...(uses.get(name) ?? []), at]);
  }

  const early: EarlyVariable[] = [];
  for (const scope of scopes.values()) {
    for (const [name, places] of scope.declared) {
      if (scope.bound.has(name)) continue;
      const first = places[0];
      const outside = (scope.uses.get(name) ?? []).find(
        (at) => at < first.at || at > first.block.end || at < first.block.start,
      );
      if (outside !== undefined) early.push({ name, functionStart: scope.bodyStart, use: outside });
    }
  }
  return early;
}

/**
 * Declares early variables at the start of their functions. A later `var` then does no more than assign, and is left out
 * where it doesn't even that.
 */
export function declareEarlyVariables(code: string): string {
  const program = parse(code, { ecmaVersion: 5 });
  const byFunction = new Map<number, Set<string>>();
  for (const { name, functionStart } of earlyVariables(program))
    byFunction.set(functionStart, (byFunction.get(functionStart) ?? new Set()).add(name));
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  ancestor(program, {
    Function: ({ body }) => {
      const names = byFunction.get(body.start + 1);
      if (body.type !== "BlockStatement" || !names) return;
      const first = body.body[0];
      const joins = first.type === "VariableDeclaration";
      const at = joins ? first.declarations[0].start : first.start;
      edits.push({ start: at, end: at, text: joins ? `${[...names].join(",")},` : `var ${[...names].join(",")};` });
    },
    VariableDeclaration: (node, _state, ancestors) => {
      const around = functionAround(ancestors) as AnyNode;
      const names = "body" in around && byFunction.get((around.body as Node).start + 1);
      const first = "body" in around && (around.body as { body?: Node[] }).body?.[0] === node;
      const idle = node.declarations.every(
        ({ id, init }) => id.type === "Identifier" && !init && names && names.has(id.name),
      );
      if (!idle || first || ancestors.at(-2)?.type !== "BlockStatement") return;
      // At a block's end the semicolon before it goes, too, unless that is a loop's empty body.
      const last = code[node.end] === "}" && /[^){};];$/.test(code.slice(node.start - 2, node.start));
      edits.push({ start: last ? node.start - 1 : node.start, end: node.end, text: "" });
    },
  });
  let text = code;
  for (const { start, end, text: inserted } of edits.sort((a, b) => b.start - a.start))
    text = `${text.slice(0, start)}${inserted}${text.slice(end)}`;
  return text;
}

function functionAround(ancestors: readonly Node[]): Node {
  return ancestors.findLast((node) => /^Function/.test(node.type)) ?? ancestors[0];
}

/** The innermost statement that may not be executed, or may be executed later than what stands behind it. */
function blockAround(ancestors: readonly Node[]): Node {
  const inner = ancestors.findLastIndex((node, index) => {
    if (/^Function/.test(node.type)) return true;
    const parent = ancestors[index - 1] as AnyNode | undefined;
    if (!parent) return true;
    // The start of a `for` is executed whenever the loop is reached.
    const conditional = /^(If|While|DoWhile|For|ForIn|Switch|Try|Labeled)Statement$/.test(parent.type);
    return conditional && !("init" in parent && parent.init === node) && node.type !== "CatchClause";
  });
  return ancestors[Math.max(inner, 0)];
}
