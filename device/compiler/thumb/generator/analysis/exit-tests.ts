import type { Block, Graph, Value } from "../ssa/graph.js";

/** What a loop's variable becomes in this block for the next round, if that is its sum with a constant. */
function nextOf(block: Block, phi: Value): Value | undefined {
  const next = phi.args[phi.block.preds.indexOf(block)] as Value | undefined;
  return next?.op === "add" && next.args[0] === phi && next.args[1].op === "const" && next.block === block
    ? next
    : undefined;
}

/**
 * Has loops test what a variable becomes rather than what it was: then the old value isn't needed any more where the
 * new one is there, and both can be in one register.
 */
export function testNext(graph: Graph): void {
  for (const block of graph.blocks) {
    if (block.end.kind !== "branch") continue;
    const { condition } = block.end;
    const [phi, end] = condition.args;
    if ((condition.op !== "eq" && condition.op !== "ne") || phi.op !== "phi" || end.op !== "const") continue;
    const next = nextOf(block, phi);
    if (!next) continue;
    const moved = (end.imm + next.args[1].imm) | 0;
    block.end.condition = {
      ...condition,
      id: graph.values++,
      block,
      args: [next, { ...end, id: graph.values++, imm: moved }],
    };
    block.body.push(block.end.condition);
  }
}
