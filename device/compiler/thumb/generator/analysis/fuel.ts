import type { Block, Graph, Value } from "../ssa/graph.js";
import { dominates, findLoops, type Loop } from "../ssa/flow.js";
import type { Counter } from "./induction.js";

/** Cycles that a loop may take, all told, without asking whether its time is up: some 0.4 ms on an RP2040. */
const UNASKED = 50_000;
/** Cycles that a value takes, more or less; a routine of the runtime takes more. */
const CYCLES = 2;
const ROUTINE_CYCLES = 150;

/**
 * Lets loops go without fuel that are known to end soon (that count from constant to constant and call no functions),
 * and those that call a function in each round which pays itself.
 * @param pays whether a function pays fuel when it's called
 */
export function dropFuel(
  graph: Graph,
  counters: ReadonlyMap<Value, Counter>,
  pays: (functionIndex: number) => boolean,
): void {
  const loops = findLoops(graph);
  const cycles = new Map<Loop, number>();
  // Inner loops come last.
  for (const loop of [...loops].reverse()) {
    const rounds = Math.min(Infinity, ...loop.head.phis.map((phi) => counters.get(phi)?.rounds ?? Infinity));
    const inner = loops.filter(({ parent }) => parent === loop);
    const own = [...loop.blocks].filter((block) => !inner.some(({ blocks }) => blocks.has(block)));
    const round = sum(own.map(costOf)) + sum(inner.map((one) => cycles.get(one)!));
    const all = rounds * round;
    cycles.set(loop, all);
    const paid = [...loop.blocks].some(
      (block) =>
        block.body.some(({ op, imm }) => op === "call" && pays(imm)) &&
        loop.latches.every((latch) => dominates(block, latch)),
    );
    if (!(all <= UNASKED) && !paid) continue;
    for (const latch of loop.latches) latch.body = latch.body.filter(({ op }) => op !== "fuel");
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function costOf({ body }: Block): number {
  let cycles = 2 * CYCLES;
  for (const value of body) {
    if (value.op === "call" || value.op === "call indirect") return Infinity;
    // What is filled or copied may be long.
    if (value.op === "routine" && /^(memory|table)\./.test(value.name)) return Infinity;
    cycles += value.op === "routine" || value.op === "pure routine" ? ROUTINE_CYCLES : CYCLES;
  }
  return cycles;
}
