import type { Expression, Statement } from "../ir/types.js";
import { walkStatements } from "../ir/walk.js";
import { INT32_MAXIMUM, INT32_MINIMUM, trailingZeros } from "./code.js";

/** Limits of an integer's values, and how many of its low bits are zero. */
export interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly zeros: number;
}

/**
 * What is known of the integer locals at a point of the program; a local that is missing can be anything.
 * `undefined` in place of an environment is a point that is never reached.
 */
export type Environment = ReadonlyMap<number, Range>;

/** What holds whichever way a point was reached. */
export function join(a: Environment | undefined, b: Environment | undefined): Environment | undefined {
  if (!a || !b) return a ?? b;
  const joined = new Map<number, Range>();
  for (const [local, range] of a) {
    const other = b.get(local);
    if (!other) continue;
    joined.set(local, {
      minimum: Math.min(range.minimum, other.minimum),
      maximum: Math.max(range.maximum, other.maximum),
      zeros: Math.min(range.zeros, other.zeros),
    });
  }
  return joined;
}

/** Narrows what is known by a condition that holds, or doesn't. Only comparisons of a local with a constant tell. */
export function refine(environment: Environment, condition: Expression, holds: boolean): Environment {
  if (condition.kind === "unary" && condition.operator === "i32.eqz") {
    return refine(environment, condition.operand, !holds);
  }
  if (condition.kind !== "binary" || condition.left.kind !== "local" || condition.right.kind !== "const") {
    return environment;
  }
  const { index } = condition.left;
  const limit = Number(condition.right.value);
  const known = environment.get(index) ?? { minimum: INT32_MINIMUM, maximum: INT32_MAXIMUM, zeros: 0 };
  const bounds = boundsOf(condition.operator, limit, holds, known);
  if (!bounds) return environment;
  const minimum = Math.max(known.minimum, bounds[0]);
  const maximum = Math.min(known.maximum, bounds[1]);
  if (minimum > maximum) return environment;
  return new Map(environment).set(index, { ...known, minimum, maximum });
}

function boundsOf(operator: string, limit: number, holds: boolean, known: Range): [number, number] | undefined {
  const relation = holds ? operator : OPPOSITE[operator];
  switch (relation) {
    case "i32.eq":
      return [limit, limit];
    case "i32.lt_s":
      return [INT32_MINIMUM, limit - 1];
    case "i32.le_s":
      return [INT32_MINIMUM, limit];
    case "i32.gt_s":
      return [limit + 1, INT32_MAXIMUM];
    case "i32.ge_s":
      return [limit, INT32_MAXIMUM];
    case "i32.lt_u":
      return limit > 0 ? [0, limit - 1] : undefined;
    case "i32.le_u":
      return limit >= 0 ? [0, limit] : undefined;
    case "i32.gt_u":
      return limit >= 0 && known.minimum >= 0 ? [limit + 1, INT32_MAXIMUM] : undefined;
    case "i32.ge_u":
      return limit >= 0 && known.minimum >= 0 ? [limit, INT32_MAXIMUM] : undefined;
    default:
      return undefined;
  }
}

/** The comparison that holds exactly when another doesn't. */
export const OPPOSITE: Readonly<Record<string, string>> = {
  "i32.eq": "i32.ne",
  "i32.ne": "i32.eq",
  "i32.lt_s": "i32.ge_s",
  "i32.ge_s": "i32.lt_s",
  "i32.gt_s": "i32.le_s",
  "i32.le_s": "i32.gt_s",
  "i32.lt_u": "i32.ge_u",
  "i32.ge_u": "i32.lt_u",
  "i32.gt_u": "i32.le_u",
  "i32.le_u": "i32.gt_u",
};

/** How a loop changes a local each time round: by adding `step` once, or otherwise. */
export interface Change {
  readonly step: number | undefined;
  /** Whether `step` is added exactly once each time, not now and then. */
  readonly always: boolean;
}

/**
 * What holds at the head of a loop, each time round, given what holds before it.
 *
 * A local that the loop only ever adds a constant to stays a multiple of what it was. Where the loop ends by comparing
 * such a local with a constant after its step, the number of rounds is known, and with it how far all of them get.
 */
