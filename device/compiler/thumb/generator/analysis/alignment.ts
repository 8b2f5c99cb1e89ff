import type { Graph, Value } from "../ssa/graph.js";

/** Low bits of each value that are known to be zero, 0-32. */
export type Alignment = (value: Value) => number;

/** All of a word's bits: of 0, and of what isn't known yet. */
const ALL = 32;

function zerosOf(number: number): number {
  return number === 0 ? ALL : 31 - Math.clz32(number & -number);
}

/**
 * Finds out how values are aligned: assumes the best of all, and takes back what doesn't hold until all of it does.
 * @param globals low zero bits of what is read from a word of the context, by its place
 */
export function alignmentOf(graph: Graph, globals: (at: number) => number): Alignment {
  const known = new Map<Value, number>();
  const of = (value: Value): number => {
    switch (value.op) {
      // These float: no block has them.
      case "const":
        return zerosOf(value.imm);
      case "base":
        // Linear memory is 8-aligned.
        return Math.min(3, zerosOf(value.imm));
      case "param":
      case "pages":
      case "code":
      case "reference":
        return 0;
      default:
        return known.get(value) ?? ALL;
    }
  };
  const compute = (value: Value): number => {
    const [a, b] = value.args;
    switch (value.op) {
      case "phi":
        return Math.min(...value.args.map(of));
      case "add":
      case "sub":
      case "or":
      case "xor":
        return Math.min(of(a), of(b));
      case "and":
        return Math.max(of(a), of(b));
      case "mul":
        return Math.min(ALL, of(a) + of(b));
      case "shl":
        return b.op === "const" ? Math.min(ALL, of(a) + (b.imm & 31)) : of(a);
      case "select":
        return Math.min(of(b), of(value.args[2]));
      case "get":
        return globals(value.imm);
      default:
        return 0;
    }
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const { phis, body } of graph.blocks) {
      for (const list of [phis, body]) {
        for (const value of list) {
          const now = compute(value);
          if (now >= of(value)) continue;
          known.set(value, now);
          changed = true;
        }
      }
    }
  }
  return of;
}

/** What a word of the context holds at first. */
export interface WordAtStart {
  /** Bytes from the context. */
  readonly at: number;
  readonly value: number;
}

/**
 * How globals are aligned throughout: as they start, and as every function that sets them leaves them. The stack pointer
 * of C is the one that matters: what lies on that stack is aligned with it.
 * @param words globals that nothing but these functions can set
 */
export function globalAlignment(graphs: readonly Graph[], words: readonly WordAtStart[]): (at: number) => number {
  const known = new Map(words.map(({ at, value }) => [at, zerosOf(value)]));
  const of = (at: number): number => known.get(at) ?? 0;
  const setting = graphs.filter(({ blocks }) =>
    blocks.some(({ body }) => body.some(({ op, imm }) => op === "set" && known.has(imm))),
  );
  for (let changed = true; changed;) {
    changed = false;
    for (const graph of setting) {
      const alignment = alignmentOf(graph, of);
      for (const { body } of graph.blocks) {
        for (const { op, imm, args } of body) {
          if (op !== "set" || !known.has(imm)) continue;
          const now = Math.min(of(imm), alignment(args[0]));
          if (now === of(imm)) continue;
          known.set(imm, now);
          changed = true;
        }
      }
    }
  }
  return of;
}

/** Marks the accesses whose addresses are multiples of their size. */
export function markAligned(graph: Graph, alignment: Alignment): void {
  for (const { body } of graph.blocks) {
    for (const value of body) {
      if (value.op !== "load" && value.op !== "store") continue;
      const size = Math.min(value.bytes, 4);
      if (value.imm % size === 0 && 2 ** alignment(value.args[0]) >= size) value.aligned = true;
    }
  }
}
