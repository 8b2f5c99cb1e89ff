import { NEVER } from "./layout.js";
import { Halves } from "./record.js";

/** Nodes by which the index grows. */
export const STEP = 32;

/** What is known of each node, in 8 bytes, and what all of them take. */
export interface NodeIndex {
  nodes: number;
  /** Where its newest record is. */
  heads: Uint16Array;
  /** 16 bits that tell most names apart; 0 when it has none. */
  hashes: Uint16Array;
  /** The units that it takes when packed. */
  costs: Uint16Array;
  /** Whether it is a file or a directory; 0 when it is nothing. */
  kinds: Uint16Array;
  /** How often each is open. */
  readonly handles: { [node: number]: number };
  /** Units that all that is stored takes when packed, and a bound on it that collecting found out. */
  live: number;
  bound: number;
}

/** An index without nodes. */
export function newNodeIndex(): NodeIndex {
  return {
    nodes: STEP,
    heads: new Halves(STEP),
    hashes: new Halves(STEP),
    costs: new Halves(STEP),
    kinds: new Halves(STEP),
    handles: {},
    live: 0,
    bound: NEVER,
  };
}
