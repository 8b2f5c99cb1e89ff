import type { Block, Value } from "../ssa/graph.js";
import type { Loop } from "../ssa/flow.js";
import { invertComparison } from "../ssa/fold.js";

/** A variable that goes up or down by the same amount each round, modulo 2^32, in a loop whose rounds are known. */
export interface Counter {
  readonly phi: Value;
  /** Its value in the first round. */
  readonly first: Value;
  readonly step: number;
  /** How often the loop's head is entered at most. */
  readonly rounds: number;
}

/** A way out of a loop that is passed in each round. */
interface Exit {
  readonly condition: Value;
  /** Whether the loop goes on when the condition holds. */
  readonly goesOn: boolean;
}

function exitsOf(loop: Loop, passed: (block: Block) => boolean): Exit[] {
  const exits: Exit[] = [];
  for (const block of loop.blocks) {
    if (block.end.kind !== "branch" || !passed(block)) continue;
    const { condition, then, else: otherwise } = block.end;
    const [inside, beside] = [loop.blocks.has(then), loop.blocks.has(otherwise)];
    if (inside !== beside) exits.push({ condition, goesOn: inside });
  }
  return exits;
}

/**
 * The counters of a loop: one that goes from constant to constant tells how many rounds there are, the others follow.
 * @param passed whether a block of the loop is passed in each round: it dominates the way back
 */
export function countersOf(loop: Loop, passed: (block: Block) => boolean): Counter[] {
  const { head } = loop;
  const entering = head.preds.filter((pred) => !loop.blocks.has(pred));
  if (entering.length !== 1 || head.preds.length !== 2) return [];
  const from = head.preds.indexOf(entering[0]);
  const exits = exitsOf(loop, passed);
  const stepping: { phi: Value; first: Value; step: number }[] = [];
  let rounds = Infinity;
  for (const phi of head.phis) {
    const first = phi.args[from];
    const next = phi.args[1 - from];
    if (next.op !== "add" || next.args[0] !== phi || next.args[1].op !== "const") continue;
    const step = next.args[1].imm;
    stepping.push({ phi, first, step });
    if (first.op !== "const") continue;
    for (const exit of exits) {
      rounds = Math.min(rounds, roundsUntil(phi, next, first.imm >>> 0, step, exit) ?? Infinity);
    }
  }
  return rounds === Infinity ? [] : stepping.map((counter) => ({ ...counter, rounds }));
}

/** How many rounds there are until an exit is taken, the last one included; undefined where that isn't told. */
function roundsUntil(phi: Value, next: Value, first: number, step: number, exit: Exit): number | undefined {
  let { condition } = exit;
  const { goesOn } = exit;
  // Until it is zero.
  if (condition === phi || condition === next)
    return goesOn ? reached(first, condition === phi ? 0 : -step, step) : undefined;
  if (condition.args.length !== 2) return undefined;
  if (!goesOn) {
    const inverse = invertComparison(condition.op);
    if (!inverse) return undefined;
    const [a, b] = condition.args;
    condition = { ...condition, op: inverse.op, args: inverse.swap ? [b, a] : [a, b] };
  }
  const [a, b] = condition.args;
  const ahead = (value: Value): number | undefined => (value === phi ? 0 : value === next ? step : undefined);
  const left = ahead(a);
  if (left !== undefined && b.op === "const") {
    if (condition.op === "ne") return reached(first, b.imm - left, step);
    if (step < 0 || (condition.op !== "lt_u" && condition.op !== "lt_s")) return undefined;
    const bound = condition.op === "lt_u" ? b.imm >>> 0 : b.imm;
    return passed(first, bound - left, step);
  }
  const right = ahead(b);
  if (step < 0 && right !== undefined && a.op === "const" && condition.op === "lt_s")
    return passed(first, a.imm - right, step);
  return undefined;
}

/** Rounds until steps from the first value come to the end exactly. */
function reached(first: number, end: number, step: number): number | undefined {
  const distance = (step > 0 ? end - first : first - end) >>> 0;
  return distance % Math.abs(step) === 0 ? distance / Math.abs(step) + 1 : undefined;
}

/** Rounds until steps from the first value are at the end or beyond, all of it between 0 and 2^31. */
function passed(first: number, end: number, step: number): number | undefined {
  const most = 0x7fffffff;
  if (first > most) return undefined;
  const rounds = Math.max(0, Math.ceil((end - first) / step)) + 1;
  const last = first + rounds * step;
  return end >= Math.min(0, step) && end <= most && last <= most && last >= Math.min(0, 2 * step) ? rounds : undefined;
}
