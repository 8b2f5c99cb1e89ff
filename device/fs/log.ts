import type { Flash } from "../../hal/contract/index.js";
import * as errno from "./errno.js";
import type { Layout } from "./layout.js";
import { least, NEVER } from "./layout.js";
import { type NodeIndex, STEP } from "./node-index.js";
import type { ReadRecord, Records } from "./record-io.js";
import { CHAIN, Halves, HEADER, MAGIC, MANY, NODE, NOWHERE, REMOVE, SUMMARY, TAKES, word } from "./record.js";
import { safely } from "./safely.js";

/** The log. Blocks are counted on and on: a block's place is the rest of the division by their number. */
export interface Log {
  /** The newest block, and the oldest. */
  head: number;
  tail: number;
  /** Where the next record goes, where the present block ends, and how many records are in it. */
  end: number;
  edge: number;
  records: number;
  free: number;
  /** Places of blocks that failed. */
  readonly bad: number[];
  userBytes: number;
  /** Why nothing can be written. */
  problem: string | undefined;
}

/** An empty log. */
export function newLog(blocks: number): Log {
  return {
    head: -1,
    tail: NEVER,
    end: 0,
    edge: 0,
    records: 0,
    free: blocks,
    bad: [],
    userBytes: 0,
    problem: undefined,
  };
}

/** Writes records one behind another, and keeps the index up to date with them. */
export function createLogging(
  flash: Flash,
  layout: Layout,
  record: ReadRecord,
  records: Records,
  index: NodeIndex,
  log: Log,
) {
  function isIn(address: number, block: number): boolean {
    return address > NOWHERE && ((address / layout.blockUnits) | 0) === block % layout.blocks;
  }

  function enter(block: number): void {
    log.head = block;
    log.end = log.edge = ((block % layout.blocks) + 1) * layout.blockUnits;
    log.records = record.loaded = 0;
  }

  /** Makes a block blank and begins it. Throws EIO where its cells are worn. */
  function begin(at: number, record: Uint8Array): void {
    // In the first lap blank blocks were never erased, so needn't be.
    if (log.head >= layout.blocks || !records.isBlank(at, layout.blockSize)) flash.erase(at);
    if (!records.isBlank(at, layout.blockSize)) throw errno.EIO;
    records.put(at / layout.unit, record);
  }
  const tryBegin = safely(begin);

  /** Begins the next block, with what is valid of this one, so that mounting needn't look at all of its records. */
  function open(): void {
    let entries: number[] = [];
    for (let node = index.nodes; --node;)
      if (isIn(index.heads[node], log.head) || (index.hashes[node] && !index.heads[node]))
        entries.push(node, index.hashes[node] && index.heads[node]);
    if (log.records < MANY || entries.length > least(layout.blockSize >> 6, SUMMARY)) entries = [];
    while (log.free) {
      enter(log.head + 1);
      const index = log.head % layout.blocks;
      if (log.bad.indexOf(index) < 0) {
        const oldest = least(log.tail, log.head);
        const record = records.make(
          HEADER,
          0,
          word(MAGIC).concat(word(log.head), word(oldest), word(log.userBytes), entries),
        );
        log.free--;
        if (!tryBegin(index * layout.blockSize, record)) {
          log.tail = oldest;
          log.end += record.length / layout.unit - layout.blockUnits;
          return;
        }
        log.bad.push(index);
      }
    }
    throw errno.ENOSPC;
  }

  /** Writes a record and applies it to the index; returns its address, 0 where a chain would leave its block. */
  function append(type: number, node: number, front: number[], data?: Uint8Array, text?: string): number {
    const record = records.make(type, node, front, data, text);
    const count = record.length / layout.unit;
    for (;;) {
      const address = log.end;
      if (address + count <= log.edge) {
        log.end += count;
        log.records++;
        if (!records.tryPut(address, record)) {
          apply(address, type, node, front[0]);
          return address;
        }
        // Something is there already, or the cells are worn. What was written stays good.
        log.end = log.edge;
      }
      if (type >= CHAIN) return 0;
      open();
    }
  }

  function reserveNode(node: number): void {
    if (node < index.nodes) return;
    const grown = function (old: Uint16Array) {
      const array = new Halves(index.nodes);
      array.set(old);
      return array;
    };
    index.nodes = node + STEP;
    index.heads = grown(index.heads);
    index.hashes = grown(index.hashes);
    index.costs = grown(index.costs);
    index.kinds = grown(index.kinds);
  }

  /** What a record means for the index. */
  function apply(address: number, type: number, node: number, other: number): void {
    if (type >= CHAIN) {
      const found = [].indexOf.call(index.heads, node as never);
      if (found > 0) index.heads[found] = address;
    } else if (node < layout.most)
      if (type >= NODE) {
        reserveNode(node);
        index.heads[node] = address;
        if (type & TAKES) forget(other);
      } else if (type === REMOVE) forget(node);
  }

  /** Takes a node's name away, and its data unless it is open. */
  function forget(node: number): void {
    if (node >= index.nodes) return;
    index.hashes[node] = 0;
    // What a summary couldn't say: that the node is to be forgotten although its data is kept.
    if (index.handles[node]) log.records = -NEVER;
    else drop(node);
  }

  /** No record begins in a block's last unit that another could follow: that place says where the node ended. */
  function drop(node: number): void {
    index.live -= index.costs[node];
    index.bound = NEVER;
    index.costs[node] = 0;
    index.kinds[node] = 0;
    index.heads[node] = log.edge - 1;
  }

  return {
    isIn: isIn,
    enter: enter,
    open: open,
    append: append,
    reserveNode: reserveNode,
    apply: apply,
    forget: forget,
    drop: drop,
  };
}

export type Logging = ReturnType<typeof createLogging>;
