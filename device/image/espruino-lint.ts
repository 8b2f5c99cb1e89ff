import { parse } from "acorn";
import type * as acorn from "acorn";
import { ancestor } from "acorn-walk";
import { inexactLiteral } from "./espruino-number.js";
import { usesBeforeDefinition } from "./espruino-hoisting.js";

/** Something in a bundle that Espruino's interpreter refuses, or understands otherwise than JavaScript does. */
export interface LintFinding {
  readonly rule: LintRule;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The code there, cut to 40 characters. */
  readonly excerpt: string;
}

export type LintRule =
  | "syntax"
  | "reserved-word"
  | "label"
  | "with"
  | "case-after-default"
  | "hoisting"
  | "missing-global"
  | "missing-method"
  | "inexact-math"
  | "object-create-properties"
  | "array-length"
  | "regular-expression"
  | "wide-character"
  | "number-literal"
  | "negative-zero"
  | "return-newline"
  | "chained-element-assignment"
  | "compound-assignment-order";

/** Words that Espruino's lexer keeps for itself beyond those of ES5 (`src/jslex.c`); minifiers make up names like `of`. */
const RESERVED = new Set(["of", "let", "static", "const", "class", "extends", "super", "undefined"]);

const MISSING_GLOBALS = new Set([
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "Symbol",
  "BigInt",
  "Proxy",
  "Reflect",
  "globalThis",
]);

const MISSING_METHODS: Readonly<Record<string, readonly string[]>> = {
  Math: [
    "imul",
    "clz32",
    "fround",
    "trunc",
    "hypot",
    "log2",
    "log10",
    "cbrt",
    "sinh",
    "cosh",
    "tanh",
    "expm1",
    "log1p",
  ],
};

/** What exists, but isn't exact to the last bit. */
const INEXACT_MATH = new Set(["sqrt", "pow", "round"]);

/**
 * Finds what would break on Espruino in a finished bundle; what each rule stands on was measured on the interpreter.
 * @param source ECMAScript 5, as it would be flashed
 * @param ignore rules that are known not to matter for this bundle
 * @returns nothing when all is well, else findings in the order of the source
 */
