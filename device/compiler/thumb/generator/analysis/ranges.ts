import { isComparison, type Value } from "../ssa/graph.js";
import type { Counter } from "./induction.js";

/** What a value is at least and at most, as an unsigned number. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

const TOP = 0xffffffff;
const ANYTHING: Range = { least: 0, most: TOP };
/** How deep a value's operands are looked into. */
const DEPTH = 8;

/** What is known in one place beyond what values are everywhere: by branches and checks that were passed. */
export type Known = (value: Value) => Range | undefined;

/** The range of a value, from what it's made of. */
export function rangeOf(
  value: Value,
  known: Known,
  counters: ReadonlyMap<Value, Counter>,
  leastMemoryBytes: number,
  depth = DEPTH,
): Range {
  const found = known(value);
  const own = depth > 0 ? compute(value, known, counters, leastMemoryBytes, depth - 1) : ANYTHING;
  if (!found) return own;
  return { least: Math.max(found.least, own.least), most: Math.min(found.most, own.most) };
}

function compute(
  value: Value,
  known: Known,
  counters: ReadonlyMap<Value, Counter>,
  leastMemoryBytes: number,
  depth: number,
): Range {
  const of = (operand: Value): Range => rangeOf(operand, known, counters, leastMemoryBytes, depth);
  const [a, b] = value.args;
  switch (value.op) {
    case "const":
      return { least: value.imm >>> 0, most: value.imm >>> 0 };
    case "limit":
      return { least: leastMemoryBytes, most: TOP };
    case "load":
      return value.bytes < 4 && !value.signed ? { least: 0, most: 2 ** (8 * value.bytes) - 1 } : ANYTHING;
    case "phi":
      return counted(counters.get(value), 0, of);
    case "and": {
      const [x, y] = [of(a), of(b)];
      return { least: 0, most: Math.min(x.most, y.most) };
    }
    case "or": {
      const [x, y] = [of(a), of(b)];
      const bits = 32 - Math.clz32(Math.max(x.most, y.most));
      return { least: Math.max(x.least, y.least), most: bits === 32 ? TOP : 2 ** bits - 1 };
    }
    case "add": {
      // A counter may pass zero where its sum with a constant doesn't.
      if (b.op === "const" && counters.has(a)) {
        const range = counted(counters.get(a), b.imm, of);
        if (range !== ANYTHING) return range;
      }
      const x = of(a);
      if (b.op === "const" && b.imm < 0) {
        return x.least + b.imm >= 0 ? { least: x.least + b.imm, most: x.most + b.imm } : ANYTHING;
      }
      const y = of(b);
      return x.most + y.most <= TOP ? { least: x.least + y.least, most: x.most + y.most } : ANYTHING;
    }
    case "sub": {
      const [x, y] = [of(a), of(b)];
      return x.least >= y.most ? { least: x.least - y.most, most: x.most - y.least } : ANYTHING;
    }
    case "mul": {
      const [x, y] = [of(a), of(b)];
      return x.most * y.most <= TOP ? { least: x.least * y.least, most: x.most * y.most } : ANYTHING;
    }
    case "shl": {
      if (b.op !== "const") return ANYTHING;
      const factor = 2 ** (b.imm & 31);
      const x = of(a);
      return x.most * factor <= TOP ? { least: x.least * factor, most: x.most * factor } : ANYTHING;
    }
    case "shr": {
      if (b.op !== "const") return { least: 0, most: of(a).most };
      const x = of(a);
      return { least: x.least >>> (b.imm & 31), most: x.most >>> (b.imm & 31) };
    }
    case "select": {
      const [x, y] = [of(b), of(value.args[2])];
      return { least: Math.min(x.least, y.least), most: Math.max(x.most, y.most) };
    }
    default:
      return isComparison(value.op) ? { least: 0, most: 1 } : ANYTHING;
  }
}

/** The range of a counter plus a constant; anything, where it passes 2^32. */
function counted(counter: Counter | undefined, plus: number, of: (value: Value) => Range): Range {
  if (!counter) return ANYTHING;
  const { first, step, rounds } = counter;
  const start: Range =
    first.op === "const"
      ? { least: (first.imm + plus) >>> 0, most: (first.imm + plus) >>> 0 }
      : { least: of(first).least + plus, most: of(first).most + plus };
  const way = (rounds - 1) * step;
  const range = { least: start.least + Math.min(0, way), most: start.most + Math.max(0, way) };
  return range.least >= 0 && range.most <= TOP ? range : ANYTHING;
}

/** What a condition that holds, or doesn't, says of the values that it compares. */
export function* impliedBy(condition: Value, holds: boolean, of: (value: Value) => Range): Iterable<[Value, Range]> {
  const [a, b] = condition.args;
  const equal = (condition.op === "eq" && holds) || (condition.op === "ne" && !holds);
  if (equal) {
    yield [a, of(b)];
    return;
  }
  const below = (low: Value, high: Value, strictly: boolean): [Value, Range][] => {
    const [x, y] = [of(low), of(high)];
    const less = strictly ? 1 : 0;
    return [
      [low, { least: 0, most: Math.max(0, y.most - less) }],
      [high, { least: Math.min(TOP, x.least + less), most: TOP }],
    ];
  };
  switch (condition.op) {
    case "lt_u":
      yield* holds ? below(a, b, true) : below(b, a, false);
      return;
    case "le_u":
      yield* holds ? below(a, b, false) : below(b, a, true);
      return;
    case "lt_s":
    case "le_s": {
      // As unsigned where both are known not to be negative.
      if (of(a).most > 0x7fffffff || of(b).most > 0x7fffffff) return;
      const strictly = (condition.op === "lt_s") === holds;
      yield* holds ? below(a, b, strictly) : below(b, a, strictly);
      return;
    }
    case "ne":
      if (b.op === "const" && b.imm === 0) yield [a, { least: 1, most: TOP }];
  }
}
