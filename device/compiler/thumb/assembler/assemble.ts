import { encode, sizeOf } from "../encoding.js";
import { ldrLiteral, nop, resolve } from "../instruction.js";
import type { Instruction } from "../instruction.js";
import { AssemblyError } from "./assembly-error.js";
import { parseInstruction } from "./parse.js";
import { readLines } from "./lines.js";
import type { Value } from "./lines.js";

/** A `b` or `bl` to a symbol that isn't in the same text. */
export interface Reference {
  /** Byte offset of the instruction. */
  readonly at: number;
  readonly kind: "b" | "bl";
  readonly to: string;
}

/** Code that can be put at any 4-aligned place. */
export interface Routine {
  /** Its first global symbol. */
  readonly name: string;
  /** Halfwords, little-endian, literals included; a multiple of 4 bytes. */
  readonly code: Uint8Array;
  /** Byte offsets of the symbols declared `.global`. */
  readonly symbols: ReadonlyMap<string, number>;
  readonly references: readonly Reference[];
  /** Byte ranges that are data (literals, `.word`s), for a disassembler. */
  readonly data: readonly (readonly [from: number, to: number])[];
}

type Piece =
  | { readonly kind: "instruction"; readonly at: number; readonly instruction: Instruction; readonly line: number }
  | {
      readonly kind: "data";
      readonly at: number;
      readonly size: 1 | 2 | 4;
      readonly value: Value;
      readonly line: number;
    };

/**
 * Assembles UAL text with the directives of GNU as that routines need: `label:`, numbered labels (`1:`, `1b`, `1f`),
 * `.global`, `.word`, `.hword`, `.byte` (numbers or `(label - label) / n`), `.align` (to 2^n bytes), `.pool`
 * (or `.ltorg`), `ldr rd, =value`; comments from `@` or `//`. A pool left over stands at the end.
 * @throws AssemblyError with the line's number, from 1
 */
export function assemble(text: string): Routine {
  const labels = new Map<string, number>();
  const globals: string[] = [];
  const pieces: Piece[] = [];
  const data: [number, number][] = [];
  let pool: number[] = [];
  let pools = 0;
  let at = 0;
  const poolLabel = (value: number): string => `=${pools}:${value}`;
  const add = (instruction: Instruction, line: number): void => {
    pieces.push({ kind: "instruction", at, instruction, line });
    at += sizeOf(instruction);
  };
  const addData = (size: 1 | 2 | 4, value: Value, line: number): void => {
    const last = data.at(-1);
    if (last && last[1] === at) last[1] += size;
    else data.push([at, at + size]);
    pieces.push({ kind: "data", at, size, value, line });
    at += size;
  };
  const align = (bytes: number, line: number): void => {
    while (at % 2) addData(1, () => 0, line);
    while (at % bytes) add(nop(), line);
  };
  const flush = (line: number): void => {
    if (pool.length) align(4, line);
    for (const value of pool) {
      labels.set(poolLabel(value), at);
      addData(4, () => value, line);
    }
    pool = [];
    pools++;
  };

  const lines = readLines(text);
  for (const item of lines) {
    guarded(item.line, () => {
      switch (item.kind) {
        case "label":
          if (labels.has(item.name)) throw new AssemblyError(`The label ${item.name} is there twice`);
          labels.set(item.name, at);
          break;
        case "global":
          globals.push(item.name);
          break;
        case "align":
          align(item.bytes, item.line);
          break;
        case "pool":
          flush(item.line);
          break;
        case "data":
          for (const value of item.values) addData(item.size, value, item.line);
          break;
        case "instruction": {
          const instruction = parseInstruction(item.text);
          if (instruction.kind !== "pooledLoad") {
            add(instruction, item.line);
            break;
          }
          const value = instruction.value >>> 0;
          if (!pool.includes(value)) pool.push(value);
          add(ldrLiteral(instruction.rd, poolLabel(value)), item.line);
        }
      }
    });
  }
  flush(lines.at(-1)?.line ?? 1);
  align(4, lines.at(-1)?.line ?? 1);

  const code = new Uint8Array(at);
  const view = new DataView(code.buffer);
  const references: Reference[] = [];
  const placeOf = (label: string): number => {
    const place = labels.get(label);
    if (place === undefined) throw new AssemblyError(`There is no label ${label}`);
    return place;
  };
  for (const piece of pieces) {
    guarded(piece.line, () => {
      if (piece.kind === "data") {
        const value = piece.value(placeOf);
        if (piece.size === 4) view.setUint32(piece.at, value, true);
        else if (piece.size === 2) view.setUint16(piece.at, value, true);
        else view.setUint8(piece.at, value);
        return;
      }
      let { instruction } = piece;
      if ((instruction.kind === "b" || instruction.kind === "bl") && typeof instruction.target === "string") {
        const { kind, target } = instruction;
        if (!labels.has(target)) {
          references.push({ at: piece.at, kind, to: target });
          instruction = { kind, target: piece.at + 4 };
        }
      }
      encode(resolve(instruction, placeOf), piece.at).forEach((half, index) =>
        view.setUint16(piece.at + index * 2, half, true),
      );
    });
  }
  if (globals.length === 0) throw new AssemblyError("Nothing is .global in this text");
  const symbols = new Map(globals.map((name) => [name, placeOf(name)]));
  return { name: globals[0], code, symbols, references, data };
}

function guarded(line: number, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof AssemblyError || error instanceof RangeError) {
      throw new AssemblyError(`Line ${line}: ${error.message}`);
    }
    throw error;
  }
}
