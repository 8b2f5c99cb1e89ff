import { expect, test } from "@jest/globals";
import { HELPERS } from "./helpers.js";

/** `SEED=<n>` repeats a run. */
const seed = Number(process.env.SEED ?? Date.now() % 0x40000000);

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);

/** The helper as generated code has it, in V8: additions and products of doubles are those of any interpreter. */
const squareRoot = new Function(
  "f64",
  "i32",
  `return ${HELPERS["f64.sqrt"]((name) => (name === "scratch F64" ? "f64" : "i32"))}`,
)(bits, words) as (x: number) => number;

function expectExact(x: number): void {
  const root = squareRoot(x);
  if (!Object.is(root, Math.sqrt(x))) throw new Error(`seed ${seed}: sqrt(${x}) came out as ${root}`);
}

test(`random doubles from seed ${seed}, subnormal ones among them, have the root that is nearest`, () => {
  let state = seed | 1;
  const word = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state ^ (state >>> 15);
  };
  for (let count = 0; count < 100_000; count++) {
    words[0] = word();
    words[1] = word() & 0x7fffffff;
    if (bits[0] === bits[0]) expectExact(bits[0]);
    expectExact(Number.MIN_VALUE * ((word() >>> 0) >>> (count % 32)));
  }
});

test("roots next to powers of two and to where arguments are scaled are the nearest, too", () => {
  for (const middle of [1, 2, 4, 1.5e-162, 1.6e-162, 1.3e154, 1.4e154])
    for (let units = -100; units <= 100; units++) expectExact(middle * (1 + units * 2 ** -52));
  for (const x of [Number.MAX_VALUE, Number.MIN_VALUE, 2 * Number.MIN_VALUE, 0, -0, -1, Infinity, -Infinity])
    expectExact(x);
  expect(squareRoot(NaN)).toBeNaN();
});