export function atLoopHead(before: Environment, label: number, body: readonly Statement[]): Environment {
  const changes = changesIn(body);
  const rounds = roundsOf(before, label, body, changes);
  const head = new Map(before);
  for (const [local, { step, always }] of changes) {
    const initial = before.get(local);
    head.delete(local);
    if (step === undefined || !initial) continue;
    const zeros = Math.min(initial.zeros, trailingZeros(step));
    const way = rounds === undefined || !always ? undefined : (rounds - 1) * step;
    const last = way === undefined ? undefined : way + step;
    const fits =
      last !== undefined && initial.minimum + last >= INT32_MINIMUM && initial.maximum + last <= INT32_MAXIMUM;
    if (fits) {
      head.set(local, {
        minimum: initial.minimum + Math.min(0, way as number),
        maximum: initial.maximum + Math.max(0, way as number),
        zeros,
      });
    } else if (zeros > 0) {
      head.set(local, { minimum: INT32_MINIMUM, maximum: INT32_MAXIMUM, zeros });
    }
  }
  return head;
}

/** How a loop's body changes each local that it assigns. */
export function changesIn(body: readonly Statement[]): Map<number, Change> {
  const changes = new Map<number, Change>();
  const add = (local: number, change: Change) => {
    // Changed at two places: not by one step.
    changes.set(local, changes.has(local) ? { step: undefined, always: false } : change);
  };
  const top = new Set(body);
  // A jump back from inside would leave out what follows it.
  walkStatements(body, (statement) => {
    if (statement.kind === "call") {
      for (const local of statement.results) add(local, { step: undefined, always: false });
    }
    if (statement.kind === "set") add(statement.local, { step: stepOf(statement), always: top.has(statement) });
  });
  return changes;
}

/** The constant that `local = local + constant` adds. */
export function stepOf({ local, value }: Statement & { kind: "set" }): number | undefined {
  if (value.kind !== "binary" || (value.operator !== "i32.add" && value.operator !== "i32.sub")) return undefined;
  if (value.left.kind !== "local" || value.left.index !== local || value.right.kind !== "const") return undefined;
  const constant = Number(value.right.value);
  return value.operator === "i32.add" ? constant : -constant;
}

/** How often a loop goes round, where its only way back is a test at its end of a local that counts. */
export function roundsOf(
  before: Environment,
  label: number,
  body: readonly Statement[],
  changes: ReadonlyMap<number, Change>,
): number | undefined {
  const last = body[body.length - 1];
  if (last?.kind !== "if" || last.else.length > 0 || last.then.length !== 1) return undefined;
  const [jump] = last.then;
  if (jump.kind !== "br" || jump.label !== label) return undefined;
  let jumps = 0;
  walkStatements(body, (statement) => {
    if (statement.kind === "br" && statement.label === label) jumps++;
  });
  if (jumps !== 1) return undefined;
  const { condition } = last;
  const [counter, operator, limit] =
    condition.kind === "local"
      ? [condition, "i32.ne", 0]
      : condition.kind === "binary" && condition.left.kind === "local" && condition.right.kind === "const"
        ? [condition.left, condition.operator, Number(condition.right.value)]
        : [undefined, "", 0];
  if (!counter) return undefined;
  const change = changes.get(counter.index);
  const initial = before.get(counter.index);
  if (!change?.step || !change.always || !initial || initial.minimum !== initial.maximum) return undefined;
  return countRounds(initial.minimum, change.step, operator, limit);
}

function countRounds(initial: number, step: number, operator: string, limit: number): number | undefined {
  const distance = (limit - initial) / step;
  switch (operator) {
    case "i32.ne":
      return distance >= 1 && Number.isInteger(distance) ? distance : undefined;
    case "i32.lt_s":
      return step > 0 ? Math.max(1, Math.ceil(distance)) : undefined;
    case "i32.lt_u":
      return step > 0 && initial >= 0 && limit >= 0 ? Math.max(1, Math.ceil(distance)) : undefined;
    case "i32.gt_s":
      return step < 0 ? Math.max(1, Math.ceil(distance)) : undefined;
    default:
      return undefined;
  }
}
