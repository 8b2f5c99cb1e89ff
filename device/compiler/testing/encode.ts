import type { FunctionType, GlobalType, Limits, ValueType } from "../decode/module.js";
import { memoryOperators, numericOperators } from "./opcodes.js";

/**
 * A folded instruction, as in the text format: operands run first, left to right. Labels are names, not depths, so a
 * block around a branch can be removed without touching the branch.
 */
export interface Instruction {
  /** Name in the text format. */
  op: string;
  operands: Instruction[];
  /** What is on the stack afterwards; anything at all behind a branch. */
  results: ValueType[];
  /** Local, global, function, segment or table index. */
  index?: number;
  /** Second index: the source table of `table.copy`, the table of `table.init`. */
  second?: number;
  /** Of a constant: an integer, or the bits of a float. */
  value?: bigint;
  /** Of a load or store: static offset in bytes, and log2 of the claimed alignment. */
  offset?: number;
  align?: number;
  /** Of a block or loop, the label that it defines; of a branch, the one that it goes to. */
  label?: number;
  /** Of `br_table`: the last one is the default. */
  labels?: number[];
  /** Of `block`, `loop`, `if`, and of `call_indirect`. */
  type?: FunctionType;
  body?: Instruction[];
  otherwise?: Instruction[];
  /** Whether the module might not end without it: not to be taken out when a case is made smaller. */
  keep?: boolean;
}

/** A function before it is bytes. */
export interface FunctionDescription {
  type: FunctionType;
  /** Beyond the parameters. */
  locals: ValueType[];
  body: Instruction[];
}

/** A module before it is bytes. Functions are numbered with the imported ones first. */
export interface ModuleDescription {
  imports: { module: string; name: string; type: FunctionType }[];
  functions: FunctionDescription[];
  table?: Limits;
  memory?: Limits;
  globals: (GlobalType & { initial: bigint })[];
  exports: { name: string; kind: "function" | "table" | "memory" | "global"; index: number }[];
  start?: number;
  /** Function indices; active ones have an offset. */
  elements: { offset?: number; functions: number[] }[];
  data: { offset?: number; bytes: number[] }[];
}

const TYPE_CODES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  funcref: 0x70,
  externref: 0x6f,
};

/** Operators without immediates. */
const PLAIN: Readonly<Record<string, readonly number[]>> = {
  unreachable: [0x00],
  nop: [0x01],
  return: [0x0f],
  drop: [0x1a],
  select: [0x1b],
  "memory.size": [0x3f, 0],
  "memory.grow": [0x40, 0],
  "memory.copy": [0xfc, 10, 0, 0],
  "memory.fill": [0xfc, 11, 0],
};

/** Operators with one index. */
const INDEXED: Readonly<Record<string, readonly number[]>> = {
  call: [0x10],
  "local.get": [0x20],
  "local.set": [0x21],
  "local.tee": [0x22],
  "global.get": [0x23],
  "global.set": [0x24],
  "data.drop": [0xfc, 9],
  "elem.drop": [0xfc, 13],
};

const BLOCKS: Readonly<Record<string, number>> = { block: 0x02, loop: 0x03, if: 0x04 };
const CONSTANTS: Readonly<Record<string, number>> = { "i32.const": 0x41, "i64.const": 0x42 };
const numeric = new Map(numericOperators.map((operator) => [operator.name, operator.code]));
const memory = new Map(memoryOperators.map((operator) => [operator.name, operator.code]));

/** Unsigned LEB128 (core specification, section 5.2.2). */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of an integer of up to 64 bits. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const done = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): number[] {
  const bytes = [...new TextEncoder().encode(text)];
  return [...unsigned(bytes.length), ...bytes];
}

function littleEndian(bits: bigint, length: number): number[] {
  return Array.from({ length }, (_, index) => Number((bits >> BigInt(8 * index)) & 0xffn));
}

/** The instruction for a constant; floats by their bits. */
function constant(type: ValueType, value: bigint): number[] {
  switch (type) {
    case "i32":
      return [0x41, ...signed(BigInt.asIntN(32, value))];
    case "i64":
      return [0x42, ...signed(BigInt.asIntN(64, value))];
    case "f32":
      return [0x43, ...littleEndian(value, 4)];
    case "f64":
      return [0x44, ...littleEndian(value, 8)];
    default:
      return [0xd0, TYPE_CODES[type]];
  }
}

/** Function types in the order of their first use. */
class TypeSection {
  private readonly types: FunctionType[] = [];

  index(type: FunctionType): number {
    const text = JSON.stringify([type.params, type.results]);
    const found = this.types.findIndex((known) => JSON.stringify([known.params, known.results]) === text);
    return found >= 0 ? found : this.types.push(type) - 1;
  }

  encode(): number[] {
    const codes = (types: readonly ValueType[]) => vector(types.map((type) => [TYPE_CODES[type]]));
    return vector(this.types.map((type) => [0x60, ...codes(type.params), ...codes(type.results)]));
  }
}

function limits(value: Limits): number[] {
  return value.maximum === undefined
    ? [0, ...unsigned(value.minimum)]
    : [1, ...unsigned(value.minimum), ...unsigned(value.maximum)];
}

