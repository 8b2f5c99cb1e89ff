import wabt from "wabt";
import { Random } from "../../../testing/random.js";
import { instantiateThumb } from "../../../testing/thumb-instance.js";
import { compileToThumb } from "../../compile.js";
import { reciprocalOf } from "./divide.js";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (SEED=${seed} repeats it)`);
const random = new Random(seed);

const EDGES = [3, 5, 6, 7, 9, 10, 11, 14, 25, 28, 60, 100, 125, 641, 1000, 1461, 3600, 65535, 65537, 86400, 146097];
const LARGE = [
  1e6, 1e9, 0x3fffffff, 0x40000001, 0x7fffffff, 0x80000001, 0xaaaaaaab, 0xfffffffd, 0xfffffffe, 0xffffffff,
];
const ANY = Array.from({ length: 20 }, () => random.next() >>> random.below(30)).filter((d) => d & (d - 1));

/** Dividends at which a quotient changes, the first, the last, and some between. */
function dividends(divisor: number): number[] {
  const last = Math.floor(0xffffffff / divisor);
  const middle = Math.floor(0x80000000 / divisor);
  const multiples = [1, 2, middle, last, last - 1, Math.floor((random.next() / 2 ** 32) * last)];
  const near = multiples.flatMap((multiple) => [multiple * divisor - 1, multiple * divisor, multiple * divisor + 1]);
  const edges = [0, 1, 2, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff];
  return [...edges, ...near, ...near.map((one) => -one), random.next()].map((one) => one >>> 0);
}

test("the product's high word is the quotient, for dividends at which it changes", () => {
  const wrong: string[] = [];
  const several = Array.from({ length: 20_000 }, () => random.next() >>> random.below(30)).filter((d) => d & (d - 1));
  for (const divisor of [...EDGES, ...LARGE, ...several]) {
    for (const most of [0xffffffff, 0x80000000]) {
      const { before, factor, long, after } = reciprocalOf(divisor, most);
      for (const x of dividends(divisor).filter((one) => one <= most)) {
        const high = (BigInt(x >>> before) * (BigInt(factor) + (long ? 2n ** 32n : 0n))) >> 32n;
        if (high >> BigInt(after) !== BigInt(Math.floor(x / divisor))) wrong.push(`${x} / ${divisor}, up to ${most}`);
      }
      expect(factor).toBeLessThan(2 ** 32);
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
});

const OPERATORS: Readonly<Record<string, (x: number, divisor: number) => number>> = {
  div_u: (x, divisor) => Math.floor(x / (divisor >>> 0)),
  rem_u: (x, divisor) => x % (divisor >>> 0),
  div_s: (x, divisor) => Math.trunc((x | 0) / (divisor | 0)),
  rem_s: (x, divisor) => (x | 0) % (divisor | 0),
};

test.each(Object.keys(OPERATORS))("i32.%s by constants", async (name) => {
  const powers = [1, 2, 8, 0x40000000, 0x80000000, -2, -8, -0x40000000];
  const divisors = [...EDGES, ...LARGE, ...ANY, ...powers, ...EDGES.map((one) => -one)].filter(
    (one) => (one | 0) !== -1,
  );
  const functions = divisors.map(
    (divisor, n) =>
      `(func (export "f${n}") (param i32) (result i32) (i32.${name} (local.get 0) (i32.const ${divisor | 0})))`,
  );
  const wasm = (await wabt()).parseWat("divide.wat", `(module ${functions.join("\n")})`).toBinary({}).buffer;
  const guest = instantiateThumb(compileToThumb(wasm), { memoryBytes: 0, imports: [] });
  const wrong: string[] = [];
  divisors.forEach((divisor, n) => {
    for (const x of dividends(Math.abs(divisor))) {
      const [found] = guest.call(`f${n}`, [x], 1);
      const right = OPERATORS[name](x, divisor) | 0;
      if (found !== right) wrong.push(`${x} ${name} ${divisor} is ${found}, not ${right}`);
    }
  });
  expect(wrong.slice(0, 5)).toEqual([]);
});
