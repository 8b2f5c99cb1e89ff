import { ModuleError } from "./errors.js";
import { readNames } from "./names.js";
import { Reader } from "./reader.js";

/** WebAssembly value types (core specification, section 2.3.4). */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "funcref" | "externref";

/** Parameters and results, in order (WebAssembly 2.0, 2.3.6). */
export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Sizes of a memory in pages of 64 KiB, of a table in elements (2.3.7); without a maximum there is none. */
export interface Limits {
  readonly minimum: number;
  readonly maximum?: number;
}

/** A table: its limits and what it holds (2.3.9). */
export interface TableType extends Limits {
  readonly element: ValueType;
}

/** A global: its type, and whether it may be set (2.3.10). */
export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

/** A constant expression (section 3.3.10). Floats are kept as their bits. */
export type Initializer =
  | { readonly kind: "i32"; readonly value: number; readonly padded: boolean }
  | { readonly kind: "i64"; readonly value: bigint }
  | { readonly kind: "f32"; readonly bits: number }
  | { readonly kind: "f64"; readonly bits: bigint }
  | { readonly kind: "global"; readonly index: number }
  | { readonly kind: "function"; readonly index: number }
  | { readonly kind: "null" };

/** The two names of an import (2.5.11). */
export interface Import {
  readonly module: string;
  readonly name: string;
}

/** A function of the module's index space: imported ones come first. */
export interface FunctionDeclaration {
  readonly type: FunctionType;
  readonly typeIndex: number;
  readonly import?: Import;
  /** Where its body (locals and code) lies in the module; undefined for an import. */
  readonly body?: { readonly start: number; readonly end: number };
}

/** A global that is imported, or has an initial value. */
export interface GlobalDeclaration extends GlobalType {
  readonly import?: Import;
  readonly initial?: Initializer;
}

/** A table that is imported, or the module's own. */
export interface TableDeclaration extends TableType {
  readonly import?: Import;
}

/** A memory that is imported, or the module's own; sizes in pages of 64 KiB. */
export interface MemoryDeclaration extends Limits {
  readonly import?: Import;
}

/** An export: its name and the index in what it is (2.5.10). */
export interface Export {
  readonly name: string;
  readonly kind: "function" | "table" | "memory" | "global";
  readonly index: number;
}

/** References for a table (2.5.7): copied at the start, by `table.init`, or only declared. */
export interface ElementSegment {
  readonly mode: "active" | "passive" | "declarative";
  readonly table: number;
  readonly offset?: Initializer;
  readonly items: readonly Initializer[];
}

/** Bytes for linear memory (2.5.8): copied at the start, or by `memory.init`. */
export interface DataSegment {
  readonly mode: "active" | "passive";
  readonly offset?: Initializer;
  readonly bytes: Uint8Array;
}

/** A module as its binary declares it; function bodies are decoded on demand, see `decode/function.ts`. */
export interface Module {
  readonly bytes: Uint8Array;
  readonly types: readonly FunctionType[];
  readonly functions: readonly FunctionDeclaration[];
  readonly tables: readonly TableDeclaration[];
  readonly memory?: MemoryDeclaration;
  readonly globals: readonly GlobalDeclaration[];
  readonly exports: readonly Export[];
  readonly start?: number;
  readonly elements: readonly ElementSegment[];
  readonly data: readonly DataSegment[];
  /** Function names of the name section, by function index. */
  readonly functionNames: ReadonlyMap<number, string>;
}

const VALUE_TYPES: Readonly<Record<number, ValueType>> = {
  0x7f: "i32",
  0x7e: "i64",
  0x7d: "f32",
  0x7c: "f64",
  0x70: "funcref",
  0x6f: "externref",
};

/** Reads a value type; vectors and other later proposals are refused by name. */
export function readValueType(reader: Reader): ValueType {
  const at = reader.offset;
  const code = reader.byte();
  const type = VALUE_TYPES[code];
  if (type) return type;
  if (code === 0x7b) throw new ModuleError("SIMD (v128) is not supported: compile without -msimd128", at);
  throw new ModuleError(`unsupported value type 0x${code.toString(16)}`, at);
}

const MAGIC = "0061736d01000000";

/**
 * Decodes a module's declarations (core specification, chapter 5).
 * @throws ModuleError with the offset, for what is malformed or not supported
 */
