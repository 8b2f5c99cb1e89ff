import type { Module, ValueType } from "../../decode/module.js";
import { signatureKey } from "../../ir/call-graph.js";
import type { FunctionIr } from "../../ir/types.js";
import { walkExpressions, walkStatements } from "../../ir/walk.js";
import { contextOffsets } from "../context.js";

/** Where a table lies: its words, and the word that holds its size where it can grow. */
export interface TablePlace {
  /** Bytes from the context. */
  readonly at: number;
  /** Entries there is room for. */
  readonly capacity: number;
  /** Bytes from the context to the word with the size; undefined where the size is fixed. */
  readonly sizeAt?: number;
}

/** What lies where in the context, and what holds for the whole module. */
export interface Plan {
  readonly module: Module;
  /** Bytes from the context to linear memory. */
  readonly memoryOffset: number;
  /** Bytes of linear memory, where they never change. */
  readonly fixedMemoryBytes?: number;
  /** What linear memory has at least. */
  readonly leastMemoryBytes: number;
  /** By global index: bytes from the context. */
  readonly globals: readonly number[];
  readonly tables: readonly TablePlace[];
  /** By data segment: bytes from the context to the word that says how much of it there is still. */
  readonly dataLengths: ReadonlyMap<number, number>;
  /** Likewise by element segment, in items. */
  readonly elementLengths: ReadonlyMap<number, number>;
  /** The number by which an indirect call knows a type. */
  typeNumber(typeIndex: number): number;
  /** Functions that are checked for the stack's end, and pay fuel: those on cycles of the call graph. */
  readonly recursive: ReadonlySet<number>;
}

/** Words that a value takes. */
export function wordsOf(type: ValueType): 1 | 2 {
  return type === "i64" || type === "f64" ? 2 : 1;
}

/** Words that values of these types take. */
export function wordCount(types: readonly ValueType[]): number {
  return types.reduce((sum, type) => sum + wordsOf(type), 0);
}

const PAGE = 65536;

/** Room for a table that grows and says no maximum, or a large one. */
const MOST_ENTRIES = 64;

/** Lays the context out. */
export function planModule(
  module: Module,
  functions: readonly FunctionIr[],
  recursive: ReadonlySet<number>,
  memoryBytes: number | undefined,
): Plan {
  const growing = new Set<number>();
  const dropped = { data: new Set<number>(), elements: new Set<number>() };
  for (const { body } of functions) {
    walkExpressions(body, (expression) => {
      if (expression.kind === "table.grow") growing.add(expression.table);
    });
    walkStatements(body, (statement) => {
      if (statement.kind === "data.drop") dropped.data.add(statement.segment);
      else if (statement.kind === "elem.drop") dropped.elements.add(statement.segment);
      else if (statement.kind === "bulk" && statement.operator === "memory.init") {
        dropped.data.add(statement.immediates[0]);
      } else if (statement.kind === "bulk" && statement.operator === "table.init") {
        dropped.elements.add(statement.immediates[1]);
      }
    });
  }

  let at: number = contextOffsets.layout;
  const take = (words: number): number => {
    const place = at;
    at += 4 * words;
    return place;
  };
  const tables = module.tables.map(({ minimum, maximum }, index): TablePlace => {
    const capacity = growing.has(index) ? Math.max(minimum, Math.min(maximum ?? Infinity, MOST_ENTRIES)) : minimum;
    const sizeAt = growing.has(index) ? take(1) : undefined;
    return { sizeAt, at: take(capacity), capacity };
  });
  const lengths = (segments: ReadonlySet<number>) =>
    new Map([...segments].sort((a, b) => a - b).map((segment) => [segment, take(1)] as const));
  const dataLengths = lengths(dropped.data);
  const elementLengths = lengths(dropped.elements);
  if ((at + 4 * wordCount(module.globals.map(({ type }) => type))) % 8 !== 0) take(1);
  // Globals last: near linear memory, whose address is at hand, an access is shorter.
  const globals = module.globals.map(({ type }) => take(wordsOf(type)));
  const keys = new Map<string, number>();
  return {
    module,
    memoryOffset: Math.ceil(at / 8) * 8,
    fixedMemoryBytes: memoryBytes,
    leastMemoryBytes: memoryBytes ?? (module.memory?.minimum ?? 0) * PAGE,
    globals,
    tables,
    dataLengths,
    elementLengths,
    recursive,
    typeNumber(typeIndex) {
      const key = signatureKey(module.types[typeIndex]);
      const known = keys.get(key) ?? keys.size + 1;
      keys.set(key, known);
      return known;
    },
  };
}
