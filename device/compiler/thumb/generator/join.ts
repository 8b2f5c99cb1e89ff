import type { Export, Module } from "../../decode/module.js";
import { encode } from "../encoding.js";
import { assemble, type Routine } from "../assembler/assemble.js";
import type { ThumbCompilation, ThumbFunction } from "../compilation.js";
import { contextOffsets, WRITE_BUFFER_BYTES } from "../context.js";
import { linkRoutines, patchReference } from "../routines/link.js";
import type { TrapEntry } from "../routines/coroutine.js";
import { assemblyName, guestText, importText } from "./doors.js";
import type { CompiledFunction } from "./function.js";
import { constantOf, nameOf } from "./declarations.js";
import type { Plan } from "./plan.js";
import { labels } from "./select/selector.js";

/** What is to be one blob. */
export interface Parts {
  readonly module: Module;
  readonly plan: Plan;
  readonly functions: readonly CompiledFunction[];
  /** Functions that tables and references know, by index. */
  readonly referenced: ReadonlySet<number>;
  /** Imported functions that are called. */
  readonly imports: readonly number[];
  readonly exports: readonly Export[];
  readonly routines: ReadonlySet<string>;
  readonly stack: "process" | "plain";
  readonly startTrap: number | undefined;
  /** The imported function whose writes go to the buffer; undefined for none. */
  readonly bufferedImport: number | undefined;
  /** Functions that one may call, by index. */
  callees(index: number): ReadonlySet<number>;
}

/** Bytes of stack that a routine of the runtime, or leaving to the host, may need. */
const RUNTIME_STACK = 128;

const BUFFERED_WRITE = "buffered.write";

/** Lays routines, the ways in and out, functions and segments one behind the other, and fills in what refers to what. */
export function joinBlob(parts: Parts): ThumbCompilation {
  const { module, plan, functions } = parts;
  const { memoryOffset } = plan;
  const traps = trapEntries(parts);
  const { bufferedImport } = parts;
  const buffered = bufferedImport === undefined ? [] : [BUFFERED_WRITE];
  const linked = linkRoutines(["entry", ...parts.routines, ...buffered], { stack: parts.stack, memoryOffset, traps });
  const pieces: Uint8Array[] = [linked.code];
  let at = linked.code.length;
  const add = (bytes: Uint8Array): number => {
    const place = at;
    pieces.push(bytes);
    at += bytes.length;
    return place;
  };
  const symbols = new Map<string, number>([[labels.blob, 0]]);
  for (const [name, place] of linked.symbols) symbols.set(name, place);
  const listed: ThumbFunction[] = linked.routines.map(({ name, offset, bytes }) => ({ name, offset, bytes }));
  const references = [...linked.unresolved];

  const addRoutine = (routine: Routine, label: string, index?: number): void => {
    const offset = add(routine.code);
    symbols.set(label, offset);
    for (const reference of routine.references) references.push({ ...reference, at: reference.at + offset });
    const name = index === undefined ? label : nameOf(module, index);
    listed.push({ name, offset, bytes: routine.code.length, index, frameBytes: 8 });
  };
  /** The type's number, by which an indirect call knows it, right before the function. */
  const addReference = (index: number): void => {
    if (!parts.referenced.has(index)) return;
    const number = plan.typeNumber(module.functions[index].typeIndex);
    const offset = add(Uint8Array.of(0, 0, number & 0xff, number >> 8));
    symbols.set(labels.reference(index), offset + 2);
  };

  const exported = parts.exports.map(({ index }) => ({ functionIndex: index, type: module.functions[index].type }));
  const { startTrap } = parts;
  const doors = {
    memoryOffset,
    exports: exported,
    start: module.start,
    startTrap,
    stackLimit: plan.recursive.size > 0,
  };
  addRoutine(assemble(guestText(doors)), "guest");
  parts.imports.forEach((index, n) => {
    addReference(index);
    const first = index === bufferedImport ? BUFFERED_WRITE : undefined;
    const text = importText(index, module.functions[index].type, n + 1, memoryOffset, first);
    addRoutine(assemble(text), labels.function(index), index);
  });
  const placed = functions.map((compiled) => {
    addReference(compiled.index);
    const offset = add(compiled.code);
    symbols.set(labels.function(compiled.index), offset);
    const body = module.functions[compiled.index].body!;
    listed.push({
      name: compiled.name,
      offset,
      bytes: compiled.code.length,
      index: compiled.index,
      frameBytes: compiled.frameBytes,
      wasmBytes: body.end - body.start,
    });
    return { compiled, offset };
  });
  const elementWords: { segment: number; offset: number }[] = [];
  const wanted = new Set(functions.flatMap(({ relocations }) => relocations.map(({ label }) => label)));
  module.data.forEach(({ bytes }, segment) => {
    if (!wanted.has(labels.data(segment))) return;
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    symbols.set(labels.data(segment), add(padded));
  });
  module.elements.forEach(({ items }, segment) => {
    if (!wanted.has(labels.elements(segment))) return;
    const offset = add(new Uint8Array(4 * items.length));
    symbols.set(labels.elements(segment), offset);
    elementWords.push({ segment, offset });
  });

  const code = new Uint8Array(at);
  let end = 0;
  for (const piece of pieces) {
    code.set(piece, end);
    end += piece.length;
  }
  const view = new DataView(code.buffer);
  const placeOf = (label: string): number => {
    const place = symbols.get(label) ?? symbols.get(assemblyName(label));
    if (place === undefined) throw new Error(`Nothing in the blob is called ${label}`);
    return place;
  };
  // Assembly text has no spaces in its names.
  for (const [label, place] of [...symbols]) symbols.set(assemblyName(label), place);
  for (const reference of references) patchReference(code, reference, placeOf(reference.to));
  for (const { compiled, offset } of placed) {
    for (const relocation of compiled.relocations) {
      const target = placeOf(relocation.label) + relocation.addend;
      const place = offset + relocation.at;
      if (relocation.kind === "bl") {
        encode({ kind: "bl", target }, place).forEach((half, n) => view.setUint16(place + 2 * n, half, true));
      } else {
        view.setInt32(place, relocation.kind === "offset" ? target : target - (offset + relocation.from), true);
      }
    }
  }
  const referenceWord = (index: number): number => placeOf(labels.reference(index));
  for (const { segment, offset } of elementWords) {
    const { items, mode } = module.elements[segment];
    // Nothing is ever taken from a declarative one.
    if (mode === "declarative") continue;
    items.forEach((item, n) => {
      if (item.kind === "function") view.setInt32(offset + 4 * n, referenceWord(item.index), true);
    });
  }

  return {
    code,
    imports: parts.imports.map((index) => ({ ...module.functions[index].import!, type: module.functions[index].type })),
    exports: parts.exports.map(({ name }) => name),
    image: imageOf(module, plan, referenceWord),
    memoryOffset,
    data: module.data.flatMap(({ mode, offset, bytes }) =>
      mode === "active" ? [{ offset: constantOf(module, offset), bytes }] : [],
    ),
    functions: listed,
    layout: { globals: plan.globals, tables: plan.tables },
    stackReserveBytes: stackReserve(parts),
    writeBufferBytes: bufferedImport === undefined ? 0 : WRITE_BUFFER_BYTES,
  };
}

