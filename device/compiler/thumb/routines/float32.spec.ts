import { Random } from "../../testing/random.js";
import { createFlagsRoutine } from "../testing/flags.js";
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

test.each(["__aeabi_cfcmple", "__aeabi_cfrcmple"])("%s answers in the flags and keeps r0-r3", (name) => {
  const call = createFlagsRoutine(name);
  const wrong: string[] = [];
  for (const pair of pairs) {
    const [a, b] = (name === "__aeabi_cfcmple" ? pair : [...pair].reverse()).map(floatOf);
    const seen = call(...pair);
    const right = a < b ? 0 : a === b ? 1 : 2;
    if (seen !== right) wrong.push(`${name}(${pair.map(hex).join(", ")}) = ${seen}, not ${right}`);
  }
  expect(wrong.slice(0, 8)).toEqual([]);
});

const ones = [...edges, ...pairs.slice(-30000).map(([a]) => a)];

describe("f32 to an integer", () => {
  /** Around each power of two, where ranges end. */
  const cases = [
    ...ones,
    ...Array.from({ length: 70 * 64 }, (_, n) => {
      const bits = (((n % 70) + 124) << 23) + random.below(8) - 4;
      return (bits | (random.next() & 0x80000000)) >>> 0;
    }),
  ].map((bits) => [bits] as const);
  test.each([32, 64].flatMap((bits) => ["s", "u"].map((sign) => [bits, sign] as const)))(
    "i%d.trunc_f32_%s",
    (bits, sign) => {
      const [least, most] =
        sign === "s" ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];
      const wrong: string[] = [];
      for (const [bits32] of cases) {
        const value = floatOf(bits32);
        const whole = Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
        const out = whole === undefined ? !Number.isNaN(value) : whole < least || whole > most;
        const nearest = Number.isNaN(value) ? 0n : value < 0 ? least : most;
        const show = (result: bigint) => BigInt.asUintN(bits, result).toString(16);
        const exact = out || whole === undefined ? nearest : whole;
        const trap = Number.isNaN(value) ? "invalid conversion to integer" : "integer overflow";
        for (const [name, right] of [
          [`i${bits}.trunc_sat_f32_${sign}`, show(exact)],
          [`i${bits}.trunc_f32_${sign}`, out || whole === undefined ? trap : show(exact)],
        ]) {
          const result = routines.call(name, bits32);
          const seen =
            typeof result === "string"
              ? result
              : show((bits === 64 ? BigInt(result[1] >>> 0) << 32n : 0n) | BigInt(result[0] >>> 0));
          if (seen !== right) wrong.push(`${name}(${hex(bits32)}) = ${seen}, not ${right}`);
        }
      }
      expect(wrong.slice(0, 8)).toEqual([]);
    },
  );
});

describe("an integer to f32", () => {
  const words: Pair[] = [
    ...edges.flatMap((low) => [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x800000].map((high) => [low, high] as const)),
    ...many(20000, () => [anything() >>> random.below(32), anything() >>> random.below(32)]),
    ...many(5000, () => [-(anything() >>> random.below(32)) >>> 0, -(anything() >>> random.below(32)) >>> 0]),
    // 25 bits, at and about ties
    ...many(20000, () => {
      const tie = (BigInt((anything() >>> 7) | 0x1000001) << BigInt(random.below(40))) + BigInt(random.below(3) - 1);
      return [Number(BigInt.asUintN(32, tie)), Number(BigInt.asUintN(32, tie >> 32n))];
    }),
  ];
  test("32 bits", () => {
    compare("__aeabi_i2f", words, (a) => bitsOf(Math.fround(a | 0)));
    compare("__aeabi_ui2f", words, (a) => bitsOf(Math.fround(a >>> 0)));
  });
  test("64 bits", () => {
    /** By integers alone: through a double it would be rounded twice. */
    const rounded = (value: bigint): number => {
      const magnitude = value < 0n ? -value : value;
      const lost = BigInt(Math.max(0, magnitude.toString(2).length - 24));
      const half = lost > 0n ? 1n << (lost - 1n) : 0n;
      const rest = magnitude & ((1n << lost) - 1n);
      const kept = magnitude >> lost;
      const up = lost > 0n && (rest > half || (rest === half && (kept & 1n) === 1n));
      const result = Number((kept + (up ? 1n : 0n)) << lost);
      return bitsOf(value < 0n ? -result : result);
    };
    const join = (low: number, high: number) => (BigInt(high) << 32n) | BigInt(low);
    compare("__aeabi_ul2f", words, (low, high) => rounded(join(low, high)));
    compare("__aeabi_l2f", words, (low, high) => rounded(BigInt.asIntN(64, join(low, high))));
  });
});

describe("WebAssembly's operators", () => {
  const nearest = (x: number): number => {
    if (Math.abs(x) >= 2 ** 23 || Number.isNaN(x)) return x;
    const floor = Math.floor(x);
    const rest = x - floor;
    const whole = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
    return whole === 0 && (x < 0 || Object.is(x, -0)) ? -0 : whole;
  };
  /** Halves too. */
  const cases = [...ones, ...Array.from({ length: 3000 }, () => bitsOf((random.below(4001) - 2000) / 4))].map(
    (bits) => [bits] as const,
  );
  test.each<[string, (x: number) => number]>([
    ["f32.sqrt", (x) => Math.sqrt(x)],
    ["f32.ceil", (x) => Math.ceil(x)],
    ["f32.floor", (x) => Math.floor(x)],
    ["f32.trunc", (x) => Math.trunc(x)],
    ["f32.nearest", nearest],
  ])("%s", (name, operation) => {
    compare(name, cases, (x) => bitsOf(Math.fround(operation(floatOf(x)))));
  });
  test.each<[string, (a: number, b: number) => number]>([
    ["f32.min", Math.min],
    ["f32.max", Math.max],
  ])("%s knows zeros apart, and makes the canonical NaN", (name, operation) => {
    compare(name, pairs, (a, b) => bitsOf(operation(floatOf(a), floatOf(b))));
  });
});
