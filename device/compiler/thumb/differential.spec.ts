import { expect, test } from "@jest/globals";
import { formatDisagreement, runSeed } from "../testing/differential.js";
import { findEngine } from "../testing/engines.js";
import { v8Engine } from "../testing/v8-engine.js";

/** `SEED=<n>` repeats a run. */
const base = Number(process.env.SEED ?? Date.now() % 0x40000000);

test.each(["thumb", "thumb-sliced"])(
  `random modules from seed ${base} on do the same as on V8: %s`,
  async (name) => {
    const engine = findEngine(name);
    if (!engine) throw new Error(`no engine ${name}`);
    for (let seed = base; seed < base + 100; seed++) {
      const disagreement = await runSeed(v8Engine, engine, seed, 10_000);
      expect(disagreement && formatDisagreement(disagreement)).toBeUndefined();
    }
  },
  120_000,
);
