import type { Builder } from "./builder.js";
import type { Value } from "./graph.js";

/**
 * How a division by a constant becomes a multiplication: of x, shifted right by `before`, the high word of the product
 * with `factor`, shifted right by `after`, is the quotient. Where a factor of 33 bits is needed, `long` says that its
 * highest bit is left out.
 */
export interface Reciprocal {
  readonly before: number;
  /** 32 bits, unsigned. */
  readonly factor: number;
  readonly long: boolean;
  readonly after: number;
}

/** The least shift and its factor for which the quotient of every x up to `most` is exact; the factor may be longer than 32 bits. */
function exactFactor(divisor: bigint, most: bigint): { factor: bigint; shift: number } {
  for (let shift = 0; ; shift++) {
    const power = 1n << BigInt(32 + shift);
    const factor = (power + divisor - 1n) / divisor;
    // The product is too large by x times this, which must not reach the next quotient.
    if (most * (factor * divisor - power) < power) return { factor, shift };
  }
}

/**
 * Granlund and Montgomery, Division by Invariant Integers using Multiplication (1994).
 * @param divisor from 3 on, no power of two
 * @param most largest dividend
 */
export function reciprocalOf(divisor: number, most: number): Reciprocal {
  const { factor, shift } = exactFactor(BigInt(divisor), BigInt(most));
  if (factor < 2n ** 32n) return { before: 0, factor: Number(factor), long: false, after: shift };
  const before = 31 - Math.clz32(divisor & -divisor);
  if (before === 0) return { before, factor: Number(factor - 2n ** 32n), long: true, after: shift };
  const even = exactFactor(BigInt(divisor >>> before), BigInt(most) >> BigInt(before));
  return { before, factor: Number(even.factor), long: false, after: even.shift };
}

/** An unsigned quotient by a constant that is no power of two. */
function quotient(b: Builder, x: Value, divisor: number, most: number): Value {
  const { before, factor, long, after } = reciprocalOf(divisor, most);
  const shifted = b.make("shr", [x, b.constant(before)]);
  const [high] = b.pureRoutine("i32.mul_high_u", [shifted, b.constant(factor)], 1);
  if (!long) return b.make("shr", [high, b.constant(after)]);
  // x + high has 33 bits.
  const half = b.make("shr", [b.make("sub", [x, high]), b.constant(1)]);
  return b.make("shr", [b.make("add", [half, high]), b.constant(after - 1)]);
}

/** `i32.div_*` and `i32.rem_*`. */
export function divide32(b: Builder, name: string, left: Value, right: Value): Value {
  const byConstant = right.op === "const" && right.imm !== 0 ? divideBy(b, name, left, right.imm) : undefined;
  return byConstant ?? b.result(b.effect("routine", [left, right], { name: `i32.${name}` }), 0);
}

/** By a constant; undefined where the routine has to do it: by -1, which may overflow. */
function divideBy(b: Builder, name: string, left: Value, divisor: number): Value | undefined {
  const power = (divisor & (divisor - 1)) === 0 ? 31 - Math.clz32(divisor) : -1;
  const remainder = name.startsWith("rem");
  const rest = (whole: Value) => b.make("sub", [left, b.make("mul", [whole, b.constant(divisor)])]);
  if (name.endsWith("_u")) {
    if (power >= 0)
      return remainder ? b.make("and", [left, b.constant(divisor - 1)]) : b.make("shr", [left, b.constant(power)]);
    const whole = quotient(b, left, divisor >>> 0, 0xffffffff);
    return remainder ? rest(whole) : whole;
  }
  if (divisor > 0 && power >= 0) {
    if (power === 0) return remainder ? b.constant(0) : left;
    // Rounds towards zero: a negative dividend is increased by divisor - 1 first.
    const sign = b.make("sar", [left, b.constant(31)]);
    const biased = b.make("add", [left, b.make("shr", [sign, b.constant(32 - power)])]);
    if (!remainder) return b.make("sar", [biased, b.constant(power)]);
    const whole = b.make("shl", [b.make("shr", [biased, b.constant(power)]), b.constant(power)]);
    return b.make("sub", [left, whole]);
  }
  if (divisor === -1) return undefined;
  const size = Math.abs(divisor);
  if ((size & (size - 1)) === 0)
    return b.pureRoutine("__aeabi_idivmod", [left, b.constant(divisor)], 2)[remainder ? 1 : 0];
  const sign = b.make("sar", [left, b.constant(31)]);
  const absolute = b.make("sub", [b.make("xor", [left, sign]), sign]);
  const unsigned = quotient(b, absolute, size, 0x80000000);
  // The quotient is negative where one of both is.
  const negative = divisor < 0 ? b.make("xor", [sign, b.constant(-1)]) : sign;
  const whole = b.make("sub", [b.make("xor", [unsigned, negative]), negative]);
  return remainder ? rest(whole) : whole;
}
