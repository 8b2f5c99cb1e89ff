import { assemble } from "../assembler/assemble.js";
import type { Reference, Routine } from "../assembler/assemble.js";
import { encode } from "../encoding.js";
import { bufferedWrite } from "./buffered-write.js";
import { coroutine } from "./coroutine.js";
import type { CoroutineOptions } from "./coroutine.js";
import { families } from "./families.js";
import { memoryGrow } from "./memory-grow.js";

/** Routines laid one behind the other, references among them resolved. */
export interface LinkedRoutines {
  /** Position-independent, its length a multiple of 4; goes to any 4-aligned place (offset 0 when `entry` is in it). */
  readonly code: Uint8Array;
  /** Byte offset in `code` of every symbol. */
  readonly symbols: ReadonlyMap<string, number>;
  /** What the routines call but don't have, to be patched by `patchReference`: `guest`, of the generated code. */
  readonly unresolved: readonly Reference[];
  /** Each routine's own piece, in the order of addresses. */
  readonly routines: readonly { readonly name: string; readonly offset: number; readonly bytes: number }[];
  /** Byte ranges that hold data. */
  readonly data: readonly (readonly [from: number, to: number])[];
}

/** Symbols that the generated code must give. */
const given: ReadonlySet<string> = new Set(["guest"]);

interface Library {
  readonly bySymbol: ReadonlyMap<string, Routine>;
}
let library: Library | undefined;

function index(routines: readonly Routine[]): Map<string, Routine> {
  return new Map(routines.flatMap((routine) => [...routine.symbols.keys()].map((name) => [name, routine] as const)));
}

/** Routines that must know where the context is. */
const contextual = (memoryOffset: number): Map<string, Routine> =>
  index([memoryGrow, bufferedWrite].map((text) => assemble(text(memoryOffset))));

/** The names that can be linked, without those of the coroutine. */
export function routineNames(): string[] {
  library ??= { bySymbol: index(families.flatMap((texts) => texts.map(assemble))) };
  return [...library.bySymbol.keys(), ...contextual(0).keys()];
}

/**
 * The routines named and those that they need, in the order of demand: `entry` first, when it is asked for.
 * @throws Error when there is no such routine
 */
export function linkRoutines(names: readonly string[], options: CoroutineOptions): LinkedRoutines {
  routineNames();
  const own = index([assemble(coroutine(options))]);
  const ofContext = contextual(options.memoryOffset);
  const find = (name: string): Routine => {
    const routine = own.get(name) ?? ofContext.get(name) ?? library!.bySymbol.get(name);
    if (!routine) throw new Error(`The thumb runtime has no routine ${name}`);
    return routine;
  };
  const order = new Map<Routine, number>();
  let bytes = 0;
  const wanted = [...names].sort((one, other) => Number(other === "entry") - Number(one === "entry"));
  for (const name of wanted) {
    if (given.has(name)) continue;
    const routine = find(name);
    if (order.has(routine)) continue;
    if (own.has(name) && bytes > 0) throw new Error(`${name} can only be linked where entry is, at the start`);
    order.set(routine, bytes);
    bytes += routine.code.length;
    wanted.push(...routine.references.map((reference) => reference.to));
  }

  const code = new Uint8Array(bytes);
  const symbols = new Map<string, number>();
  const unresolved: Reference[] = [];
  for (const [routine, offset] of order) {
    code.set(routine.code, offset);
    for (const [name, at] of routine.symbols) symbols.set(name, offset + at);
  }
  for (const [routine, offset] of order) {
    for (const reference of routine.references) {
      const moved = { ...reference, at: reference.at + offset };
      const target = symbols.get(reference.to);
      if (target === undefined) unresolved.push(moved);
      else patchReference(code, moved, target);
    }
  }
  const placed = [...order];
  return {
    code,
    symbols,
    unresolved,
    routines: placed.map(([routine, offset]) => ({ name: routine.name, offset, bytes: routine.code.length })),
    data: placed.flatMap(([routine, offset]) =>
      routine.data.map(([from, to]) => [from + offset, to + offset] as const),
    ),
  };
}

/**
 * Writes the branch of a reference.
 * @param target byte offset from the start of the same code
 * @throws RangeError when it is too far for the branch
 */
export function patchReference(code: Uint8Array, reference: Reference, target: number): void {
  const view = new DataView(code.buffer, code.byteOffset);
  encode({ kind: reference.kind, target }, reference.at).forEach((half, n) =>
    view.setUint16(reference.at + n * 2, half, true),
  );
}
