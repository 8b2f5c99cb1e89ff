import { decodeModule, type Initializer, type Limits, type Module, type ValueType } from "../decode/module.js";
import { Reader } from "../decode/reader.js";
import { signed, unsigned } from "./encode.js";

/** What a module gets for its imports that aren't functions, by its index spaces. */
export interface Definitions {
  /** Bits of imported globals; null for a null reference. */
  readonly globals: readonly (bigint | null)[];
  /** Sizes of imported tables. */
  readonly tables: readonly Limits[];
  readonly memory?: Limits;
}

/** The export that runs the start function, or nothing, in what `selfContained` makes. */
export const START = "ristretto start";

/**
 * A module that defines the globals, tables and memory that the given one imports, and exports its start function
 * instead of having it run: a guest on a board imports nothing but functions, and is started once, but the test suite
 * and random modules enter theirs again and again. Indices stay what they were; code is copied as it is.
 */
export function selfContained(bytes: Uint8Array, definitions: Definitions): Uint8Array {
  const module = decodeModule(bytes);
  const sections = readSections(bytes);
  const content = (id: number) => sections.find((section) => section.id === id)?.content;
  const set = (id: number, replaced: readonly number[]) => {
    const found = sections.find((section) => section.id === id);
    if (found) found.content = replaced;
    else sections.push({ id, content: replaced });
  };

  if (definitions.globals.length || definitions.tables.length || definitions.memory) {
    set(2, functionImports(module));
    set(6, encodeGlobals(module, definitions));
    if (module.tables.length)
      set(4, vector(module.tables.map((table, index) => tableType(table.element, definitions.tables[index] ?? table))));
    if (module.memory) set(5, [1, ...limits(definitions.memory ?? module.memory)]);
    if (module.elements.length) set(9, encodeElements(module, definitions));
    if (module.data.length) set(11, encodeData(module, definitions));
  }
  let start = module.start;
  if (start === undefined) {
    start = module.functions.length;
    set(1, append(content(1), [0x60, 0, 0]));
    set(3, append(content(3), unsigned(module.types.length)));
    set(10, append(content(10), [2, 0, 0x0b]));
  }
  set(7, append(content(7), [...name(START), 0, ...unsigned(start)]));
  // Sections come in the order of their numbers, but for the count of data segments, 12, which is in front of the code.
  const order = (id: number) => (id === 12 ? 9.5 : id === 0 ? 20 : id);
  const kept = sections.filter(({ id }) => id !== 8).sort((a, b) => order(a.id) - order(b.id));
  const out = kept.flatMap(({ id, content }) => [id, ...unsigned(content.length), ...content]);
  return Uint8Array.from([...bytes.subarray(0, 8), ...out]);
}

interface Section {
  readonly id: number;
  content: readonly number[];
}

function readSections(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  const reader = new Reader(bytes, 8);
  while (!reader.atEnd) {
    const id = reader.byte();
    sections.push({ id, content: [...reader.bytes(reader.u32())] });
  }
  return sections;
}

/** One more item for a section that is a vector. */
function append(section: readonly number[] | undefined, item: readonly number[]): number[] {
  const reader = new Reader(Uint8Array.from(section ?? [0]));
  const count = reader.u32();
  return [...unsigned(count + 1), ...(section ?? []).slice(reader.offset), ...item];
}

function functionImports({ functions }: Module): number[] {
  return vector(
    functions.flatMap(({ import: from, typeIndex }) =>
      from ? [[...name(from.module), ...name(from.name), 0, ...unsigned(typeIndex)]] : [],
    ),
  );
}

function encodeGlobals(module: Module, definitions: Definitions): number[] {
  return vector(
    module.globals.map(({ type, mutable, initial }, index) => [
      TYPES[type],
      mutable ? 1 : 0,
      ...(initial ? constant(initial, type, definitions) : value(type, definitions.globals[index])),
    ]),
  );
}

function encodeElements(module: Module, definitions: Definitions): number[] {
  return vector(
    module.elements.map(({ mode, table, offset, items }) => {
      const type = mode === "active" ? module.tables[table].element : "funcref";
      const at = offset ? constant(offset, "i32", definitions) : [];
      const values = vector(items.map((item) => constant(item, type, definitions)));
      if (mode === "active") return [6, ...unsigned(table), ...at, TYPES[type], ...values];
      return [mode === "passive" ? 5 : 7, TYPES[type], ...values];
    }),
  );
}

function encodeData(module: Module, definitions: Definitions): number[] {
  return vector(
    module.data.map(({ mode, offset, bytes }) => [
      ...(mode === "passive" ? [1] : [0, ...constant(offset!, "i32", definitions)]),
      ...unsigned(bytes.length),
      ...bytes,
    ]),
  );
}

/** A constant expression; a global that was imported is the value that it has. */
function constant(from: Initializer, type: ValueType, definitions: Definitions): number[] {
  switch (from.kind) {
    case "i32":
      return value("i32", BigInt(from.value));
    case "i64":
      return value("i64", from.value);
    case "f32":
      return value("f32", BigInt(from.bits));
    case "f64":
      return value("f64", from.bits);
    case "null":
      return value(type, null);
    case "function":
      return [0xd2, ...unsigned(from.index), END];
    case "global":
      return value(type, definitions.globals[from.index]);
  }
}

const END = 0x0b;
const TYPES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, funcref: 0x70, externref: 0x6f } as const;

function value(type: ValueType, bits: bigint | null): number[] {
  if (bits === null) return [0xd0, TYPES[type], END];
  const bytes = (length: number) => Array.from({ length }, (_, at) => Number((bits >> BigInt(8 * at)) & 0xffn));
  if (type === "i32") return [0x41, ...signed(BigInt.asIntN(32, bits)), END];
  if (type === "i64") return [0x42, ...signed(BigInt.asIntN(64, bits)), END];
  return type === "f32" ? [0x43, ...bytes(4), END] : [0x44, ...bytes(8), END];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): number[] {
  const bytes = [...new TextEncoder().encode(text)];
  return [...unsigned(bytes.length), ...bytes];
}

function tableType(element: ValueType, size: Limits): number[] {
  return [TYPES[element], ...limits(size)];
}

function limits({ minimum, maximum }: Limits): number[] {
  return maximum === undefined ? [0, ...unsigned(minimum)] : [1, ...unsigned(minimum), ...unsigned(maximum)];
}
