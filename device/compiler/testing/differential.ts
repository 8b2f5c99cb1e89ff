import { encodeModule } from "./encode.js";
import type { Engine } from "./engine.js";
import { generateCase, type TestCase } from "./generate-module.js";
import { minimise } from "./minimise.js";
import { firstDifference, observe } from "./observe.js";
import { moduleText } from "./module-text.js";
import { formatValue } from "./values.js";

/** A case on which two engines don't agree. */
export interface Disagreement {
  readonly engine: string;
  readonly seed: number;
  readonly difference: string;
  /** The case made smaller, as text, with its calls. */
  readonly reproduction: string;
}

/** What an engine and the truth differ in; an exception that isn't a trap is a difference, too. */
function compareEngines(truth: Engine, engine: Engine, testCase: TestCase): string | undefined {
  const expected = observe(truth, testCase);
  try {
    return firstDifference(expected, observe(engine, testCase));
  } catch (error) {
    return `${engine.name} failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * Runs one seed on both engines.
 * @param milliseconds how long to look for a smaller case that still differs; 0 to leave it as it is
 * @returns undefined when they agree
 */
export async function runSeed(
  truth: Engine,
  engine: Engine,
  seed: number,
  milliseconds = 0,
): Promise<Disagreement | undefined> {
  const testCase = generateCase(seed);
  const first = compareEngines(truth, engine, testCase);
  if (first === undefined) return undefined;
  const sort = sortOf(first);
  const stillFails = (candidate: TestCase) => {
    const difference = compareEngines(truth, engine, candidate);
    return difference !== undefined && sortOf(difference) === sort;
  };
  const smaller = minimise(testCase, stillFails, milliseconds);
  const calls = smaller.calls.map(({ name, args }) => `;; ${name}(${args.map(formatValue).join(", ")})`);
  return {
    engine: engine.name,
    seed,
    difference: compareEngines(truth, engine, smaller) ?? first,
    reproduction: [await moduleText(encodeModule(smaller.module)), ...calls].join("\n"),
  };
}

/** Results that differ are one sort, each message of a failure is another: a smaller case must fail alike. */
function sortOf(difference: string): string {
  return difference.startsWith("expected") ? "differs" : difference;
}

/** What a person needs to go on from a failure. */
export function formatDisagreement({ engine, seed, difference, reproduction }: Disagreement): string {
  return [
    `seed ${seed}: ${engine} differs from V8`,
    difference,
    "on this module, made smaller:",
    reproduction,
    `Rerun: npm run test:differential -- --seed ${seed} --engine ${engine}`,
  ].join("\n");
}
