import { Buffer } from "node:buffer";
import { crc32 } from "../../hal/ports/ecmascript/crc32.js";
import type { ThumbCompilation } from "../compiler/thumb/compilation.js";
import { trapCodes } from "../compiler/thumb/traps.js";
import { arenaBytes, type NativeLayout } from "../engine/native.js";
import type { From } from "./entry.js";

/** A guest in machine code, as its entry has to know it. */
export interface NativeGuest {
  readonly compilation: ThumbCompilation;
  readonly layout: NativeLayout;
}

/** Stands for the machine code's offset in the slot until the script's length is known. */
export const CODE_OFFSET_PLACEHOLDER = "__ristretto_code_offset__";

/** What lies behind the script: code, then the context's image, then data segments. */
export function blobOf({ code, image, data }: ThumbCompilation): Uint8Array {
  return new Uint8Array(Buffer.concat([code, image, ...data.map(({ bytes }) => bytes)]));
}

/** Lines that lay the arena out, as `arena`, and open the `machine`. */
export function nativeArena(
  { compilation, layout }: NativeGuest,
  start: string,
  allocate: (bytes: number) => string,
  readBehind: (offset: string, bytes: number, crc: number) => string,
  from: From,
): string[] {
  const { code, image, data, exports } = compilation;
  const machine = "hal/ports/espruino/machine.js";
  const bytesBehind = from(machine, "bytesBehind");
  const blob = blobOf(compilation);
  let at = code.length + image.length;
  const copies = data.map(({ offset, bytes }) => {
    const line = `arena.memory.set(${bytesBehind}(code, ${at}, ${bytes.length}), ${offset});`;
    at += bytes.length;
    return line;
  });
  const sizes = `{ stack: ${layout.stack}, reserve: ${layout.reserve}, memoryOffset: ${layout.memoryOffset}, memory: ${layout.memory} }`;
  const imageBytes = `${bytesBehind}(code, ${code.length}, ${image.length})`;
  return [
    `var code = ${readBehind(CODE_OFFSET_PLACEHOLDER, blob.length, crc32(blob) >>> 0)};`,
    `var memory = ${allocate(arenaBytes(layout))};`,
    `var machine = ${from(machine, "openMachine")}(memory, code, ${code.length});`,
    `var arena = ${from("device/engine/native.js", "layOut")}(memory, machine.arenaAddress(), ${sizes}, ${imageBytes}, ${exports.indexOf(start)});`,
    ...copies,
  ];
}

/**
 * Runs the guest: an expression, of the function that stops it.
 * @param served expressions of the functions that its imports are linked to, in order
 * @param ended an expression
 * @param slice milliseconds that it may keep the event loop waiting
 */
export function nativeRun(
  { compilation }: NativeGuest,
  served: readonly string[],
  ended: string,
  slice: number,
  from: From,
): string {
  const imports = compilation.imports.map(({ type }, index) => {
    let at = TRANSFER;
    const words = type.params.flatMap((param) =>
      param === "i64" || param === "f64" ? [`words[${at++}]`, `words[${at++}]`] : [`words[${at++}]`],
    );
    return `function (words) { return ${served[index]}(${["guest", ...words].join(", ")}); }`;
  });
  const reasons = Object.keys(trapCodes);
  const run = from("device/engine/native.js", "runNative");
  return `${run}(guest, machine, arena, [${imports.join(", ")}], ${compilation.code.length}, ${JSON.stringify(reasons)}, ${ended}, ${slice})`;
}

/** Word of the context that arguments of an import begin at. */
const TRANSFER = 16;
