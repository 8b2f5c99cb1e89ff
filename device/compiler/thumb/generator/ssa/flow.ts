import { type Block, type Graph, successors } from "./graph.js";

/** Drops blocks that can't be reached, puts the others in reverse postorder, and finds each one's dominator. */
export function analyseFlow(graph: Graph): void {
  const order: Block[] = [];
  const seen = new Set<Block>([graph.entry]);
  const stack: { block: Block; next: Block[] }[] = [{ block: graph.entry, next: successors(graph.entry).reverse() }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    // The last successor first: the arm taken comes behind the arm not taken, and a loop's body before its exit.
    const block = top.next.shift();
    if (!block) {
      order.push(top.block);
      stack.pop();
    } else if (!seen.has(block)) {
      seen.add(block);
      stack.push({ block, next: successors(block).reverse() });
    }
  }
  order.reverse();
  for (const block of order) {
    const kept = block.preds.map((pred) => seen.has(pred));
    if (kept.includes(false)) {
      for (const phi of block.phis) phi.args = phi.args.filter((_, at) => kept[at]);
      block.preds = block.preds.filter((_, at) => kept[at]);
    }
  }
  graph.blocks = order;
  const number = new Map(order.map((block, at) => [block, at]));
  for (const block of order) block.idom = undefined;
  graph.entry.idom = graph.entry;
  const meet = (a: Block, b: Block): Block => {
    let [x, y] = [a, b];
    while (x !== y) {
      while (number.get(x)! > number.get(y)!) x = x.idom!;
      while (number.get(y)! > number.get(x)!) y = y.idom!;
    }
    return x;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const block of order) {
      if (block === graph.entry) continue;
      let idom: Block | undefined;
      for (const pred of block.preds) {
        if (!pred.idom) continue;
        idom = idom ? meet(idom, pred) : pred;
      }
      if (idom !== block.idom) {
        block.idom = idom;
        changed = true;
      }
    }
  }
  graph.entry.idom = undefined;
}

/** Whether every way to `b` goes through `a`. */
export function dominates(a: Block, b: Block): boolean {
  for (let block: Block | undefined = b; block; block = block.idom) if (block === a) return true;
  return false;
}

/** Blocks by their dominator. */
export function dominatorTree(graph: Graph): Map<Block, Block[]> {
  const children = new Map<Block, Block[]>();
  for (const block of graph.blocks) {
    if (block.idom) children.set(block.idom, [...(children.get(block.idom) ?? []), block]);
  }
  return children;
}

/** A loop: all blocks from which its head can be reached again without leaving it. */
export interface Loop {
  readonly head: Block;
  readonly blocks: ReadonlySet<Block>;
  /** Blocks that jump back to the head. */
  readonly latches: readonly Block[];
  parent?: Loop;
}

/** The loops of a graph, outer ones before inner ones; sets each block's depth. */
export function findLoops(graph: Graph): Loop[] {
  const loops: Loop[] = [];
  for (const head of graph.blocks) {
    const latches = head.preds.filter((pred) => dominates(head, pred));
    head.loopHead = latches.length > 0;
    if (latches.length === 0) continue;
    const blocks = new Set<Block>([head]);
    const work = [...latches];
    for (let block = work.pop(); block; block = work.pop()) {
      if (blocks.has(block)) continue;
      blocks.add(block);
      work.push(...block.preds);
    }
    loops.push({ head, blocks, latches });
  }
  for (const block of graph.blocks) block.depth = 0;
  loops.forEach((loop, at) => {
    for (const block of loop.blocks) block.depth++;
    for (let outer = at - 1; outer >= 0 && !loop.parent; outer--) {
      if (loops[outer].blocks.has(loop.head)) loop.parent = loops[outer];
    }
  });
  return loops;
}
