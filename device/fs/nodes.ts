/**
 * The index in RAM: 6 bytes a node, in typed arrays, since a JavaScript object would take ten times that on Espruino.
 */
export interface Nodes {
  /** Where the record with the node's name is, in units; 0 for none, PENDING or UNLINKED. */
  names: Uint16Array;
  /** Where the node's newest data record is, in units; 0 for none. */
  heads: Uint16Array;
  /** 16 bits of the CRC over name and parent, so that a look-up reads only likely records. */
  hashes: Uint16Array;
}

/** Nodes by which the arrays grow. */
const STEP = 32;

export function createNodes(): Nodes {
  return { names: new Uint16Array(STEP), heads: new Uint16Array(STEP), hashes: new Uint16Array(STEP) };
}

function grown(old: Uint16Array, length: number): Uint16Array {
  const array = new Uint16Array(length);
  array.set(old);
  return array;
}

/** Makes sure that `node` has its place in the arrays. */
export function reserveNode(nodes: Nodes, node: number): void {
  if (node >= nodes.names.length) {
    const length = node + STEP;
    nodes.names = grown(nodes.names, length);
    nodes.heads = grown(nodes.heads, length);
    nodes.hashes = grown(nodes.hashes, length);
  }
}