function encodeInstruction(
  instruction: Instruction,
  labels: readonly number[],
  types: TypeSection,
  out: number[],
): void {
  const { op, index = 0 } = instruction;
  for (const operand of instruction.operands) encodeInstruction(operand, labels, types, out);
  const depth = (label: number | undefined) => {
    const found = labels.lastIndexOf(label ?? -1);
    if (found < 0) throw new Error(`label ${label} is not in scope`);
    return unsigned(labels.length - 1 - found);
  };
  const simple = numeric.get(op) ?? PLAIN[op];
  if (simple) out.push(...simple);
  else if (op in INDEXED) out.push(...INDEXED[op], ...unsigned(index));
  else if (op in CONSTANTS || op === "f32.const" || op === "f64.const")
    out.push(...constant(op.slice(0, 3) as ValueType, instruction.value ?? 0n));
  else if (memory.has(op))
    out.push(memory.get(op)!, ...unsigned(instruction.align ?? 0), ...unsigned(instruction.offset ?? 0));
  else if (op in BLOCKS) encodeBlock(instruction, labels, types, out);
  else if (op === "br") out.push(0x0c, ...depth(instruction.label));
  else if (op === "br_if") out.push(0x0d, ...depth(instruction.label));
  else if (op === "br_table") {
    const depths = (instruction.labels ?? []).map(depth);
    out.push(0x0e, ...vector(depths.slice(0, -1)), ...depths[depths.length - 1]);
  } else if (op === "call_indirect") out.push(0x11, ...unsigned(types.index(instruction.type!)), ...unsigned(index));
  else if (op === "memory.init") out.push(0xfc, 8, ...unsigned(index), 0);
  else if (op === "table.init") out.push(0xfc, 12, ...unsigned(index), ...unsigned(instruction.second ?? 0));
  else if (op === "table.copy") out.push(0xfc, 14, ...unsigned(index), ...unsigned(instruction.second ?? 0));
  else throw new Error(`no encoding for ${op}`);
}

function encodeBlock(instruction: Instruction, labels: readonly number[], types: TypeSection, out: number[]): void {
  const { params, results } = instruction.type!;
  out.push(BLOCKS[instruction.op]);
  if (params.length === 0 && results.length === 0) out.push(0x40);
  else if (params.length === 0 && results.length === 1) out.push(TYPE_CODES[results[0]]);
  else out.push(...signed(BigInt(types.index(instruction.type!))));
  const inner = [...labels, instruction.label ?? -2];
  for (const child of instruction.body ?? []) encodeInstruction(child, inner, types, out);
  if (instruction.otherwise) {
    out.push(0x05);
    for (const child of instruction.otherwise) encodeInstruction(child, inner, types, out);
  }
  out.push(0x0b);
}

function encodeCode(description: FunctionDescription, types: TypeSection): number[] {
  const body: number[] = [];
  // The function's own label is -1; a `return` is what the generator writes instead.
  for (const instruction of description.body) encodeInstruction(instruction, [-1], types, body);
  const locals = vector(description.locals.map((type) => [1, TYPE_CODES[type]]));
  const bytes = [...locals, ...body, 0x0b];
  return [...unsigned(bytes.length), ...bytes];
}

const EXPORT_KINDS = { function: 0, table: 1, memory: 2, global: 3 } as const;

/**
 * The binary format (core specification, section 5).
 * @throws Error when a branch goes to a label that isn't in scope, or an operator is unknown
 */
export function encodeModule(description: ModuleDescription): Uint8Array {
  const types = new TypeSection();
  const functionType = (type: FunctionType) => unsigned(types.index(type));
  const imports = description.imports.map((entry) => [
    ...name(entry.module),
    ...name(entry.name),
    0,
    ...functionType(entry.type),
  ]);
  const functions = description.functions.map((entry) => functionType(entry.type));
  const code = description.functions.map((entry) => encodeCode(entry, types));
  const offset = (value: number) => [...constant("i32", BigInt(value)), 0x0b];
  const sections: [number, number[] | undefined][] = [
    [1, types.encode()],
    [2, vector(imports)],
    [3, vector(functions)],
    [4, description.table && [1, 0x70, ...limits(description.table)]],
    [5, description.memory && [1, ...limits(description.memory)]],
    [
      6,
      vector(
        description.globals.map(({ type, mutable, initial }) => [
          TYPE_CODES[type],
          mutable ? 1 : 0,
          ...constant(type, initial),
          0x0b,
        ]),
      ),
    ],
    [
      7,
      vector(
        description.exports.map((entry) => [...name(entry.name), EXPORT_KINDS[entry.kind], ...unsigned(entry.index)]),
      ),
    ],
    [8, description.start === undefined ? undefined : unsigned(description.start)],
    [
      9,
      vector(
        description.elements.map((segment) => [
          ...(segment.offset === undefined ? [1, 0] : [0, ...offset(segment.offset)]),
          ...vector(segment.functions.map(unsigned)),
        ]),
      ),
    ],
    [12, unsigned(description.data.length)],
    [10, vector(code)],
    [
      11,
      vector(
        description.data.map((segment) => [
          ...(segment.offset === undefined ? [1] : [0, ...offset(segment.offset)]),
          ...unsigned(segment.bytes.length),
          ...segment.bytes,
        ]),
      ),
    ],
  ];
  const bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  for (const [id, content] of sections) {
    const empty = !content || (content.length === 1 && content[0] === 0 && id !== 8);
    if (!empty) bytes.push(id, ...unsigned(content.length), ...content);
  }
  return Uint8Array.from(bytes);
}
