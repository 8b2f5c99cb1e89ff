import { Random } from "../../testing/random.js";
import { createRoutines } from "../testing/routine.js";
import { routineNames } from "./link.js";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (SEED=${seed} repeats it)`);
const random = new Random(seed);

const CANONICAL = 0x7fc00000;
const view = new DataView(new ArrayBuffer(4));
const floatOf = (bits: number): number => (view.setUint32(0, bits), view.getFloat32(0));
/** Of the float that JavaScript rounds to. */
function bitsOf(value: number): number {
  if (Number.isNaN(value)) return CANONICAL;
  view.setFloat32(0, value);
  return view.getUint32(0);
}

/** Zero, the least and greatest subnormals, the least and greatest numbers, ones and their neighbours, halves, NaNs. */
const magnitudes = [
  ...[0, 1, 2, 3, 0x3fffff, 0x400000, 0x400001, 0x7ffffe, 0x7fffff, 0x800000, 0x800001, 0xffffff, 0x1000000],
  ...[0x1000001, 0x3effffff, 0x3f000000, 0x3f000001, 0x3f7fffff, 0x3f800000, 0x3f800001, 0x3fc00000, 0x40000000],
  ...[0x40200000, 0x40490fdb, 0x4affffff, 0x4b000000, 0x4b000001, 0x4b7fffff, 0x4b800000, 0x4b800001, 0x4effffff],
  ...[0x4f000000, 0x4f000001, 0x4f7fffff, 0x4f800000, 0x5effffff, 0x5f000000, 0x5f7fffff, 0x5f800000, 0x7e800000],
  ...[0x7effffff, 0x7f000000, 0x7f7ffffe, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fbfffff, 0x7fc00000, 0x7fffffff],
  ...[0x33800000, 0x34000000, 0x20000000, 0x1f800000, 0x5fffffff, 0x0c000000, 0x0b800000],
];
const edges = magnitudes.flatMap((bits) => [bits, (bits | 0x80000000) >>> 0]);
type Pair = readonly [number, number];
const many = (count: number, pair: () => Pair): Pair[] => Array.from({ length: count }, pair);
const anything = () => random.next() >>> 0;
const subnormal = () => ((random.next() & 0x80000000) | (random.next() & (0x7fffff >>> random.below(23)))) >>> 0;
/** Significands with few bits make ties. */
const sparse = () => (anything() & (0xff800000 | (0x7fffff << random.below(24)))) >>> 0;
function near(bits: number): number {
  const exponent = ((bits >>> 23) & 255) + random.below(61) - 30;
  return ((random.next() & 0x807fffff) | (Math.max(0, Math.min(254, exponent)) << 23)) >>> 0;
}
const pairs: Pair[] = [
  ...edges.flatMap((one) => edges.map((other) => [one, other] as const)),
  ...many(10000, () => [anything(), anything()]),
  ...many(10000, () => {
    const one = anything();
    return [one, near(one)];
  }),
  ...many(5000, () => {
    const one = sparse();
    return [one, near(one) & 0xfffff000];
  }),
  // Alike but for their last bits: what cancels.
  ...many(3000, () => {
    const one = anything();
    return [one, (one ^ 0x80000000 ^ (random.next() >>> (9 + random.below(23)))) >>> 0];
  }),
  ...many(4000, () => [subnormal(), subnormal()]),
  ...many(4000, () => [subnormal(), anything()]),
  ...many(4000, () => [anything(), subnormal()]),
  // Products and quotients about the least normal number, and about the greatest.
  ...many(5000, () => {
    const one = 1 + random.below(254);
    const other = Math.max(0, Math.min(254, [127 - 10, 127 + 126][random.below(2)] - one + random.below(30)));
    return [((anything() & 0x807fffff) | (one << 23)) >>> 0, ((sparse() & 0x807fffff) | (other << 23)) >>> 0];
  }),
  ...many(5000, () => {
    const one = anything();
    const exponent = Math.max(
      0,
      Math.min(254, ((one >>> 23) & 255) + [127, -127][random.below(2)] + random.below(9) - 4),
    );
    return [one, ((anything() & 0x807fffff) | (exponent << 23)) >>> 0];
  }),
];
const routines = createRoutines(routineNames().filter((name) => /f32|__aeabi_(c?fr?[acdms]|u?[il]2f)/.test(name)));
const hex = (bits: number) => `0x${(bits >>> 0).toString(16).padStart(8, "0")}`;

/** The first few that differ. */
function compare(name: string, cases: readonly (readonly number[])[], right: (...args: number[]) => number | string) {
  const wrong: string[] = [];
  for (const args of cases) {
    const result = routines.call(name, ...args);
    const seen = typeof result === "string" ? result : hex(result[0]);
    const expected = right(...args);
    const wanted = typeof expected === "string" ? expected : hex(expected);
    if (seen !== wanted) wrong.push(`${name}(${args.map(hex).join(", ")}) = ${seen}, not ${wanted}`);
  }
  expect(wrong.slice(0, 8)).toEqual([]);
}

// A double rounded to a float is right: its 53 bits are more than twice 24 and one.
test.each<[string, (a: number, b: number) => number]>([
  ["__aeabi_fadd", (a, b) => a + b],
  ["__aeabi_fsub", (a, b) => a - b],
  ["__aeabi_frsub", (a, b) => b - a],
  ["__aeabi_fmul", (a, b) => a * b],
  ["__aeabi_fdiv", (a, b) => a / b],
])("%s rounds to nearest even, and makes the canonical NaN", (name, operation) => {
  compare(name, pairs, (a, b) => bitsOf(Math.fround(operation(floatOf(a), floatOf(b)))));
});

test.each<[string, (a: number, b: number) => boolean]>([
  ["__aeabi_fcmpeq", (a, b) => a === b],
  ["__aeabi_fcmplt", (a, b) => a < b],
  ["__aeabi_fcmple", (a, b) => a <= b],
  ["__aeabi_fcmpge", (a, b) => a >= b],
  ["__aeabi_fcmpgt", (a, b) => a > b],
])("%s is 1 or 0, 0 when unordered", (name, operation) => {
  compare(name, pairs, (a, b) => Number(operation(floatOf(a), floatOf(b))));
});
