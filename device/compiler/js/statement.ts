import { effectsOf } from "../ir/effects.js";
import type { Expression, Statement } from "../ir/types.js";
import { at, int, Level, literalValue, wrapped, type Code } from "./code.js";
import { argument, callText, emit, highWord, value } from "./expression.js";
import type { FunctionContext } from "./function-context.js";
import { assign64 } from "./int64.js";
import { store } from "./memory-access.js";

/** A statement without control flow, with its semicolon. */
export function simpleStatement(context: FunctionContext, statement: Statement): string {
  const { use } = context.symbols;
  switch (statement.kind) {
    case "set":
      return setLocal(context, statement.local, statement.value);
    case "set global": {
      const name = use(`global ${statement.global}`);
      const text = `${name}=${value(context, statement.value).text};`;
      if (statement.value.type !== "i64") return text;
      return `${text}${use(`global high ${statement.global}`)}=${highWord(context, statement.value).text};`;
    }
    case "store":
      return storeStatement(context, statement);
    case "call":
      return Object.values(callStatement(context, callText(context, statement.call), statement.results)).join("");
    case "drop":
      return `${emit(context, statement.value).text};`;
    case "bulk":
      return `${bulk(context, statement)};`;
    case "data.drop":
      return `${use(`data ${statement.segment}`)}="";`;
    case "elem.drop":
      return `${use(`segment ${statement.segment}`)}=[];`;
    default:
      throw new Error(`${statement.kind} has control flow`);
  }
}

/** A call, and the assignment of what it left in variables of the module: results but the first, high words. */
export function callStatement(
  context: FunctionContext,
  call: string,
  results: readonly number[],
): { readonly call: string; readonly results: string } {
  if (results.length === 0) return { call: `${call};`, results: "" };
  for (const local of results) context.know(local, undefined);
  let rest = "";
  results.forEach((local, position) => {
    if (position > 0) rest += `${context.local(local)}=${context.symbols.use(`result ${position}`)};`;
    if (context.ir.locals[local] !== "i64") return;
    rest += `${context.high(local)}=${context.symbols.use(position === 0 ? "high" : `result high ${position}`)};`;
  });
  return { call: `${context.local(results[0])}=${call};`, results: rest };
}

/**
 * The statements that return values.
 * @param leave what the function does last, after the values were evaluated
 */
export function returnStatement(context: FunctionContext, values: readonly Expression[], leave: string): string {
  if (values.length === 0) return `${leave}return;`;
  const { use } = context.symbols;
  const several = values.length > 1 || values.some(({ type }) => type === "i64");
  let before = "";
  // Results are evaluated before a variable of the module is overwritten, and before the depth is counted back.
  const kept = values.map((result, position) => {
    const settled = result.kind === "const" || result.kind === "local";
    const code = value(context, result);
    if (settled || !(several || (leave !== "" && effectsOf(result).calls))) return code.text;
    const name = context.scratch(`result ${position}`);
    before += `${name}=${code.text};`;
    return name;
  });
  values.forEach((result, position) => {
    if (result.type === "i64") {
      before += `${use(position === 0 ? "high" : `result high ${position}`)}=${highWord(context, result).text};`;
    }
    if (position > 0) before += `${use(`result ${position}`)}=${kept[position]};`;
  });
  return `${before}${leave}return${/^[\w$]/.test(kept[0]) ? " " : ""}${kept[0]};`;
}

const COMPOUND: Readonly<Record<string, string>> = {
  "i32.and": "&=",
  "i32.or": "|=",
  "i32.xor": "^=",
  "i32.shl": "<<=",
  "i32.shr_s": ">>=",
  "f64.add": "+=",
  "f64.sub": "-=",
  "f64.mul": "*=",
  "f64.div": "/=",
};
const COMMUTATIVE = new Set(["i32.and", "i32.or", "i32.xor"]);

function setLocal(context: FunctionContext, local: number, source: Expression): string {
  if (context.ir.locals[local] === "i64") return assign64(context, local, source);
  if (source.kind === "local" && source.index === local) return "";
  const code = value(context, source);
  const known = context.environment?.get(local);
  const constant = literalValue(code);
  if (constant !== undefined && known?.minimum === constant && known.maximum === constant) return "";
  const name = context.local(local);
  const update = source.kind === "binary" ? updateInPlace(context, local, name, source) : undefined;
  context.know(local, code);
  return update ?? `${name}=${code.text};`;
}

