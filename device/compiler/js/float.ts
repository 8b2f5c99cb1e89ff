import { at, type Code, infix, Level, number } from "./code.js";
import { compare, RELATIONS } from "./comparison.js";
import type { ModuleSymbols } from "./symbols.js";

/** Rounds a double to f32, unless it is one already. */
export function rounded(symbols: ModuleSymbols, text: string): Code {
  const scratch = symbols.use("scratch F32");
  return number(`(${scratch}[0]=${text},${scratch}[0])`, Level.primary);
}

/** Sign operations, square roots and rounding to whole numbers. `operand` is an argument's text. */
export function floatUnary(symbols: ModuleSymbols, operator: string, operand: string): Code {
  const [type, name] = operator.split(".");
  if (name === "neg" || name === "abs") return number(symbols.call(operator, operand), Level.primary);
  // Whole numbers of f32 are f32 again; a square root has to be rounded once more, which is exact (double rounding is
  // innocuous for the square root with 53 >= 2 * 24 + 2 bits).
  const result = symbols.call(`f64.${name}`, operand);
  return type === "f32" && name === "sqrt" ? rounded(symbols, result) : number(result, Level.primary);
}

/** Arithmetic and comparisons of two floats. */
export function floatBinary(symbols: ModuleSymbols, operator: string, a: Code, b: Code): Code {
  const [type, name] = operator.split(".");
  if (RELATIONS[name]) return compare(a, RELATIONS[name], b);
  if (name === "eq") return compare(a, "==", b);
  if (name === "ne") return compare(a, "!=", b);
  const arithmetic: Readonly<Record<string, readonly [string, number]>> = {
    add: ["+", Level.additive],
    sub: ["-", Level.additive],
    mul: ["*", Level.multiplicative],
    div: ["/", Level.multiplicative],
  };
  const known = arithmetic[name];
  if (!known) {
    const helper = name === "copysign" ? operator : `f64.${name}`;
    return number(symbols.call(helper, at(a, Level.assignment), at(b, Level.assignment)), Level.primary);
  }
  const [sign, level] = known;
  const text = infix(at(a, level), sign, at(b, level + 1));
  return type === "f32" ? rounded(symbols, text) : number(text, level);
}
