import type { Expression, LoadExpression } from "../ir/types.js";
import { at, Level, unsigned, wrapped } from "./code.js";
import { condition, emit, highWord, value } from "./expression.js";
import type { FunctionContext } from "./function-context.js";

/**
 * Statements that assign an i64 to a pair of locals. By the invariants of the IR every operand is a local, a constant
 * or a tree of another type, so both words can be named as often as needed.
 */
export function assign64(context: FunctionContext, local: number, source: Expression): string {
  const low = context.local(local);
  const high = context.high(local);
  switch (source.kind) {
    case "const":
    case "local":
      return move(low, high, emit(context, source).text, highWord(context, source).text);
    case "global": {
      const { use } = context.symbols;
      return `${low}=${use(`global ${source.index}`)};${high}=${use(`global high ${source.index}`)};`;
    }
    case "select": {
      const test = at(condition(context, source.condition), Level.or);
      const [a, b] = [source.whenTrue, source.whenFalse];
      const words = (expression: Expression) =>
        move(low, high, emit(context, expression).text, highWord(context, expression).text);
      return `if(${test}){${words(a)}}else{${words(b)}}`;
    }
    case "load":
      return load64(context, low, high, source);
    case "unary":
      return unary64(context, low, high, source.operator, source.operand);
    case "binary":
      return binary64(context, low, high, source.operator, source.left, source.right);
    default:
      throw new Error(`i64 from ${source.kind}`);
  }
}

/** Assigns both words; the source's names may be the target's. */
function move(low: string, high: string, fromLow: string, fromHigh: string): string {
  return (low === fromLow ? "" : `${low}=${fromLow};`) + (high === fromHigh ? "" : `${high}=${fromHigh};`);
}

function load64(context: FunctionContext, low: string, high: string, source: LoadExpression): string {
  const { symbols } = context;
  if (source.bytes < 8) {
    const narrow = wrapped(emit(context, { ...source, type: "i32" }));
    return `${low}=${narrow.text};${high}=${source.signed ? `${low}>>31` : "0"};`;
  }
  const address = at(value(context, source.address), Level.assignment);
  return `${low}=${symbols.use("load i64")}(${address},${source.offset});${high}=${symbols.use("high")};`;
}

function unary64(context: FunctionContext, low: string, high: string, operator: string, operand: Expression): string {
  const { use } = context.symbols;
  switch (operator) {
    case "i64.extend_i32_s":
      return `${low}=${value(context, operand).text};${high}=${low}>>31;`;
    case "i64.extend_i32_u":
      return `${low}=${value(context, operand).text};${high}=0;`;
    case "i64.extend8_s":
    case "i64.extend16_s":
    case "i64.extend32_s": {
      const by = { "i64.extend8_s": 24, "i64.extend16_s": 16, "i64.extend32_s": 0 }[operator];
      const word = emit(context, operand).text;
      return `${low}=${by ? `${word}<<${by}>>${by}` : word};${high}=${low}>>31;`;
    }
    case "i64.reinterpret_f64":
      return `${use("scratch F64")}[0]=${emit(context, operand).text};${low}=${use("scratch I32")}[0];${high}=${use("scratch I32")}[1];`;
    case "i64.clz": {
      const [l, h] = [emit(context, operand).text, highWord(context, operand).text];
      return `${low}=${h}?${use("i32.clz")}(${h}):32+${use("i32.clz")}(${l});${high}=0;`;
    }
    case "i64.ctz": {
      const [l, h] = [emit(context, operand).text, highWord(context, operand).text];
      return `${low}=${l}?${use("i32.ctz")}(${l}):32+${use("i32.ctz")}(${h});${high}=0;`;
    }
    case "i64.popcnt": {
      const [l, h] = [emit(context, operand).text, highWord(context, operand).text];
      return `${low}=${use("i32.popcnt")}(${l})+${use("i32.popcnt")}(${h});${high}=0;`;
    }
  }
  const truncation = /^i64\.(trunc|trunc_sat)_f\d\d_([su])$/.exec(operator);
  if (!truncation) throw new Error(`unknown operator ${operator}`);
  const helper = use(`i64.${truncation[1]}_${truncation[2]}`);
  return `${low}=${helper}(${emit(context, operand).text});${high}=${use("high")};`;
}