export function lintForEspruino(source: string, ignore: readonly LintRule[] = []): LintFinding[] {
  let program: acorn.Program;
  try {
    program = parse(source, { ecmaVersion: 5, locations: false });
  } catch (error) {
    const { message, pos = 0 } = error as SyntaxError & { pos?: number };
    return [finding(source, "syntax", pos, `is not ECMAScript 5: ${message.replace(/ \(\d+:\d+\)$/, "")}`)];
  }
  const findings: LintFinding[] = [];
  const tell = (rule: LintRule, node: { start: number }, message: string): void => {
    if (!ignore.includes(rule)) findings.push(finding(source, rule, node.start, message));
  };

  const wide = /[^\0-\xff]/.exec(source);
  if (wide) tell("wide-character", { start: wide.index }, "characters beyond Latin-1 don't fit one byte each");
  for (const use of usesBeforeDefinition(program))
    tell("hoisting", use, `function ${use.name} is used before its definition runs, and nothing is hoisted`);

  ancestor(program, {
    LabeledStatement: (node) => tell("label", node, "there are no labels"),
    WithStatement: (node) => tell("with", node, "there is no with"),
    SwitchStatement: (node) => {
      const standard = node.cases.findIndex((branch) => !branch.test);
      if (standard >= 0 && standard < node.cases.length - 1)
        tell("case-after-default", node.cases[standard + 1], "a case after default is never reached");
    },
    Identifier: (node, _state, ancestors) => {
      if (MISSING_GLOBALS.has(node.name) && !isTypeof(ancestors))
        tell("missing-global", node, `there is no ${node.name}`);
    },
    VariableDeclarator: (node) => checkName(node.id),
    Function: (node) => {
      if (node.id) checkName(node.id);
      node.params.forEach(checkName);
    },
    CatchClause: (node) => void (node.param && checkName(node.param)),
    MemberExpression: (node) => {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier" || node.computed) return;
      const name = `${node.object.name}.${node.property.name}`;
      if (MISSING_METHODS[node.object.name]?.includes(node.property.name))
        tell("missing-method", node, `there is no ${name}`);
      else if (node.object.name === "Math" && INEXACT_MATH.has(node.property.name))
        tell("inexact-math", node, `${name} is not exact`);
    },
    CallExpression: (node) => {
      const callee = node.callee;
      if (callee.type !== "MemberExpression" || node.arguments.length < 2) return;
      if (callee.object.type === "Identifier" && callee.object.name === "Object" && isNamed(callee.property, "create"))
        tell("object-create-properties", node, "Object.create with properties throws");
    },
    Literal: (node, _state, ancestors) => {
      if (node.regex) checkRegularExpression(node, node.regex);
      if (typeof node.value === "string" && /[^\0-\xff]/.test(node.value))
        tell("wide-character", node, "characters of a string beyond 255 are cut to a byte");
      if (typeof node.value !== "number") return;
      const why = inexactLiteral(node.raw ?? "");
      if (why !== undefined) tell("number-literal", node, why);
      const parent = ancestors[ancestors.length - 2];
      if (node.value === 0 && parent.type === "UnaryExpression" && parent.operator === "-")
        tell("negative-zero", parent, "-0 is read as 0");
    },
    ReturnStatement: (node) => {
      if (!node.argument && /^return[^\S\r\n]*[\r\n]+\s*[^\s};]/.test(source.slice(node.start, node.start + 200)))
        tell("return-newline", node, "return goes on in the next line");
    },
    AssignmentExpression: (node, _state, ancestors) => {
      if (isNamed(node.left, "length", true)) tell("array-length", node, "the length of an array can't be assigned");
      if (isElement(node.left) && !fitsEverywhere(node.right) && isValueUsed(ancestors))
        tell(
          "chained-element-assignment",
          node,
          "the value of an assignment to an element may be what was stored, cut",
        );
      if (node.operator !== "=" && node.left.type === "Identifier" && assignsTo(node.right, node.left.name))
        tell("compound-assignment-order", node, "the left side is read after the right side has run");
    },
  });
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);

  function checkName(node: acorn.Pattern): void {
    if (node.type === "Identifier" && RESERVED.has(node.name))
      tell("reserved-word", node, `${node.name} is a reserved word`);
  }
  function checkRegularExpression(node: acorn.Literal, { pattern, flags }: { pattern: string; flags: string }): void {
    const group = /\(\?|\{\d|\\[1-9bBpPku]/.exec(pattern);
    if (group) tell("regular-expression", node, `regular expressions can't do ${group[0]}`);
    const flag = /[^gim]/.exec(flags);
    if (flag) tell("regular-expression", node, `regular expressions have no flag ${flag[0]}`);
  }
}

function finding(source: string, rule: LintRule, start: number, message: string): LintFinding {
  const before = source.slice(0, start).split("\n");
  const excerpt = source.slice(start, start + 40).split("\n")[0];
  return { rule, line: before.length, column: before[before.length - 1].length + 1, message, excerpt };
}

function isTypeof(ancestors: readonly acorn.Node[]): boolean {
  const parent = ancestors[ancestors.length - 2] as acorn.UnaryExpression | undefined;
  return parent?.type === "UnaryExpression" && parent.operator === "typeof";
}

function isNamed(node: acorn.Node, name: string, asMember = false): boolean {
  if (asMember) {
    const member = node as acorn.MemberExpression;
    return member.type === "MemberExpression" && !member.computed && isNamed(member.property, name);
  }
  return node.type === "Identifier" && (node as acorn.Identifier).name === name;
}

/** `a[i]` with an index that may be a number. */
function isElement(node: acorn.Node): boolean {
  const member = node as acorn.MemberExpression;
  if (member.type !== "MemberExpression" || !member.computed) return false;
  return !(member.property.type === "Literal" && typeof member.property.value === "string");
}

/** Whether a value is the same after any typed array has stored it, or is nothing that one could store. */
function fitsEverywhere(value: acorn.Node): boolean {
  const node = value as acorn.AnyNode;
  if (node.type === "AssignmentExpression") return fitsEverywhere(node.right);
  if (node.type === "Literal")
    return typeof node.value !== "number" || (Number.isInteger(node.value) && node.value < 128);
  return ["ObjectExpression", "ArrayExpression", "FunctionExpression"].includes(node.type);
}

/** Whether the last node's value goes anywhere, seen from it outwards. */
function isValueUsed(ancestors: readonly acorn.Node[]): boolean {
  for (let index = ancestors.length - 1; index > 0; index--) {
    const node = ancestors[index];
    const parent = ancestors[index - 1] as acorn.AnyNode;
    switch (parent.type) {
      case "ExpressionStatement":
        return false;
      case "SequenceExpression":
        if (parent.expressions[parent.expressions.length - 1] !== node) return false;
        break;
      case "LogicalExpression":
        if (parent.right !== node) return true;
        break;
      case "ConditionalExpression":
        if (parent.test === node) return true;
        break;
      case "ForStatement":
        return parent.test === node;
      case "UnaryExpression":
        return parent.operator !== "void";
      default:
        return true;
    }
  }
  return false;
}

/** Whether an expression assigns to a variable, not looking into functions. */
function assignsTo(expression: acorn.Node, name: string): boolean {
  let found = false;
  ancestor(expression, {
    AssignmentExpression: (node, _state, ancestors) => {
      if (isNamed(node.left, name) && !ancestors.some((outer) => /Function/.test(outer.type))) found = true;
    },
    UpdateExpression: (node, _state, ancestors) => {
      if (isNamed(node.argument, name) && !ancestors.some((outer) => /Function/.test(outer.type))) found = true;
    },
  });
  return found;
}
