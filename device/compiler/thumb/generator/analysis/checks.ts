import { type Block, type Graph, type Value } from "../ssa/graph.js";
import { dominates, dominatorTree, findLoops } from "../ssa/flow.js";
import { countersOf, type Counter } from "./induction.js";
import { impliedBy, type Range, rangeOf } from "./ranges.js";

/** The counters of all loops, by their variables. */
export function countersIn(graph: Graph): Map<Value, Counter> {
  const counters = new Map<Value, Counter>();
  for (const loop of findLoops(graph)) {
    const passed = (block: Block): boolean => loop.latches.every((latch) => dominates(block, latch));
    for (const counter of countersOf(loop, passed)) counters.set(counter.phi, counter);
  }
  return counters;
}

/**
 * Drops checks of addresses that can't be out of bounds, as ranges, counters, branches and checks before show. Checks
 * aren't moved: what is stored before a trap is stored.
 */
export function dropChecks(graph: Graph, counters: ReadonlyMap<Value, Counter>, leastMemoryBytes: number): void {
  const facts = new Map<Value, Range[]>();
  const known = (value: Value): Range | undefined => {
    const ranges = facts.get(value);
    return ranges?.[ranges.length - 1];
  };
  const of = (value: Value): Range => rangeOf(value, known, counters, leastMemoryBytes);
  const children = dominatorTree(graph);
  const visit = (block: Block): void => {
    const learnt: Value[] = [];
    const learn = (value: Value, range: Range): void => {
      if (value.op === "const") return;
      const before = known(value);
      const least = Math.max(range.least, before?.least ?? 0);
      const most = Math.min(range.most, before?.most ?? 0xffffffff);
      if (least > most) return;
      const ranges = facts.get(value) ?? [];
      ranges.push({ least, most });
      facts.set(value, ranges);
      learnt.push(value);
    };
    if (block.preds.length === 1) {
      const { end } = block.preds[0];
      if (end.kind === "branch" && end.then !== end.else) {
        for (const [value, range] of [...impliedBy(end.condition, end.then === block, of)]) learn(value, range);
      }
    }
    block.body = block.body.filter((value) => {
      if (value.op !== "bound") return true;
      const [address, limit] = value.args;
      const most = of(limit).least;
      if (of(address).most <= most) return false;
      // From here on it's known.
      learn(address, { least: 0, most: of(limit).most });
      return true;
    });
    for (const child of children.get(block) ?? []) visit(child);
    for (const value of learnt) facts.get(value)!.pop();
  };
  visit(graph.entry);
}
