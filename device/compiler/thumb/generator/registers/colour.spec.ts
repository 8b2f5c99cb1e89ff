import { expect, test } from "@jest/globals";
import { FIRST_VIRTUAL } from "../machine/function.js";
import { colour } from "./colour.js";
import { COLOURS, type Copy, type Interference } from "./interference.js";

/** Random numbers below a bound, from a seed. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function graphOf(size: number, edges: readonly (readonly [number, number])[], copies: readonly Copy[]): Interference {
  const neighbours = Array.from({ length: FIRST_VIRTUAL + size }, () => new Set<number>());
  for (const [a, b] of edges) {
    neighbours[a].add(b);
    neighbours[b].add(a);
  }
  return { neighbours, copies: [...copies], cost: new Float64Array(FIRST_VIRTUAL + size).fill(1) };
}

test("neighbours never share a register, copies do where they may: 300 random graphs", () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e6);
  console.log(`SEED=${seed}`);
  for (let round = 0; round < 300; round++) {
    const below = random(seed + round);
    const size = 5 + below(60);
    const any = () => (below(8) === 0 ? below(4) : FIRST_VIRTUAL + below(size));
    const edges = Array.from({ length: below(size * 5) }, () => [any(), any()] as const).filter(([a, b]) => a !== b);
    const copies = Array.from({ length: below(size) }, () => ({ to: any(), from: any(), weight: 1 + below(64) }));
    const { colours, spilled, aliasOf } = colour(graphOf(size, edges, copies), () => 1);
    const gone = new Set(spilled);
    for (const [a, b] of edges) {
      const [x, y] = [colours[a], colours[b]];
      if (gone.has(aliasOf(a)) || gone.has(aliasOf(b))) continue;
      expect(x === y && x !== undefined ? [a, b, x] : "apart").toBe("apart");
    }
    for (const register of colours) expect(register === undefined || (register >= 0 && register < COLOURS)).toBe(true);
  }
});

test("a copy's two sides get one register when nothing is in the way, and a fixed one's", () => {
  const [a, b] = [FIRST_VIRTUAL, FIRST_VIRTUAL + 1];
  const copies = [
    { to: a, from: 3, weight: 1 },
    { to: b, from: a, weight: 1 },
  ];
  const { colours } = colour(graphOf(2, [], copies), () => 1);
  expect([colours[a], colours[b]]).toEqual([3, 3]);
});

test("the cheapest of nine that are all needed at once goes without", () => {
  const all = Array.from({ length: COLOURS + 1 }, (_, n) => FIRST_VIRTUAL + n);
  const edges = all.flatMap((a) => all.filter((b) => b > a).map((b) => [a, b] as const));
  const { spilled } = colour(graphOf(all.length, edges, []), (register) => (register === all[4] ? 1 : 100));
  expect(spilled).toEqual([all[4]]);
});