function binary64(
  context: FunctionContext,
  low: string,
  high: string,
  operator: string,
  left: Expression,
  right: Expression,
): string {
  const { use } = context.symbols;
  const [a, b] = [emit(context, left), emit(context, right)];
  const [ah, bh] = [highWord(context, left), highWord(context, right)];
  const word = (code: { text: string; level: number }) => (code.level < Level.primary ? `(${code.text})` : code.text);
  switch (operator) {
    case "i64.and":
    case "i64.or":
    case "i64.xor": {
      const sign = { "i64.and": "&", "i64.or": "|", "i64.xor": "^" }[operator];
      return words(context, low, high, `${word(a)}${sign}${word(b)}`, `${word(ah)}${sign}${word(bh)}`, [
        ah.text,
        bh.text,
      ]);
    }
    case "i64.add": {
      // The carry is seen in the sum being less than either operand.
      const sum = context.scratch("sum");
      const carry = `${sum}>>>0<${at(unsigned(b), Level.shift)}`;
      return `${sum}=${word(a)}+${word(b)}|0;${high}=${word(ah)}+${word(bh)}+(${carry})|0;${low}=${sum};`;
    }
    case "i64.sub": {
      const borrow = `${at(unsigned(a), Level.shift)}<${at(unsigned(b), Level.shift)}`;
      const difference = context.scratch("sum");
      return `${difference}=${word(a)}-${word(b)}|0;${high}=${word(ah)}-${word(bh)}-(${borrow})|0;${low}=${difference};`;
    }
    case "i64.shl":
    case "i64.shr_u":
    case "i64.shr_s":
    case "i64.rotl":
    case "i64.rotr": {
      if (right.kind === "const") {
        const text = shiftByConstant(
          context,
          low,
          high,
          operator,
          word(a),
          word(ah),
          Number(BigInt(right.value) & 63n),
        );
        if (text !== undefined) return text;
      }
      const [helper, count] = operator === "i64.rotr" ? ["i64.rotl", `64-(${word(b)}&63)`] : [operator, b.text];
      return `${low}=${use(helper)}(${a.text},${ah.text},${count});${high}=${use("high")};`;
    }
    default:
      return `${low}=${use(operator)}(${a.text},${ah.text},${b.text},${bh.text});${high}=${use("high")};`;
  }
}

/** Two words from two expressions, the second of which must not see the first assignment. */
function words(
  context: FunctionContext,
  low: string,
  high: string,
  lowText: string,
  highText: string,
  highReads: readonly string[],
): string {
  if (!highReads.includes(low)) return `${low}=${lowText};${high}=${highText};`;
  const kept = context.scratch("sum");
  return `${kept}=${lowText};${high}=${highText};${low}=${kept};`;
}

function shiftByConstant(
  context: FunctionContext,
  low: string,
  high: string,
  operator: string,
  l: string,
  h: string,
  count: number,
): string | undefined {
  if (operator.includes("rot")) return undefined;
  if (count === 0) return words(context, low, high, l, h, [h]);
  const left = operator === "i64.shl";
  if (count >= 32) {
    if (left) return `${high}=${l}${count > 32 ? `<<${count - 32}` : ""};${low}=0;`;
    const sign = operator === "i64.shr_s";
    const shifted = sign ? `${h}>>${count - 32}` : `${h}>>>${count - 32}|0`;
    const fill = sign ? `${h}>>31` : "0";
    return words(context, low, high, count === 32 ? h : shifted, fill, [h]);
  }
  if (left) {
    // High first: it reads the low word that may be overwritten.
    return h === low ? undefined : `${high}=${h}<<${count}|${l}>>>${32 - count};${low}=${l}<<${count};`;
  }
  const arithmetic = operator === "i64.shr_s" ? ">>" : ">>>";
  const highText = `${h}${arithmetic}${count}`;
  return words(context, low, high, `${l}>>>${count}|${h}<<${32 - count}`, highText, [h]);
}
