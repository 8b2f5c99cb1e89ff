import { Random } from "../../testing/random.js";
import { createRoutines } from "../testing/routine.js";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (SEED=${seed} repeats it)`);
const random = new Random(seed);

const edges = [
  0, 1, 2, 3, 7, 9, 10, 255, 256, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff,
];
/** Numbers of all lengths. */
const number32 = () => random.next() >>> random.below(32);
const pairs32 = [
  ...edges.flatMap((one) => edges.map((other) => [one, other] as const)),
  ...Array.from({ length: 5000 }, () => [number32(), number32()] as const),
  ...Array.from({ length: 2000 }, () => [-number32() >>> 0, -number32() >>> 0] as const),
  // Next to multiples.
  ...Array.from({ length: 5000 }, () => {
    const divisor = number32() || 1;
    const multiple = Math.floor(number32() / divisor) * divisor;
    return [(multiple + random.below(3) - 1) >>> 0, divisor] as const;
  }),
  ...Array.from({ length: 3000 }, () => [0xffffffff - random.below(3), number32() >>> 16 || 1] as const),
];
const edges64 = edges.flatMap((low) => [0, 1, 0xffffffff, 0x80000000, 0x7fffffff].map((high) => join(low, high)));
const number64 = () => join(random.next(), random.next()) >> BigInt(random.below(64));
const pairs64 = [
  ...edges64.flatMap((one) => edges64.map((other) => [one, other] as const)),
  ...Array.from({ length: 5000 }, () => [BigInt.asUintN(64, number64()), BigInt.asUintN(64, number64())] as const),
  ...Array.from({ length: 2000 }, () => [BigInt.asUintN(64, -number64()), number64()] as const),
  // By 32 bits and fewer, and next to multiples.
  ...Array.from({ length: 5000 }, () => {
    const divisor = BigInt(number32() || 1);
    const multiple = (BigInt.asUintN(64, number64()) / divisor) * divisor;
    return [BigInt.asUintN(64, multiple + BigInt(random.below(3) - 1)), divisor] as const;
  }),
];
function join(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
const low = (value: bigint) => Number(BigInt.asUintN(32, value));
const words = (value: bigint): [number, number] => [low(value), low(value >> 32n)];
const routines = createRoutines([
  ...["i32.div_u", "i32.clz", "i32.ctz", "i32.popcnt", "__aeabi_llsl", "__aeabi_llsr", "__aeabi_lasr", "i64.rotl"],
  ...["__aeabi_lmul", "i64.div_u", "memory.copy", "memory.fill", "i32.mul_high_u"],
]);

/** What differs, a few of them, in a form that tells all. */
function compare<T>(
  name: string,
  cases: readonly T[],
  argsOf: (one: T) => number[],
  expected: (one: T) => unknown,
  many = 1,
) {
  const wrong: string[] = [];
  for (const one of cases) {
    const args = argsOf(one);
    const result = routines.call(name, ...args);
    const seen =
      typeof result === "string"
        ? result
        : result
            .slice(0, many)
            .map((word) => word >>> 0)
            .join(" ");
    const right = expected(one);
    const wanted = Array.isArray(right) ? right.map((word: number) => word >>> 0).join(" ") : String(right);
    if (seen !== wanted) wrong.push(`${name}(${args.join(", ")}) = ${seen}, not ${wanted}`);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
}

test("i32.mul_high_u is the product's high word", () => {
  compare(
    "i32.mul_high_u",
    pairs32,
    (pair) => [...pair],
    ([a, b]) => [low((BigInt(a) * BigInt(b)) >> 32n)],
  );
});

describe("32-bit division as WebAssembly has it", () => {
  const zero = "integer divide by zero";
  const overflow = (a: number, b: number) => (a | 0) === -(2 ** 31) && (b | 0) === -1;
  test.each<[string, (a: number, b: number) => unknown]>([
    ["i32.div_u", (a, b) => [Math.floor(a / b)]],
    ["i32.rem_u", (a, b) => [a % b]],
    ["i32.div_s", (a, b) => (overflow(a, b) ? "integer overflow" : [Math.trunc((a | 0) / (b | 0))])],
    ["i32.rem_s", (a, b) => [(a | 0) % (b | 0)]],
  ])("%s", (name, right) => {
    compare(
      name,
      pairs32,
      (pair) => [...pair],
      ([a, b]) => (b === 0 ? zero : right(a, b)),
    );
  });
  test("__aeabi_uidivmod and __aeabi_idivmod give quotient and remainder", () => {
    const cases = pairs32.filter(([, b]) => b !== 0);
    compare(
      "__aeabi_uidivmod",
      cases,
      (pair) => [...pair],
      ([a, b]) => [Math.floor(a / b), a % b],
      2,
    );
    const signed = ([a, b]: readonly [number, number]) => [Math.trunc((a | 0) / (b | 0)), (a | 0) % (b | 0)];
    compare("__aeabi_idivmod", cases, (pair) => [...pair], signed, 2);
  });
});

describe("counting bits", () => {
  const ones = pairs32.map(([a]) => a);
  const longs = pairs64.map(([a]) => a);
  const text = (value: bigint) => BigInt.asUintN(64, value).toString(2).padStart(64, "0");
  const ctz = (a: number) => (a === 0 ? 32 : 31 - Math.clz32(a & -a));
  const popcnt = (a: number) => a.toString(2).replaceAll("0", "").length;
  test("of 32", () => {
    compare(
      "i32.clz",
      ones,
      (a) => [a],
      (a) => [Math.clz32(a)],
    );
    compare(
      "i32.ctz",
      ones,
      (a) => [a],
      (a) => [ctz(a)],
    );
    compare(
      "i32.popcnt",
      ones,
      (a) => [a],
      (a) => [popcnt(a)],
    );
  });
  test("of 64", () => {
    compare("i64.clz", longs, words, (a) => [/^0*/.exec(text(a))![0].length, 0], 2);
    compare("i64.ctz", longs, words, (a) => [/0*$/.exec(text(a))![0].length, 0], 2);
    compare("i64.popcnt", longs, words, (a) => [text(a).replaceAll("0", "").length, 0], 2);
  });
});

test.each<[string, (a: bigint, n: bigint) => bigint]>([
  ["__aeabi_llsl", (a, n) => a << n],
  ["__aeabi_llsr", (a, n) => a >> n],
  ["__aeabi_lasr", (a, n) => BigInt.asIntN(64, a) >> n],
  ["i64.rotl", (a, n) => (a << n) | (a >> (64n - n))],
  ["i64.rotr", (a, n) => (a >> n) | (a << (64n - n))],
])("%s by every count, taken modulo 64", (name, right) => {
  const cases = Array.from({ length: 192 * 8 }, (_, n) => [join(random.next(), random.next()), n % 192] as const);
  compare(
    name,
    cases,
    ([a, n]) => [...words(a), n],
    ([a, n]) => words(right(a, BigInt(n & 63))),
    2,
  );
});

test("__aeabi_lmul", () => {
  compare(
    "__aeabi_lmul",
    pairs64,
    ([a, b]) => [...words(a), ...words(b)],
    ([a, b]) => words(a * b),
    2,
  );
});

describe("64-bit division as WebAssembly has it", () => {
  const s = (value: bigint) => BigInt.asIntN(64, value);
  const overflow = (a: bigint, b: bigint) => s(a) === -(2n ** 63n) && s(b) === -1n;
  const u = (value: bigint) => BigInt.asUintN(64, value);
  test.each<[string, (a: bigint, b: bigint) => bigint | string]>([
    ["i64.div_u", (a, b) => u(a) / u(b)],
    ["i64.rem_u", (a, b) => u(a) % u(b)],
    ["i64.div_s", (a, b) => (overflow(a, b) ? "integer overflow" : s(a) / s(b))],
    ["i64.rem_s", (a, b) => s(a) % s(b)],
  ])("%s", (name, right) => {
    const expected = ([a, b]: readonly [bigint, bigint]) => {
      const result = u(b) === 0n ? "integer divide by zero" : right(a, b);
      return typeof result === "string" ? result : words(result);
    };
    compare(name, pairs64, ([a, b]) => [...words(a), ...words(b)], expected, 2);
  });
});

describe("memory", () => {
  const { processor } = routines;
  const at = 0x30000;
  const address = 0x20000000 + at;
  test("memory.copy between places near and far, overlapping either way", () => {
    for (let n = 0; n < 4000; n++) {
      const most = 10 + 150 * (n & 1);
      const [to, from, bytes] = [random.below(most), random.below(most), random.below(most)];
      for (let byte = 0; byte < 320; byte++) processor.ram[at + byte] = random.next();
      const right = processor.ram.slice(at, at + 320);
      right.copyWithin(to, from, from + bytes);
      routines.call("memory.copy", address + to, address + from, bytes);
      const seen = processor.ram.subarray(at, at + 320);
      const wrong = right.findIndex((byte, place) => byte !== seen[place]);
      if (wrong >= 0) throw new Error(`memory.copy(${to}, ${from}, ${bytes}) differs at ${wrong}`);
    }
  });
  test("memory.fill and table.fill", () => {
    for (let n = 0; n < 1000; n++) {
      const [to, value, bytes] = [random.below(40), random.next(), random.below(60)];
      const right = processor.ram.slice(at, at + 100);
      right.fill(value & 255, to, to + bytes);
      routines.call("memory.fill", address + to, value, bytes);
      expect([...processor.ram.subarray(at, at + 100)]).toEqual([...right]);
    }
    routines.call("table.fill", address + 4, 0xdeadbeef, 2);
    routines.call("table.fill", address + 16, 1, 0);
    expect([4, 8].map((offset) => processor.readWord(address + offset))).toEqual([0xdeadbeef, 0xdeadbeef]);
  });
});
