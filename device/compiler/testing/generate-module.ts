import type { FunctionType } from "../decode/module.js";
import type { Instruction, ModuleDescription } from "./encode.js";
import type { Value } from "./engine.js";
import { FUEL, generateFunction } from "./generate-function.js";
import type { Surroundings } from "./generator-state.js";
import { constant, NUMBER_TYPES, type NumberType } from "./instructions.js";
import { Random } from "./random.js";
import { isNaNBits } from "./values.js";

/** A module and what is done with it. */
export interface TestCase {
  readonly seed: number;
  module: ModuleDescription;
  calls: TestCall[];
}

/** An exported function and what it is called with. */
export interface TestCall {
  name: string;
  args: Value[];
  results: NumberType[];
}

/** The export that fills the fuel up again, before each call. */
export const REFUEL = "refuel";

/**
 * A random module that is valid, always ends, and lets no NaN be seen but the canonical one.
 * Everything in it follows from the seed.
 */
export function generateCase(seed: number): TestCase {
  const random = new Random(seed);
  const types = (most: number) => Array.from({ length: random.below(most + 1) }, () => random.pick(NUMBER_TYPES));
  const imports = Array.from({ length: random.between(1, 3) }, (_, index) => ({
    module: "env",
    name: `import${index}`,
    type: { params: types(3), results: types(1) } as FunctionType,
  }));
  const own = Array.from({ length: random.between(2, 5) }, (): FunctionType => {
    return { params: types(4), results: random.oneIn(5) ? types(3) : [random.pick(NUMBER_TYPES)] };
  });
  const signatures = [...imports.map((entry) => entry.type), ...own];
  const globals = [
    { type: "i32" as NumberType, mutable: true, initial: BigInt(FUEL) },
    ...Array.from({ length: random.between(1, 5) }, () => {
      const type = random.pick(NUMBER_TYPES);
      return { type, mutable: !random.oneIn(4), initial: withoutNaN(type, random.bits(type)) };
    }),
  ];
  const data = Array.from({ length: random.below(4) }, () => ({
    offset: random.oneIn(2) ? random.below(5000) : undefined,
    bytes: Array.from({ length: random.below(60) }, () => random.below(256)),
  }));
  const tableSize = random.between(3, 8);
  const anyFunctions = (most: number) =>
    Array.from({ length: random.between(1, most) }, () => random.below(signatures.length));
  const tableStart = random.below(2);
  const initial = anyFunctions(tableSize - 1);
  const elements = [
    { offset: tableStart, functions: initial },
    ...(random.oneIn(2) ? [{ functions: anyFunctions(4) }] : []),
  ];
  const around: Surroundings = {
    functions: signatures,
    importedCount: imports.length,
    table: Array.from({ length: tableSize }, (_, index) => initial[index - tableStart]),
    globals,
    fuel: 0,
    dataCount: data.length,
    elementCount: elements.length,
  };
  const refuel: Instruction = {
    op: "global.set",
    index: 0,
    operands: [constant("i32", BigInt(FUEL))],
    results: [],
  };
  const module: ModuleDescription = {
    imports,
    functions: [
      ...own.map((type) => generateFunction(random, around, type)),
      { type: { params: [], results: [] }, locals: [], body: [refuel] },
    ],
    table: { minimum: tableSize, maximum: tableSize },
    memory: { minimum: 1, maximum: random.between(1, 3) },
    globals,
    exports: [
      ...own.map((_, index) => ({ name: `f${index}`, kind: "function" as const, index: imports.length + index })),
      { name: REFUEL, kind: "function", index: signatures.length },
      { name: "memory", kind: "memory", index: 0 },
      ...globals.map((_, index) => ({ name: `g${index}`, kind: "global" as const, index })),
    ],
    elements,
    data,
  };
  const calls = own.flatMap((type, index) =>
    Array.from({ length: random.between(1, 3) }, () => ({
      name: `f${index}`,
      args: (type.params as NumberType[]).map((param) => ({
        type: param,
        bits: withoutNaN(param, random.bits(param)),
      })),
      results: [...type.results] as NumberType[],
    })),
  );
  return { seed, module, calls };
}

/** The bits, or those of the canonical NaN for any NaN. */
export function withoutNaN(type: NumberType, bits: bigint): bigint {
  if (type === "f32" && isNaNBits(type, bits)) return 0x7fc00000n;
  if (type === "f64" && isNaNBits(type, bits)) return 0x7ff8000000000000n;
  return bits;
}
