import type { Block, Value } from "../ssa/graph.js";
import type { Loop } from "../ssa/flow.js";
import { invertComparison } from "../ssa/fold.js";

/** A variable that goes up or down by the same amount each round, until it reaches a constant. */
export interface Counter {
  readonly phi: Value;
  /** Values at the start of the first and of the last round, unsigned; the first is the greater one if it goes down. */
  readonly first: number;
  readonly last: number;
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
 * The counters of a loop from constant to constant.
 * @param passed whether a block of the loop is passed in each round: it dominates the way back
 */
export function countersOf(loop: Loop, passed: (block: Block) => boolean): Counter[] {
  const { head } = loop;
  const entering = head.preds.filter((pred) => !loop.blocks.has(pred));
  if (entering.length !== 1 || head.preds.length !== 2) return [];
  const from = head.preds.indexOf(entering[0]);
  const exits = exitsOf(loop, passed);
  const counters: Counter[] = [];
  for (const phi of head.phis) {
    const first = phi.args[from];
    const next = phi.args[1 - from];
    if (first.op !== "const" || next.op !== "add" || next.args[0] !== phi || next.args[1].op !== "const") continue;
    const step = next.args[1].imm;
    if (step === 0) continue;
    for (const exit of exits) {
      const last = lastRound(phi, next, first.imm >>> 0, step, exit);
      if (last === undefined) continue;
      const start = first.imm >>> 0;
      counters.push({ phi, first: start, last, step, rounds: (last - start) / step + 1 });
    }
  }
  return counters;
}

/** The variable's value in the last round, where that is told by an exit and there is no overflow on the way. */
function lastRound(phi: Value, next: Value, first: number, step: number, exit: Exit): number | undefined {
  let { condition } = exit;
  const { goesOn } = exit;
  if (condition === phi || condition === next) {
    // Until it is zero.
    const zero = condition === phi ? 0 : -step;
    return goesOn ? reached(first, zero, step) : undefined;
  }
  if (condition.args.length !== 2) return undefined;
  if (!goesOn) {
    const inverse = invertComparison(condition.op);
    if (!inverse) return undefined;
    condition = {
      ...condition,
      op: inverse.op,
      args: inverse.swap ? [condition.args[1], condition.args[0]] : condition.args,
    };
  }
  const [a, b] = condition.args;
  const tested = (value: Value): number | undefined => (value === phi ? 0 : value === next ? step : undefined);
  const ahead = tested(a);
  if (ahead !== undefined && b.op === "const") {
    if (condition.op === "ne") return reached(first, b.imm - ahead, step);
    // Below a bound: the last round is the first one whose test fails.
    if (condition.op === "lt_u" || condition.op === "lt_s") {
      const bound = condition.op === "lt_u" ? b.imm >>> 0 : b.imm;
      if (step < 0 || bound < 0 || bound > 0x7fffffff || first > 0x7fffffff) return undefined;
      const rounds = Math.max(0, Math.ceil((bound - ahead - first) / step));
      return first + rounds * step + step > 0x7fffffff ? undefined : first + rounds * step;
    }
  }
  const behind = tested(b);
  if (behind !== undefined && a.op === "const" && condition.op === "lt_s") {
    // Above a bound, going down.
    if (step > 0 || a.imm < 0 || first > 0x7fffffff) return undefined;
    const rounds = Math.max(0, Math.ceil((a.imm - behind - first) / step));
    const last = first + rounds * step;
    return last < 0 ? undefined : last;
  }
  return undefined;
}

/** The end, if steps from the first value come to it exactly, without passing 0 or 2^32. */
function reached(first: number, end: number, step: number): number | undefined {
  const goal = end >>> 0;
  const rounds = (goal - first) / step;
  return Number.isInteger(rounds) && rounds >= 0 ? goal : undefined;
}
