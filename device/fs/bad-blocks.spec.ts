import fc from "fast-check";
import { randomSteps } from "./testing/random-steps.js";
import { runSequence, WornOut, type Step } from "./testing/sequence.js";

const seed = Number(process.env.SEED ?? 20261121);

describe.each([true, false])("blocks that fail, half-way: %p", (weak) => {
  test(`are passed over, and nothing that was acknowledged is lost (seed ${seed})`, () => {
    const steps = fc.array(randomSteps(16384), { minLength: 20, maxLength: 120, size: "max" });
    const wear = fc.array(fc.tuple(fc.nat(100), fc.nat(15)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(steps, wear, (before, failures) => {
        const sequence: Step[] = [...before];
        for (const [at, block] of failures) sequence.splice(at % sequence.length, 0, { do: "wear", block, weak });
        try {
          runSequence({ blocks: 16, blockSize: 1024, writeSize: 4 }, sequence);
        } catch (error) {
          // A device may end read-only; what it held was compared before.
          if (!(error instanceof WornOut)) throw error;
        }
      }),
      { numRuns: 150, seed, endOnFailure: process.env.SHRINK === undefined },
    );
  });
});
