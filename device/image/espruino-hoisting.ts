import type * as acorn from "acorn";
import { ancestor } from "acorn-walk";

/**
 * Uses of functions that JavaScript hoists, at places that run before the declaration does.
 * A use inside another function counts as late unless that function is called where it stands.
 */
export function usesBeforeDefinition(program: acorn.Program): { readonly name: string; readonly start: number }[] {
  const found: { name: string; start: number }[] = [];
  /** Of each scope, its function declarations by name. */
  const declared = new Map<acorn.Node, Map<string, acorn.Node>>();
  /** Of each scope, all names that it binds. */
  const bound = new Map<acorn.Node, Set<string>>();
  const bind = (scope: acorn.Node, name: string): void => {
    if (!bound.has(scope)) bound.set(scope, new Set());
    bound.get(scope)!.add(name);
  };
  const name = (node: acorn.AnyNode | null | undefined): string | undefined =>
    node?.type === "Identifier" ? node.name : undefined;

  ancestor(program, {
    Function: (node, _state, ancestors) => {
      for (const parameter of node.params) bind(node, name(parameter)!);
      const own = name(node.id);
      if (own === undefined) return;
      if (node.type !== "FunctionDeclaration") {
        bind(node, own);
        return;
      }
      const scope = scopeOf(ancestors.slice(0, -1));
      bind(scope, own);
      if (!declared.has(scope)) declared.set(scope, new Map());
      declared.get(scope)!.set(own, node);
    },
    VariableDeclarator: (node, _state, ancestors) => {
      const own = name(node.id);
      if (own !== undefined) bind(scopeOf(ancestors), own);
    },
  });

  ancestor(program, {
    Identifier: (node, _state, ancestors) => {
      let depth = ancestors.length - 1;
      for (;;) {
        const scope = scopeOf(ancestors.slice(0, depth));
        if (bound.get(scope)?.has(node.name)) {
          const declaration = declared.get(scope)?.get(node.name);
          if (declaration && node.start < declaration.start) found.push({ name: node.name, start: node.start });
          return;
        }
        const index = ancestors.findIndex((outer) => outer === scope);
        if (index <= 0 || !isCalledInPlace(ancestors, index)) return;
        depth = index;
      }
    },
  });
  return found;
}

function isFunction(node: acorn.Node): boolean {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression";
}

/** The innermost function around, or the program. */
function scopeOf(ancestors: readonly acorn.Node[]): acorn.Node {
  for (let index = ancestors.length - 1; index >= 0; index--) if (isFunction(ancestors[index])) return ancestors[index];
  return ancestors[0];
}

/** `(function(){…})()` and `!function(){…}()` run where they stand. */
function isCalledInPlace(ancestors: readonly acorn.Node[], index: number): boolean {
  const parent = ancestors[index - 1] as acorn.CallExpression;
  return parent.type === "CallExpression" && parent.callee === ancestors[index];
}
