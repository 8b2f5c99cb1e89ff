import type { Register } from "../../instruction.js";
import { FIRST_VIRTUAL } from "../machine/function.js";
import { COLOURS, type Copy, type Interference } from "./interference.js";

/** Registers for values, as far as they sufficed. */
export interface Colouring {
  /** By virtual register: the low register it has; undefined for what is spilled. */
  readonly colours: (Register | undefined)[];
  /** What got none; each stands for all that `aliasOf` leads to it. */
  readonly spilled: readonly Register[];
  /** The value that another has become one with. */
  aliasOf(register: Register): Register;
}

/**
 * Iterated register coalescing (L. George and A. W. Appel, ACM TOPLAS 18(3), 1996): simplify, coalesce, freeze, spill,
 * select; copies are joined only where that can't make the graph harder to colour.
 * @param cheap what a value costs to do without, lower first; Infinity for what must have a register
 */
export function colour(graph: Interference, cheap: (register: Register) => number): Colouring {
  const size = graph.neighbours.length;
  const neighbours = graph.neighbours;
  const degree = new Int32Array(size);
  const alias = new Int32Array(size).fill(-1);
  const gone = new Uint8Array(size); // 1: on the stack, 2: joined with another
  const stack: Register[] = [];
  const copiesOf: Copy[][] = Array.from({ length: size }, () => []);
  const done = new Set<Copy>();
  const waiting = new Set<Copy>();
  const active = new Set<Copy>();

  for (let n = 0; n < COLOURS; n++) {
    for (let other = 0; other < COLOURS; other++) if (n !== other) neighbours[n].add(other);
  }
  const isFixed = (register: Register) => register < COLOURS;
  const aliasOf = (register: Register): Register => {
    let found = register;
    while (alias[found] >= 0) found = alias[found];
    return found;
  };
  const nodes: Register[] = [];
  for (let n = 0; n < size; n++) {
    degree[n] = isFixed(n) ? 1e9 : neighbours[n].size;
    if (n >= FIRST_VIRTUAL && (neighbours[n].size > 0 || graph.cost[n] > 0)) nodes.push(n);
  }
  for (const copy of [...graph.copies].sort((a, b) => b.weight - a.weight)) {
    if (copy.to === copy.from) continue;
    copiesOf[copy.to].push(copy);
    copiesOf[copy.from].push(copy);
    waiting.add(copy);
  }
  const liveCopies = (register: Register) =>
    copiesOf[register].filter((copy) => !done.has(copy) && (waiting.has(copy) || active.has(copy)));
  const hasCopies = (register: Register) => copiesOf[register].some((copy) => waiting.has(copy) || active.has(copy));

  const simplifiable = new Set<Register>();
  const freezable = new Set<Register>();
  const many = new Set<Register>();
  const classify = (register: Register): void => {
    simplifiable.delete(register);
    freezable.delete(register);
    many.delete(register);
    if (gone[register] || isFixed(register)) return;
    if (degree[register] >= COLOURS) many.add(register);
    else if (hasCopies(register)) freezable.add(register);
    else simplifiable.add(register);
  };
  nodes.forEach(classify);

  const adjacent = function* (register: Register): Iterable<Register> {
    for (const other of neighbours[register]) if (!gone[other]) yield other;
  };
  const enableCopies = (register: Register): void => {
    for (const copy of copiesOf[register]) {
      if (active.delete(copy)) waiting.add(copy);
    }
  };
  const lower = (register: Register): void => {
    if (isFixed(register)) return;
    const before = degree[register]--;
    if (before !== COLOURS) return;
    enableCopies(register);
    for (const other of adjacent(register)) enableCopies(other);
    classify(register);
  };
  const remove = (register: Register): void => {
    gone[register] = 1;
    classify(register);
    stack.push(register);
    for (const other of adjacent(register)) lower(other);
  };
  const join = (a: Register, b: Register): void => {
    if (a === b || neighbours[a].has(b)) return;
    neighbours[a].add(b);
    neighbours[b].add(a);
    if (!isFixed(a)) degree[a]++;
    if (!isFixed(b)) degree[b]++;
  };
  const settle = (register: Register): void => {
    if (!isFixed(register)) classify(register);
  };
  /** George's test: whatever is in b's way is in a's already, or is no trouble. */
  const harmless = (a: Register, b: Register): boolean => {
    for (const other of adjacent(b)) {
      if (degree[other] >= COLOURS && !isFixed(other) && !neighbours[other].has(a)) return false;
      if (isFixed(other) && !neighbours[other].has(a)) return false;
    }
    return true;
  };
  /** Briggs' test: the joined value would have fewer neighbours of high degree than there are registers. */
  const conservative = (a: Register, b: Register): boolean => {
    let high = 0;
    const count = (other: Register, common: boolean) => {
      // A common neighbour loses one neighbour when the two become one.
      if (degree[other] - (common ? 1 : 0) >= COLOURS) high++;
    };
    for (const other of adjacent(a)) count(other, !isFixed(other) && neighbours[other].has(b));
    for (const other of adjacent(b)) if (!neighbours[a].has(other)) count(other, false);
    return high < COLOURS;
  };
  const combine = (a: Register, b: Register): void => {
    gone[b] = 2;
    alias[b] = a;
    classify(b);
    copiesOf[a].push(...copiesOf[b]);
    enableCopies(b);
    for (const other of [...adjacent(b)]) {
      join(other, a);
      lower(other);
    }
    graph.cost[a] += graph.cost[b];
    if (!isFixed(a) && degree[a] >= COLOURS) classify(a);
  };
  const coalesce = (copy: Copy): void => {
    waiting.delete(copy);
    let a = aliasOf(copy.to);
    let b = aliasOf(copy.from);
    if (isFixed(b)) [a, b] = [b, a];
    if (a === b) {
      done.add(copy);
      settle(a);
    } else if (isFixed(b) || neighbours[a].has(b)) {
      done.add(copy);
      settle(a);
      settle(b);
    } else if (isFixed(a) ? harmless(a, b) : conservative(a, b) || harmless(a, b)) {
      done.add(copy);
      combine(a, b);
      settle(a);
    } else {
      active.add(copy);
    }
  };
  const freeze = (register: Register): void => {
    for (const copy of liveCopies(register)) {
      waiting.delete(copy);
      active.delete(copy);
      done.add(copy);
      const one = aliasOf(copy.to);
      settle(one === aliasOf(register) ? aliasOf(copy.from) : one);
    }
    classify(register);
  };
  const first = <T>(set: Set<T>): T => set.values().next().value as T;

  for (;;) {
    if (simplifiable.size > 0) remove(first(simplifiable));
    else if (waiting.size > 0) coalesce(first(waiting));
    else if (freezable.size > 0) freeze(first(freezable));
    else if (many.size > 0) {
      let chosen = -1;
      let least = Infinity;
      for (const register of many) {
        const price = cheap(register) / degree[register];
        if (chosen < 0 || price < least) {
          chosen = register;
          least = price;
        }
      }
      // Optimistically: it may get a register all the same.
      for (const copy of liveCopies(chosen)) {
        waiting.delete(copy);
        active.delete(copy);
        done.add(copy);
        const one = aliasOf(copy.to);
        settle(one === chosen ? aliasOf(copy.from) : one);
      }
      remove(chosen);
    } else break;
  }

  const colours: (Register | undefined)[] = Array.from({ length: size }, (_, n) => (n < COLOURS ? n : undefined));
  const spilled: Register[] = [];
  const usedHigh = new Set<Register>();
  for (let register = stack.pop(); register !== undefined; register = stack.pop()) {
    const taken = new Set<Register>();
    for (const other of neighbours[register]) {
      const found = colours[aliasOf(other)];
      if (found !== undefined) taken.add(found);
    }
    const free = Array.from({ length: COLOURS }, (_, n) => n).filter((n) => !taken.has(n));
    if (free.length === 0) {
      spilled.push(register);
      continue;
    }
    // Where a copy couldn't be joined, the same register may be free all the same.
    const liked = copiesOf[register]
      .map((copy) => colours[aliasOf(aliasOf(copy.to) === register ? copy.from : copy.to)])
      .find((wanted) => wanted !== undefined && free.includes(wanted));
    const known = free.find((n) => n < 4 || usedHigh.has(n));
    const chosen = liked ?? known ?? free[0];
    if (chosen >= 4) usedHigh.add(chosen);
    colours[register] = chosen;
  }
  for (let n = FIRST_VIRTUAL; n < size; n++) if (alias[n] >= 0) colours[n] = colours[aliasOf(n)];
  return { colours, spilled, aliasOf };
}
