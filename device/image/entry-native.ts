import { Buffer } from "node:buffer";
import { crc32 } from "../../hal/ports/ecmascript/crc32.js";
import type { ThumbCompilation } from "../compiler/thumb/compilation.js";
import { trapCodes } from "../compiler/thumb/traps.js";
import { MODULE } from "../wasi/calls.js";
import { arenaBytes, type NativeLayout } from "../engine/native.js";
import type { EngineText } from "./entry-run.js";
import type { From } from "./entry.js";

/** A guest in machine code, as its entry has to know it. */
export interface NativeGuest {
  readonly compilation: ThumbCompilation;
  readonly layout: NativeLayout;
  /** Where its blob begins behind the script, a multiple of 4. */
  readonly offset: number;
}

/** Stands for the script's length until that is known: machine code begins there. */
export const CODE_OFFSET_PLACEHOLDER = "__ristretto_code_offset__";

/** What lies behind the script: code, then the context's image, then data segments; its length is a multiple of 4. */
export function blobOf({ code, image, data }: ThumbCompilation): Uint8Array {
  const pieces = Buffer.concat([code, image, ...data.map(({ bytes }) => bytes)]);
  return new Uint8Array(Buffer.concat([pieces], Math.ceil(pieces.length / 4) * 4));
}

/** Lines that lay the arena out, as `arena`, and open the `machine`. */
export function nativeArena(
  { compilation, layout, offset: behind }: NativeGuest,
  start: string | undefined,
  allocate: (bytes: number) => string,
  readBehind: (script: string, offset: number, bytes: number, crc: number) => string,
  from: From,
): string[] {
  const { code, image, data, exports } = compilation;
  const machine = "hal/ports/espruino/machine.js";
  const bytesBehind = from(machine, "bytesBehind");
  const blob = blobOf(compilation);
  let at = code.length + image.length;
  const copies = data.flatMap(({ offset, bytes }) => {
    // What doesn't fit traps when the guest is started.
    const fits = offset + bytes.length <= layout.memory;
    const line = `arena.memory.set(${bytesBehind}(code, ${at}, ${bytes.length}), ${offset});`;
    at += bytes.length;
    return fits ? line : [];
  });
  const sizes = `{ stack: ${layout.stack}, reserve: ${layout.reserve}, writeBuffer: ${layout.writeBuffer}, memoryOffset: ${layout.memoryOffset}, memory: ${layout.memory} }`;
  const imageBytes = `${bytesBehind}(code, ${code.length}, ${image.length})`;
  return [
    `var code = ${readBehind(CODE_OFFSET_PLACEHOLDER, behind, blob.length, crc32(blob) >>> 0)};`,
    `var memory = ${allocate(arenaBytes(layout))};`,
    `var machine = ${from(machine, "openMachine")}(memory, code, ${code.length});`,
    `var arena = ${from("device/engine/native.js", "layOut")}(memory, machine.arenaAddress(), ${sizes}, ${imageBytes}, ${start === undefined ? 0 : exports.indexOf(start)});`,
    ...copies,
  ];
}

/**
 * The native engine's; `guest`, `machine` and `arena` are in scope.
 * @param served expressions of the functions that its imports are linked to, in order
 * @param slice milliseconds that it may keep the event loop waiting
 */
export function nativeEngineText(
  { compilation }: NativeGuest,
  served: readonly string[],
  slice: number,
  from: From,
): EngineText {
  const engine = (name: string) => from("device/engine/native.js", name);
  const buffers = compilation.writeBufferBytes > 0;
  const imports = compilation.imports.map(({ module, name, type }, index) => {
    let at = TRANSFER;
    const words = type.params.flatMap((param) =>
      param === "i64" || param === "f64" ? [`words[${at++}]`, `words[${at++}]`] : [`words[${at++}]`],
    );
    const changed = buffers && module === MODULE ? (CHANGED_DESCRIPTORS[name] ?? []) : [];
    const withdrawn = changed.map((parameter) => `${engine("withdraw")}(words, ${words[parameter]}); `);
    return `function (words) { ${withdrawn.join("")}return ${served[index]}(${["guest", ...words].join(", ")}); }`;
  });
  const reasons = Object.keys(trapCodes);
  const handOver = buffers ? `, ${engine("handOverWrites")}` : "";
  const run = (ended: string) =>
    `${engine("runNative")}(guest, machine, arena, [${imports.join(", ")}], ${compilation.code.length}, ${JSON.stringify(reasons)}, ${ended}, ${slice}${handOver})`;
  return {
    waits: true,
    run,
    enter: () =>
      `${engine("enteringNative")}(function (ended) { return ${run("ended")}; }, arena.words, ${JSON.stringify(compilation.exports)})`,
  };
}

/** The statement that lets a call of the guest's ask it for memory; `guest`, `machine` and `arena` are in scope. */
export function nativeAllocatorLine({ compilation }: NativeGuest, allocator: string, from: From): string {
  const index = compilation.exports.indexOf(allocator);
  const reasons = JSON.stringify(Object.keys(trapCodes));
  const call = `${from("device/engine/native.js", "callWithin")}(machine, arena, ${index}, ${compilation.code.length}, ${reasons}, [old, oldSize, align, size])`;
  return `guest.hardware.allocate = function (old, oldSize, align, size) { return ${call}; };`;
}

/** Calls after which a descriptor may not be what it was, or may not be written to, and the parameters that name such. */
const CHANGED_DESCRIPTORS: Readonly<Record<string, readonly number[]>> = {
  fd_close: [0],
  fd_renumber: [0, 1],
  fd_fdstat_set_rights: [0],
};

/** Word of the context that arguments of an import begin at. */
const TRANSFER = 16;
