import type { FunctionType } from "../decode/module.js";
import type { FunctionDescription } from "./encode.js";
import { expression } from "./generate-expression.js";
import { statements } from "./generate-statement.js";
import { GeneratorState, type Surroundings } from "./generator-state.js";
import { constant, make } from "./instructions.js";
import type { Random } from "./random.js";

/** How many loop turns and calls an invocation may take. */
export const FUEL = 100;

/** A well-typed body for a function, by a seeded generator. */
export function generateFunction(random: Random, surroundings: Surroundings, type: FunctionType): FunctionDescription {
  const state = new GeneratorState(random, surroundings, type);
  const outOfFuel = make(
    "return",
    state.results().map((type) => constant(type, 0n)),
  );
  const body = [
    ...state.burn(outOfFuel),
    ...statements(state, state.random.between(1, 6), 4),
    ...state.results().map((type) => state.canonicalize(expression(state, type, 5))),
  ];
  return { type: state.type, locals: state.locals.slice(state.type.params.length), body };
}
