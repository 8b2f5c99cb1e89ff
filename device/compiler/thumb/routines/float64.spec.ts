import { Random } from "../../testing/random.js";
import { createFlagsRoutine } from "../testing/flags.js";
import { createRoutines } from "../testing/routine.js";
import { routineNames } from "./link.js";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (SEED=${seed} repeats it)`);
const random = new Random(seed);

/** Bits of a double. */
type Words = readonly [low: number, high: number];
type Pair = readonly [Words, Words];

const view = new DataView(new ArrayBuffer(8));
function doubleOf([low, high]: Words): number {
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
}
function bitsOf(value: number): Words {
  if (Number.isNaN(value)) return [0, 0x7ff80000];
  view.setFloat64(0, value);
  return [view.getUint32(4), view.getUint32(0)];
}
function floatBitsOf(value: number): number {
  if (Number.isNaN(value)) return 0x7fc00000;
  view.setFloat32(0, value);
  return view.getUint32(0);
}
function floatOf(bits: number): number {
  view.setUint32(0, bits);
  return view.getFloat32(0);
}
const words = (value: bigint): Words => [Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn)];
const join = ([low, high]: Words): bigint => (BigInt(high) << 32n) | BigInt(low);

/** Zero, the least and greatest subnormals, the least and greatest numbers, ones and their neighbours, halves, NaNs. */
const magnitudes: Words[] = [
  ...([0, 1, 2, 3, 0xffffffff].map((low) => [low, 0]) as [number, number][]),
  ...([0, 1, 0xffffffff].flatMap((low) => [0xfffff, 0x80000, 1, 0x100000, 0x1fffff].map((high) => [low, high])) as [
    number,
    number,
  ][]),
  ...([0, 1].flatMap((low) =>
    [
      0x3fe, 0x3ff, 0x400, 0x3c9, 0x3ca, 0x3cb, 0x3cc, 0x432, 0x433, 0x434, 0x41d, 0x41e, 0x41f, 0x43d, 0x43e, 0x43f,
    ].map((exponent) => [low, exponent * 2 ** 20]),
  ) as [number, number][]),
  ...([0x3fdfffff, 0x3fefffff, 0x41dfffff, 0x41efffff, 0x43dfffff, 0x43efffff, 0x7fefffff, 0x7fffffff].map((high) => [
    0xffffffff,
    high,
  ]) as [number, number][]),
  ...([0x3ff80000, 0x1ff00000, 0x5fe00000, 0x7fd00000, 0x7fe00000, 0x7ff00000, 0x7ff80000].map((high) => [0, high]) as [
    number,
    number,
  ][]),
  [1, 0x7ff00000],
  [0xfffffffe, 0x7fefffff],
];
const edges = magnitudes.flatMap(([low, high]) => [[low, high] as const, [low, (high | 0x80000000) >>> 0] as const]);
const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const word = () => random.next() >>> 0;
const anything = (): Words => [word(), word()];
const exponentOf = ([, high]: Words) => (high >>> 20) & 2047;
/** Another exponent, or the nearest that a finite number can have. */
function withExponent([low, high]: Words, exponent: number): Words {
  return [low, ((high & 0x800fffff) | (Math.max(0, Math.min(2046, exponent)) << 20)) >>> 0];
}
function subnormal(): Words {
  const [low, high] = words((join(anything()) & 0xfffffffffffffn) >> BigInt(random.below(52)));
  return [low, (high | (random.next() & 0x80000000)) >>> 0];
}
/** Significands with few bits make ties. */
function sparse(): Words {
  const lost = BigInt(random.below(53));
  return words((join(anything()) >> lost) << lost);
}
const near = (other: Words, distance: number, from = anything): Words =>
  withExponent(from(), exponentOf(other) + random.below(2 * distance + 1) - distance);
const pair = (one: Words, other: (one: Words) => Words): Pair => [one, other(one)];

const pairs: Pair[] = [
  ...edges.flatMap((one) => edges.map((other) => [one, other] as const)),
  ...many(8000, () => [anything(), anything()] as const),
  ...many(10000, () => pair(anything(), (one) => near(one, 60))),
  ...many(5000, () => pair(anything(), (one) => near(one, 2))),
  ...many(8000, () => pair(sparse(), (one) => near(one, 56, sparse))),
  // Alike but for their last bits: what cancels.
  ...many(4000, () =>
    pair(anything(), ([low, high]) =>
      words(join([low, high ^ 0x80000000]) ^ (join(anything()) >> BigInt(random.below(40) + 12))),
    ),
  ),
  ...many(3000, () => [subnormal(), subnormal()] as const),
  ...many(2000, () => pair(subnormal(), () => withExponent(anything(), random.below(60)))),
  ...many(3000, () => [subnormal(), anything()] as const),
  ...many(3000, () => [anything(), subnormal()] as const),
  // Products and quotients about the least normal number, and about the greatest.
  ...many(6000, () =>
    pair(anything(), (one) =>
      withExponent(sparse(), [1023 - 30, 1023 + 1007][random.below(2)] - exponentOf(one) + random.below(60)),
    ),
  ),
  ...many(6000, () =>
    pair(anything(), (one) =>
      withExponent(anything(), exponentOf(one) + [1023, -1023][random.below(2)] + random.below(60) - 30),
    ),
  ),
];
const routines = createRoutines(
  routineNames().filter((name) => /f64|__aeabi_(c?dr?[acdms]|u?[il]2d|d2f|f2d)/.test(name)),
);
const hex = (words: readonly number[]) =>
  `0x${[...words]
    .reverse()
    .map((bits) => (bits >>> 0).toString(16).padStart(8, "0"))
    .join("_")}`;

/** Calls with each of the cases; the first few that differ from what is right. A trap is told by its name. */
function compare(
  name: string,
  cases: readonly (readonly number[])[],
  right: (...args: number[]) => readonly number[] | string,
) {
  const wrong: string[] = [];
  for (const args of cases) {
    const expected = right(...args);
    const result = routines.call(name, ...args);
    const wanted = typeof expected === "string" ? expected : hex(expected);
    const seen =
      typeof result === "string" ? result : hex(result.slice(0, typeof expected === "string" ? 2 : expected.length));
    if (seen !== wanted) wrong.push(`${name}(${args.map((arg) => hex([arg])).join(", ")}) = ${seen}, not ${wanted}`);
  }
  expect(wrong.slice(0, 8)).toEqual([]);
}
const flat = pairs.map(([one, other]) => [...one, ...other]);
const binary = (right: (a: number, b: number) => readonly number[]) => (a: number, a1: number, b: number, b1: number) =>
  right(doubleOf([a, a1]), doubleOf([b, b1]));

test.each<[string, (a: number, b: number) => number]>([
  ["__aeabi_dadd", (a, b) => a + b],
  ["__aeabi_dsub", (a, b) => a - b],
  ["__aeabi_drsub", (a, b) => b - a],
  ["__aeabi_dmul", (a, b) => a * b],
  ["__aeabi_ddiv", (a, b) => a / b],
])("%s rounds to nearest even, and makes the canonical NaN", (name, operation) => {
  compare(
    name,
    flat,
    binary((a, b) => bitsOf(operation(a, b))),
  );
});

test("__aeabi_ddiv with divisors of which the reciprocal is least exact, and quotients next to whole numbers", () => {
  const cases = many(20000, () => {
    const divisor = withExponent(
      [random.below(2) ? word() : 0xffffffff * random.below(2), word() & ~(31 << random.below(16))],
      1023,
    );
    const quotient = withExponent(random.below(2) ? anything() : sparse(), 1023 + random.below(3) - 1);
    const product = join(bitsOf(doubleOf(divisor) * doubleOf(quotient))) + BigInt(random.below(5) - 2);
    return [...words(product), ...divisor];
  });
  compare(
    "__aeabi_ddiv",
    cases,
    binary((a, b) => bitsOf(a / b)),
  );
});

test.each<[string, (a: number, b: number) => boolean]>([
  ["__aeabi_dcmpeq", (a, b) => a === b],
  ["__aeabi_dcmplt", (a, b) => a < b],
  ["__aeabi_dcmple", (a, b) => a <= b],
  ["__aeabi_dcmpge", (a, b) => a >= b],
  ["__aeabi_dcmpgt", (a, b) => a > b],
])("%s is 1 or 0, 0 when unordered", (name, operation) => {
  compare(
    name,
    [...flat, ...pairs.map(([one]) => [...one, ...one])],
    binary((a, b) => [Number(operation(a, b))]),
  );
});

test.each(["__aeabi_cdcmple", "__aeabi_cdrcmple"])("%s answers in the flags and keeps r0-r3", (name) => {
  const call = createFlagsRoutine(name);
  const wrong: string[] = [];
  for (const pair of pairs) {
    const [a, b] = (name === "__aeabi_cdcmple" ? pair : [...pair].reverse()).map(doubleOf);
    const seen = call(...pair[0], ...pair[1]);
    const right = a < b ? 0 : a === b ? 1 : 2;
    if (seen !== right) wrong.push(`${name}(${pair.map(hex).join(", ")}) = ${seen}, not ${right}`);
  }
  expect(wrong.slice(0, 8)).toEqual([]);
});

const ones: Words[] = [
  ...edges,
  ...pairs.slice(-20000).map(([one]) => one),
  // Numbers with and without a fraction, and around each power of two, where ranges end.
  ...many(20000, () => withExponent(random.below(2) ? anything() : sparse(), 1023 - 3 + random.below(70))),
  ...many(7000, () =>
    words(BigInt.asUintN(64, (BigInt(1023 - 3 + random.below(70)) << 52n) + BigInt(random.below(8) - 4))),
  ).map(([low, high]) => [low, (high | (random.next() & 0x80000000)) >>> 0] as const),
];

describe("f64 to an integer", () => {
  const bounds = [2 ** 31, 2 ** 32, 2 ** 63, 2 ** 64].flatMap((bound) =>
    [0, 0.5, 1, 1 - 2 ** -20, 1 + 2 ** -20, 1024, 2048].flatMap((distance) => [bound - distance, bound + distance]),
  );
  const cases = [...ones, ...[...bounds, 0.5, 0.999, 1].flatMap((x) => [bitsOf(x), bitsOf(-x)])];
  test.each([32, 64].flatMap((bits) => ["s", "u"].map((sign) => [bits, sign] as const)))(
    "i%d.trunc_f64_%s",
    (bits, sign) => {
      const [least, most] =
        sign === "s" ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];
      const result = (value: bigint) => words(BigInt.asUintN(64, value)).slice(0, bits / 32);
      const truncated = (saturating: boolean) => (low: number, high: number) => {
        const value = doubleOf([low, high]);
        if (Number.isNaN(value)) return saturating ? result(0n) : "invalid conversion to integer";
        const whole = Number.isFinite(value) ? BigInt(Math.trunc(value)) : value < 0 ? least - 1n : most + 1n;
        if (whole >= least && whole <= most) return result(whole);
        return saturating ? result(whole < least ? least : most) : "integer overflow";
      };
      compare(`i${bits}.trunc_sat_f64_${sign}`, cases, truncated(true));
      compare(`i${bits}.trunc_f64_${sign}`, cases, truncated(false));
    },
  );
});

describe("an integer to f64", () => {
  const integers: Words[] = [
    ...edges,
    ...many(20000, () => words(join(anything()) >> BigInt(random.below(64)))),
    ...many(5000, () => words(BigInt.asUintN(64, -(join(anything()) >> BigInt(random.below(64)))))),
    // 54 bits, at and about ties
    ...many(20000, () => {
      const odd = (join(anything()) >> 10n) | (1n << 53n) | 1n;
      return words((odd << BigInt(random.below(11))) + BigInt(random.below(3) - 1));
    }),
  ];
  test("32 bits", () => {
    compare("__aeabi_i2d", integers, (low) => bitsOf(low | 0));
    compare("__aeabi_ui2d", integers, (low) => bitsOf(low >>> 0));
  });
  test("64 bits", () => {
    compare("__aeabi_ul2d", integers, (...value) => bitsOf(Number(join(value as [number, number]))));
    compare("__aeabi_l2d", integers, (...value) => bitsOf(Number(BigInt.asIntN(64, join(value as [number, number])))));
  });
});

describe("between f32 and f64", () => {
  test("__aeabi_f2d is exact", () => {
    const floats = [
      ...[0, 1, 2, 0x3fffff, 0x400000, 0x7fffff, 0x800000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00000, 0x7fffffff],
      ...many(20000, word),
      ...many(5000, () => word() & (0x7fffff >>> random.below(23))),
    ].flatMap((bits) => [bits & 0x7fffffff, bits | 0x80000000].map((one) => [one >>> 0]));
    compare("__aeabi_f2d", floats, (bits) => bitsOf(floatOf(bits)));
  });
  test("__aeabi_d2f rounds to nearest even, to subnormals too", () => {
    const cases = [
      ...ones,
      ...many(20000, () => withExponent(anything(), 1023 - 152 + random.below(282))),
      // 25 bits, at and about ties
      ...many(20000, () => {
        const lost = 29 + random.below(24);
        const tie =
          (((join(anything()) & 0xfffffffffffffn) >> BigInt(lost)) << BigInt(lost)) | (1n << BigInt(lost - 1));
        const exponent = lost === 29 ? 1023 - 127 + random.below(256) : 1023 - 127 - (lost - 29) + 1;
        return withExponent(words(tie + BigInt(random.below(3) - 1)), exponent);
      }),
    ];
    compare("__aeabi_d2f", cases, (low, high) => [floatBitsOf(doubleOf([low, high]))]);
  });
});

describe("WebAssembly's operators", () => {
  const nearest = (x: number): number => {
    if (Math.abs(x) >= 2 ** 52 || Number.isNaN(x)) return x;
    const floor = Math.floor(x);
    const rest = x - floor;
    const whole = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
    return whole === 0 && (x < 0 || Object.is(x, -0)) ? -0 : whole;
  };
  const cases = [
    ...ones,
    ...many(3000, () => bitsOf((random.below(4001) - 2000) / 4)),
    ...many(3000, () => bitsOf((random.below(4) / 4 + random.below(2 ** 31)) * 2 ** random.below(20))),
    // Next to squares of whole numbers.
    ...many(10000, () => {
      const root = random.below(2 ** 26) + 1;
      return words(join(bitsOf(root * root * 4 ** random.below(3))) + BigInt(random.below(3) - 1));
    }),
  ];
  test.each<[string, (x: number) => number]>([
    ["f64.sqrt", Math.sqrt],
    ["f64.ceil", Math.ceil],
    ["f64.floor", Math.floor],
    ["f64.trunc", Math.trunc],
    ["f64.nearest", nearest],
  ])("%s", (name, operation) => {
    compare(name, cases, (low, high) => bitsOf(operation(doubleOf([low, high]))));
  });
  test.each<[string, (a: number, b: number) => number]>([
    ["f64.min", Math.min],
    ["f64.max", Math.max],
  ])("%s knows zeros apart, and makes the canonical NaN", (name, operation) => {
    compare(
      name,
      flat,
      binary((a, b) => bitsOf(operation(a, b))),
    );
  });
});
