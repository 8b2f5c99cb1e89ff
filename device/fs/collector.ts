import type { Content } from "./content.js";
import { PAGES, UNLINKED } from "./format.js";
import type { Log } from "./log.js";
import type { Nodes } from "./nodes.js";

/**
 * Garbage collection: the oldest block of the ring is emptied, one node a step, and given back.
 * Always the oldest, so every block wears alike, cold data moves on as well, and a removal can be
 * forgotten as soon as its own block is the oldest: nothing that it removed is left.
 */
export interface Collector {
  /** Moves what one node has in the oldest block; returns whether that block was given back. */
  step(): boolean;
}

/**
 * @param rename writes a node's name record anew
 * @param nameOf the bytes that stand for the node's name in a record
 */
export function createCollector(
  log: Log,
  nodes: Nodes,
  content: Content,
  rename: (node: number) => void,
  nameOf: (node: number) => number[],
): Collector {
  /** Where the next step looks; 0 before a block's first. */
  let at = 0;
  /** A bit for each node that was moved out of this block already. */
  let seen: Uint8Array;

  function move(node: number, block: number): void {
    if (seen[node >> 3] & (1 << (node & 7))) return;
    seen[node >> 3] |= 1 << (node & 7);
    const name = nodes.names[node];
    const head = nodes.heads[node];
    const nameHere = name > UNLINKED && ((name / log.blockUnits) | 0) === block;
    if (head && (((head / log.blockUnits) | 0) === block || log.skim(head).kind & PAGES))
      content.move(node, block, nameHere && name === head ? nameOf(node) : undefined);
    if (nameHere && nodes.names[node] === name) rename(node);
  }

  return {
    step: function () {
      const block = log.tail();
      if (!at) {
        at = log.first(block);
        seen = new Uint8Array((nodes.names.length >> 3) + 1);
      }
      const record = at % log.blockUnits ? log.peek(at) : undefined;
      if (record) {
        // A MORE belongs to the node of the record before it.
        if (record.node && record.node < nodes.names.length) move(record.node, block);
        at = record.next;
        return false;
      }
      if (!log.ended(at)) for (let node = 1; node < nodes.names.length; node++) move(node, block);
      at = 0;
      log.release();
      return true;
    },
  };
}
