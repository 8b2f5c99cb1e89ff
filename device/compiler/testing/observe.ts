import { encodeModule } from "./encode.js";
import { type Engine, type HostFunction, type Import, type Imports, sameTrap, Trap, type TrapKind } from "./engine.js";
import { type NumberType, NUMBER_TYPES } from "./instructions.js";
import { REFUEL, type TestCase, withoutNaN } from "./generate-module.js";
import { Random } from "./random.js";
import { formatValue } from "./values.js";

/** One thing that a run let be seen: a result, a trap, a call of an import, or state at the end. */
export interface Observation {
  readonly text: string;
  /** Of a call that trapped. */
  readonly trap?: TrapKind;
}

/**
 * Instantiates a case's module, makes its calls in order, each with a full tank, and looks at what is left behind.
 * A trap ends its call only, as on a board where the guest is entered again.
 */
export function observe(engine: Engine, testCase: TestCase): Observation[] {
  const seen: Observation[] = [];
  const note = (text: string, trap?: TrapKind) => seen.push({ text, trap });
  const attempt = (what: string, run: () => string) => {
    try {
      note(`${what} = ${run()}`);
    } catch (error) {
      if (!(error instanceof Trap)) throw error;
      note(`${what} traps`, error.kind);
    }
  };
  const { module, calls, seed } = testCase;
  const instance = engine.instantiate(encodeModule(module), hostImports(testCase, new Random(seed), note));
  for (const { name, args, results } of calls) {
    instance.invoke(REFUEL, [], []);
    attempt(`${name}(${args.map(formatValue).join(", ")})`, () =>
      instance.invoke(name, args, results).map(formatValue).join(" "),
    );
  }
  for (const { name, kind, index } of module.exports) {
    if (kind === "global") note(`${name} = ${formatValue(instance.global(name, module.globals[index].type))}`);
    if (kind === "memory") note(describeMemory(name, instance.memory(name)));
  }
  return seen;
}

/** Imports that note what they are given, and answer from the seed. */
function hostImports(testCase: TestCase, random: Random, note: (text: string) => void): Imports {
  const imports: Record<string, Record<string, Import>> = {};
  for (const { module, name, type } of testCase.module.imports) {
    const host: HostFunction = {
      ...type,
      call(args) {
        note(`  ${name}(${args.map(formatValue).join(", ")})`);
        return type.results.map((result) => {
          const number = NUMBER_TYPES.find((candidate) => candidate === result) as NumberType;
          return { type: number, bits: withoutNaN(number, random.bits(number)) };
        });
      },
    };
    imports[module] = { ...imports[module], [name]: { host } };
  }
  return imports;
}

/** Length and FNV-1a hash. */
function describeMemory(name: string, bytes: Uint8Array): string {
  const multiply = Math.imul; // a look-up for every byte is slow inside a test runner's own global object
  let hash = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at++) hash = multiply(hash ^ bytes[at], 0x01000193);
  return `${name} = ${bytes.length} bytes, hash ${(hash >>> 0).toString(16)}`;
}

/** @returns the first difference in words, or undefined when both saw the same */
export function firstDifference(expected: readonly Observation[], actual: readonly Observation[]): string | undefined {
  for (let index = 0; index < Math.max(expected.length, actual.length); index++) {
    const [wanted, got] = [expected[index], actual[index]];
    const sameText = wanted?.text === got?.text;
    const sameKind = wanted?.trap === got?.trap || (wanted?.trap && got?.trap && sameTrap(wanted.trap, got.trap));
    if (!sameText || !sameKind) return `expected ${describe(wanted)}\n     got ${describe(got)}`;
  }
  return undefined;
}

function describe(observation: Observation | undefined): string {
  if (!observation) return "nothing more";
  return observation.trap ? `${observation.text}: ${observation.trap}` : observation.text;
}
