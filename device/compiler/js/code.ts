/**
 * A piece of ECMAScript with what is known of its value, so that parentheses and coercions appear only where they
 * are needed: the interpreter lexes every character each time it passes.
 */
export interface Code {
  readonly text: string;
  /** Binding strength of the outermost operator, see `Level`. */
  readonly level: number;
  /**
   * - `int`: an int32
   * - `boolean`: true or false, where an int32 0 or 1 is meant
   * - `exact`: an integer congruent to the int32 that is meant modulo 2^32, not above 2^53
   * - `number`: an f32 or f64
   * - `reference`: a funcref or externref
   */
  readonly kind: "int" | "boolean" | "exact" | "number" | "reference";
  /** Bounds of the value, for the integer kinds. */
  readonly minimum: number;
  readonly maximum: number;
  /** Low bits known to be zero, for the integer kinds: 2 for a multiple of 4. */
  readonly zeros: number;
}

/** Operator precedence of ECMAScript 5. */
export const Level = {
  comma: 0,
  assignment: 1,
  conditional: 2,
  or: 3,
  and: 4,
  bitOr: 5,
  bitXor: 6,
  bitAnd: 7,
  equality: 8,
  relational: 9,
  shift: 10,
  additive: 11,
  multiplicative: 12,
  unary: 13,
  postfix: 14,
  primary: 15,
} as const;

export const INT32_MINIMUM = -2147483648;
export const INT32_MAXIMUM = 2147483647;
/** Integers up to here are exact in a double. */
export const EXACT = 2 ** 53;

/** An int32 of known range. */
export function int(text: string, level: number, minimum = INT32_MINIMUM, maximum = INT32_MAXIMUM, zeros = 0): Code {
  return { text, level, kind: "int", minimum, maximum, zeros };
}

/**
 * Code whose value is true, false, 0 or 1.
 * @param level how tightly it binds
 */
export function boolean(text: string, level: number): Code {
  return { text, level, kind: "boolean", minimum: 0, maximum: 1, zeros: 0 };
}

/** An integer that still has to be wrapped to 32 bits, unless its range says otherwise. */
export function exact(text: string, level: number, minimum: number, maximum: number, zeros = 0): Code {
  const kind = minimum >= INT32_MINIMUM && maximum <= INT32_MAXIMUM ? "int" : "exact";
  return { text, level, kind, minimum, maximum, zeros };
}

/**
 * Code whose value is a float.
 * @param level how tightly it binds
 */
export function number(text: string, level: number): Code {
  return { text, level, kind: "number", minimum: -Infinity, maximum: Infinity, zeros: 0 };
}

/**
 * Code whose value is a reference: a function, an object or null.
 * @param level how tightly it binds
 */
export function reference(text: string, level: number): Code {
  return { text, level, kind: "reference", minimum: 0, maximum: 0, zeros: 0 };
}

/** A literal as it stands in a signed context. */
export function literal(value: number): Code {
  return int(String(value), value < 0 ? Level.unary : Level.primary, value, value, trailingZeros(value));
}

/** Low bits that are zero; 32 for 0. */
export function trailingZeros(value: number): number {
  return value === 0 ? 32 : 31 - Math.clz32(value & -value);
}

/** The value of a literal, or undefined for anything else. */
export function literalValue(code: Code): number | undefined {
  return code.minimum === code.maximum && /^-?\d+$/.test(code.text) ? code.minimum : undefined;
}

/** The text, in parentheses where `level` binds tighter. */
export function at(code: Code, level: number): string {
  return code.level >= level ? code.text : `(${code.text})`;
}

/** An int32 for an assignment, an argument, an index or a comparison. */
export function wrapped(code: Code): Code {
  if (code.kind === "boolean") return int(`${at(code, Level.bitOr)}|0`, Level.bitOr, 0, 1);
  if (code.kind !== "exact") return code;
  return int(`${at(code, Level.bitOr)}|0`, Level.bitOr, INT32_MINIMUM, INT32_MAXIMUM, code.zeros);
}

/** An operand of a bit operation: anything integer does, and negative literals are dearer than positive ones. */
export function bits(code: Code, level: number): string {
  const value = literalValue(code);
  if (value !== undefined && value < 0) return String(value >>> 0);
  return at(code, level);
}

/** The value as an unsigned 32-bit number. */
export function unsigned(code: Code): Code {
  const value = literalValue(code);
  if (value !== undefined) return exact(String(value >>> 0), Level.primary, value >>> 0, value >>> 0);
  if (code.minimum >= 0 && code.kind !== "exact") return code;
  return exact(`${at(code, Level.shift)}>>>0`, Level.shift, 0, 4294967295, code.zeros);
}

/** Joins two operands with a left-associative operator. */
export function infix(left: string, operator: string, right: string): string {
  // `a--1` and `a- -1` are different things.
  const clash = (operator === "-" && right[0] === "-") || (operator === "+" && right[0] === "+");
  return clash ? `${left}${operator} ${right}` : `${left}${operator}${right}`;
}