function trapEntries({ functions, startTrap }: Parts): TrapEntry[] {
  const found = new Map<string, TrapEntry>();
  const add = (label: string): void => {
    const match = /^(framed|leaf)\.trap(\d+)$/.exec(label);
    if (match) found.set(label, { label, code: -Number(match[2]), leaf: match[1] === "leaf" });
  };
  for (const { relocations } of functions) for (const { label } of relocations) add(label);
  if (startTrap !== undefined) add(`framed.trap${-startTrap}`);
  return [...found.values()];
}

/** Tables, lengths of segments and globals as they are before the first entry. */
function imageOf(module: Module, plan: Plan, referenceWord: (index: number) => number): Uint8Array {
  const image = new Uint8Array(plan.memoryOffset - contextOffsets.layout);
  const view = new DataView(image.buffer);
  const set = (at: number, value: number): void => view.setInt32(at - contextOffsets.layout, value | 0, true);
  plan.tables.forEach(({ sizeAt }, index) => {
    if (sizeAt !== undefined) set(sizeAt, module.tables[index].minimum);
  });
  for (const { mode, table, offset, items } of module.elements) {
    if (mode !== "active") continue;
    const first = constantOf(module, offset);
    items.forEach((item, n) => {
      const word = item.kind === "function" ? referenceWord(item.index) : 0;
      if (first + n < plan.tables[table].capacity) set(plan.tables[table].at + 4 * (first + n), word);
    });
  }
  // What an active segment holds is dropped once it's in its place.
  for (const [segment, at] of plan.dataLengths) {
    set(at, module.data[segment].mode === "passive" ? module.data[segment].bytes.length : 0);
  }
  for (const [segment, at] of plan.elementLengths) {
    set(at, module.elements[segment].mode === "passive" ? module.elements[segment].items.length : 0);
  }
  const bitsOf = (index: number): bigint => {
    const { initial } = module.globals[index];
    switch (initial?.kind) {
      case "i32":
      case "i64":
        return BigInt(initial.value);
      case "f32":
      case "f64":
        return BigInt(initial.bits);
      case "global":
        return bitsOf(initial.index);
      case "function":
        return BigInt(referenceWord(initial.index));
      default:
        return 0n;
    }
  };
  module.globals.forEach(({ type }, index) => {
    const bits = bitsOf(index);
    set(plan.globals[index], Number(BigInt.asIntN(32, bits)));
    if (type === "i64" || type === "f64") set(plan.globals[index] + 4, Number(BigInt.asIntN(32, bits >> 32n)));
  });
  return image;
}

/** The most stack that functions need which don't check it: below any that does, and from the first one on. */
function stackReserve({ functions, callees }: Parts): number {
  const byIndex = new Map(functions.map((compiled) => [compiled.index, compiled]));
  const known = new Map<number, number>();
  const need = (index: number): number => {
    const compiled = byIndex.get(index);
    if (!compiled) return 0;
    const found = known.get(index);
    if (found !== undefined) return found;
    let most = 0;
    // Those on cycles check for themselves.
    for (const callee of callees(index)) if (!byIndex.get(callee)?.checked) most = Math.max(most, need(callee));
    known.set(index, compiled.frameBytes + most);
    return compiled.frameBytes + most;
  };
  const most = Math.max(0, ...functions.map(({ index }) => need(index)));
  return Math.ceil((most + RUNTIME_STACK) / 8) * 8;
}
