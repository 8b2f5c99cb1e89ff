import { at, boolean, type Code, infix, Level, literalValue, unsigned, wrapped } from "./code.js";

/** The operator of a relation, by the last part of its name in WebAssembly. */
export const RELATIONS: Readonly<Record<string, string>> = { lt: "<", gt: ">", le: "<=", ge: ">=" };

/** Two values with a comparison between them. */
export function compare(left: Code, operator: string, right: Code): Code {
  const level = operator === "==" || operator === "!=" ? Level.equality : Level.relational;
  return boolean(infix(at(left, level), operator, at(right, level + 1)), level);
}

/** Compares two i32; undefined when the operator is no comparison. */
export function compare32(operator: string, left: Code, right: Code): Code | undefined {
  if (operator === "i32.eq" || operator === "i32.ne") return equality(operator, left, right);
  const found = /^i32\.(lt|gt|le|ge)_([su])$/.exec(operator);
  if (!found) return undefined;
  const sign = RELATIONS[found[1]];
  return found[2] === "s" ? compare(wrapped(left), sign, wrapped(right)) : compareUnsigned(sign, left, right);
}

/** `i32.eq` and `i32.ne`. */
function equality(operator: string, left: Code, right: Code): Code {
  const sign = operator === "i32.eq" ? "==" : "!=";
  const [a, b] = [wrapped(left), wrapped(right)];
  if (literalValue(b) === 0) {
    return sign === "==" ? boolean(`!${at(a, Level.unary)}`, Level.unary) : compare(a, "!=", b);
  }
  return compare(a, sign, b);
}

function compareUnsigned(sign: string, a: Code, b: Code): Code {
  const limit = literalValue(b);
  if (limit !== undefined && !(a.minimum >= 0 && a.kind !== "exact")) {
    // x <u 2^k is a test of the bits from k up.
    const below = sign === "<" ? limit >>> 0 : sign === "<=" ? (limit >>> 0) + 1 : undefined;
    const from = sign === ">=" ? limit >>> 0 : sign === ">" ? (limit >>> 0) + 1 : undefined;
    const power = below ?? from;
    if (power !== undefined && power > 1 && power < 2 ** 32 && Number.isInteger(Math.log2(power))) {
      const test = `${at(a, Level.bitAnd)}&${-power >>> 0}`;
      return below === undefined ? boolean(`(${test})!=0`, Level.equality) : boolean(`!(${test})`, Level.unary);
    }
  }
  return compare(unsigned(a), sign, unsigned(b));
}

/** Compares two i64, each as low and high word; false or true. */
export function compare64(operator: string, [al, ah]: readonly [Code, Code], [bl, bh]: readonly [Code, Code]): Code {
  if (operator === "i64.eq" || operator === "i64.ne") {
    const sign = operator === "i64.eq" ? "==" : "!=";
    const join = operator === "i64.eq" ? "&&" : "||";
    const level = operator === "i64.eq" ? Level.and : Level.or;
    return boolean(`${compare(al, sign, bl).text}${join}${compare(ah, sign, bh).text}`, level);
  }
  const [, relation, signed] = /^i64\.(lt|gt|le|ge)_([su])$/.exec(operator) as RegExpExecArray;
  const strict = relation[0] === "l" ? "<" : ">";
  const low = compare(unsigned(al), RELATIONS[relation], unsigned(bl)).text;
  const [h, k] = signed === "s" ? [ah, bh] : [unsigned(ah), unsigned(bh)];
  return boolean(`${compare(h, strict, k).text}||${compare(ah, "==", bh).text}&&${low}`, Level.or);
}
