import { expect, test } from "@jest/globals";
import { formatDisagreement, runSeed } from "../testing/differential.js";
import { generateCase } from "../testing/generate-module.js";
import { findEspruino, type Interpreter, quickJs } from "../testing/interpreters.js";
import { jsEngine, suspendingJsEngine } from "../testing/js-engine.js";
import { firstDifference, observe } from "../testing/observe.js";
import { replayOn } from "../testing/script-engine.js";
import { v8Engine } from "../testing/v8-engine.js";

/** `SEED=<n>` repeats a run. */
const base = Number(process.env.SEED ?? Date.now() % 0x40000000);
const seeds = (count: number) => Array.from({ length: count }, (_, index) => base + index);

test.each([
  { engine: jsEngine, count: 250 },
  { engine: suspendingJsEngine, count: 100 },
])(
  `random modules from seed ${base} on do the same as on V8: $engine.name`,
  async ({ engine, count }) => {
    for (const seed of seeds(count)) {
      const disagreement = await runSeed(v8Engine, engine, seed, 10_000);
      if (disagreement) throw new Error(formatDisagreement(disagreement));
    }
  },
  120_000,
);

/** Scripts carry the generated code into interpreters of other makes; one page, which every one of them has room for. */
async function compareOn(interpreter: Interpreter, count: number): Promise<void> {
  for (const seed of seeds(count)) {
    const testCase = generateCase(seed);
    testCase.module.memory = { minimum: 1, maximum: 1 };
    const { expected, actual } = await replayOn(interpreter, (engine) => observe(engine, testCase));
    expect([seed, firstDifference(expected, actual)]).toEqual([seed, undefined]);
  }
}

test(`random modules from seed ${base} on do the same in QuickJS`, () => compareOn(quickJs, 40), 60_000);

const espruino = findEspruino();
if ("skipped" in espruino) {
  test("random modules in the real Espruino", () => console.log(`skipped ${espruino.skipped}`));
} else {
  test(
    `random modules from seed ${base} on do the same in the real Espruino`,
    () => compareOn(espruino.interpreter, 20),
    120_000,
  );
}