export function decodeModule(bytes: Uint8Array): Module {
  const header = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (header !== MAGIC) {
    if (header.startsWith("0061736d")) {
      throw new ModuleError(
        "not a core module of version 1: components must be unpacked to their core module first",
        4,
      );
    }
    throw new ModuleError("not a WebAssembly module: magic header not found", 0);
  }
  const types: FunctionType[] = [];
  const functions: FunctionDeclaration[] = [];
  const tables: TableDeclaration[] = [];
  const globals: GlobalDeclaration[] = [];
  const exports: Export[] = [];
  const elements: ElementSegment[] = [];
  const data: DataSegment[] = [];
  let memory: MemoryDeclaration | undefined;
  let start: number | undefined;
  let functionNames: ReadonlyMap<number, string> = new Map();

  const declareMemory = (declaration: MemoryDeclaration, offset: number) => {
    if (memory) throw new ModuleError("multiple memories are not supported", offset);
    memory = declaration;
  };
  const readType = (reader: Reader): { type: FunctionType; typeIndex: number } => {
    const typeIndex = reader.u32();
    if (typeIndex >= types.length) throw new ModuleError("unknown type", reader.offset);
    return { type: types[typeIndex], typeIndex };
  };

  let bodyless = 0;
  const sections: Readonly<Record<number, (reader: Reader) => void>> = {
    1: (reader) => {
      reader.vector(() => {
        if (reader.byte() !== 0x60) {
          throw new ModuleError("only function types are supported (no GC types)", reader.offset - 1);
        }
        types.push({
          params: reader.vector(() => readValueType(reader)),
          results: reader.vector(() => readValueType(reader)),
        });
      });
    },
    2: (reader) => {
      reader.vector(() => {
        const from: Import = { module: reader.name(), name: reader.name() };
        const at = reader.offset;
        switch (reader.byte()) {
          case 0:
            functions.push({ ...readType(reader), import: from });
            break;
          case 1:
            tables.push({ ...readTableType(reader), import: from });
            break;
          case 2:
            declareMemory({ ...readLimits(reader), import: from }, at);
            break;
          case 3:
            globals.push({ ...readGlobalType(reader), import: from });
            break;
          default:
            throw new ModuleError("malformed import kind", at);
        }
      });
      bodyless = functions.length;
    },
    3: (reader) => void reader.vector(() => functions.push(readType(reader))),
    4: (reader) => void reader.vector(() => tables.push(readTableType(reader))),
    5: (reader) => void reader.vector(() => declareMemory(readLimits(reader), reader.offset)),
    6: (reader) =>
      void reader.vector(() => globals.push({ ...readGlobalType(reader), initial: readInitializer(reader) })),
    7: (reader) => {
      const kinds = ["function", "table", "memory", "global"] as const;
      reader.vector(() => {
        const name = reader.name();
        const kind = kinds[reader.byte()];
        if (!kind) throw new ModuleError("malformed export kind", reader.offset - 1);
        exports.push({ name, kind, index: reader.u32() });
      });
    },
    8: (reader) => {
      start = reader.u32();
    },
    9: (reader) => void reader.vector(() => elements.push(readElementSegment(reader))),
    10: (reader) =>
      void reader.vector(() => {
        const length = reader.u32();
        const body = { start: reader.offset, end: reader.offset + length };
        reader.bytes(length);
        const declared = functions[bodyless];
        if (!declared) throw new ModuleError("function and code section have inconsistent lengths", body.start);
        functions[bodyless++] = { ...declared, body };
      }),
    11: (reader) => void reader.vector(() => data.push(readDataSegment(reader))),
    12: (reader) => void reader.u32(),
  };

  const reader = new Reader(bytes, 8);
  while (!reader.atEnd) {
    const at = reader.offset;
    const id = reader.byte();
    const length = reader.u32();
    const section = new Reader(bytes, reader.offset, reader.offset + length);
    reader.bytes(length);
    if (id === 0) {
      if (section.name() === "name") functionNames = readNames(section);
    } else {
      const read = sections[id];
      if (!read) throw new ModuleError(`unsupported section ${id}`, at);
      read(section);
      if (!section.atEnd) throw new ModuleError("section size mismatch", section.offset);
    }
  }
  return { bytes, types, functions, tables, memory, globals, exports, start, elements, data, functionNames };
}

function readLimits(reader: Reader): Limits {
  const at = reader.offset;
  const flags = reader.byte();
  if (flags > 1) throw new ModuleError("shared and 64-bit memories are not supported", at);
  return flags === 1 ? { minimum: reader.u32(), maximum: reader.u32() } : { minimum: reader.u32() };
}

function readTableType(reader: Reader): TableType {
  const element = readValueType(reader);
  return { element, ...readLimits(reader) };
}

function readGlobalType(reader: Reader): GlobalType {
  return { type: readValueType(reader), mutable: reader.byte() === 1 };
}

function readInitializer(reader: Reader): Initializer {
  const at = reader.offset;
  const initializer = readConstant(reader, at);
  if (reader.byte() !== 0x0b) throw new ModuleError("extended constant expressions are not supported", at);
  return initializer;
}

function readConstant(reader: Reader, at: number): Initializer {
  switch (reader.byte()) {
    case 0x41: {
      const from = reader.offset;
      return { kind: "i32", value: reader.s32() | 0, padded: reader.offset - from === 5 };
    }
    case 0x42:
      return { kind: "i64", value: reader.s64() };
    case 0x43:
      return { kind: "f32", bits: reader.bits32() };
    case 0x44:
      return { kind: "f64", bits: reader.bits64() };
    case 0x23:
      return { kind: "global", index: reader.u32() };
    case 0xd0:
      reader.byte();
      return { kind: "null" };
    case 0xd2:
      return { kind: "function", index: reader.u32() };
    default:
      throw new ModuleError("constant expression required", at);
  }
}

/** Flags: bit 0 passive or declarative, bit 1 explicit table or declarative, bit 2 expressions (section 5.5.12). */
function readElementSegment(reader: Reader): ElementSegment {
  const flags = reader.u32();
  const mode = (flags & 1) === 0 ? "active" : (flags & 2) === 0 ? "passive" : "declarative";
  const table = mode === "active" && flags & 2 ? reader.u32() : 0;
  const offset = mode === "active" ? readInitializer(reader) : undefined;
  const expressions = (flags & 4) !== 0;
  if (flags & 3) reader.byte();
  const items = reader.vector(() =>
    expressions ? readInitializer(reader) : ({ kind: "function", index: reader.u32() } as const),
  );
  return { mode, table, offset, items };
}

function readDataSegment(reader: Reader): DataSegment {
  const flags = reader.u32();
  if (flags === 2 && reader.u32() !== 0) throw new ModuleError("multiple memories are not supported", reader.offset);
  const offset = flags === 1 ? undefined : readInitializer(reader);
  return { mode: flags === 1 ? "passive" : "active", offset, bytes: reader.bytes(reader.u32()) };
}