/** `x+=y` and `++x` for `x=x+y`, which the interpreter does in half the time. */
function updateInPlace(
  context: FunctionContext,
  local: number,
  name: string,
  source: Expression & { kind: "binary" },
): string | undefined {
  const reads = (expression: Expression) => expression.kind === "local" && expression.index === local;
  const sign = COMPOUND[source.operator];
  let { right } = source;
  if (reads(source.left)) {
    right = source.right;
  } else if (COMMUTATIVE.has(source.operator) && reads(source.right)) {
    right = source.left;
  } else {
    return undefined;
  }
  // The interpreter reads the left side of `x+=…` late: the right side must not change it, and no tree of ours does.
  if (source.operator === "i32.add" || source.operator === "i32.sub") {
    const sum = emit(context, source);
    if (sum.kind !== "int" || sum.level !== Level.additive) return undefined;
    const operand = emit(context, right);
    const constant = literalValue(operand);
    const plus = (source.operator === "i32.add") !== (constant !== undefined && constant < 0);
    if (constant === 1 || constant === -1) return `${plus ? "++" : "--"}${name};`;
    const amount = constant === undefined ? operand.text : String(Math.abs(constant));
    return `${name}${plus ? "+=" : "-="}${amount};`;
  }
  if (!sign) return undefined;
  const operand = emit(context, right);
  const constant = literalValue(operand);
  if (source.operator === "i32.xor" && constant === -1) return undefined;
  if (sign === "<<=" || sign === ">>=") {
    return `${name}${sign}${constant === undefined ? operand.text : constant & 31};`;
  }
  const text =
    sign.length === 2 && constant !== undefined && constant < 0 && "&|^".includes(sign[0])
      ? String(constant >>> 0)
      : operand.text;
  return `${name}${sign}${text};`;
}

function storeStatement(context: FunctionContext, statement: Statement & { kind: "store" }): string {
  const { bytes, offset } = statement;
  const address = value(context, statement.address);
  let { type, value: source } = statement;
  // Bits that are only moved stay bits: a signalling f32 NaN would not survive being a double.
  if (type === "f32" && source.kind === "load") source = { ...source, type: (type = "i32") };
  if (type === "f32" && source.kind === "unary" && source.operator === "f32.reinterpret_i32") {
    type = "i32";
    source = source.operand;
  }
  const { use } = context.symbols;
  if (type === "i64" && bytes === 8) {
    return `${use("store i64")}(${at(address, Level.assignment)},${offset},${argument(context, source)});`;
  }
  const effects = effectsOf(source);
  const simple = !effects.traps && !effects.calls;
  return `${store(context, type === "i64" ? "i32" : type, { bytes, offset }, address, stored(context, source, bytes, simple), simple)};`;
}

/** The value as the view will take it: narrowing, and rounding to f32, are the view's own work. */
function stored(context: FunctionContext, source: Expression, bytes: number, simple: boolean): Code {
  if (source.type === "i64") return int(emit(context, source).text, Level.primary);
  if (source.kind === "binary" && source.operator === "i32.and" && source.right.kind === "const" && simple) {
    const mask = Number(source.right.value);
    if ((bytes === 1 && (mask & 255) === 255) || (bytes === 2 && (mask & 65535) === 65535)) {
      return wrapped(emit(context, source.left));
    }
  }
  return value(context, source);
}

function bulk(context: FunctionContext, statement: Statement & { kind: "bulk" }): string {
  const { use } = context.symbols;
  const operands = statement.operands.map((operand) => argument(context, operand)).join(",");
  const [first, second] = statement.immediates;
  switch (statement.operator) {
    case "memory.copy":
    case "memory.fill":
      return `${use(statement.operator)}(${operands})`;
    case "memory.init":
      return `${use("memory.init")}(${operands},${use(`data ${first}`)})`;
    case "table.init":
      return `${use("table.init")}(${use(`table ${first}`)},${operands},${use(`segment ${second}`)})`;
    case "table.copy":
      return `${use("table.copy")}(${use(`table ${first}`)},${use(`table ${second}`)},${operands})`;
    case "table.set":
    case "table.fill":
      return `${use(statement.operator)}(${use(`table ${first}`)},${operands})`;
  }
}
