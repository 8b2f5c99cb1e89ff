import { assemble } from "../assembler/assemble.js";
import type { ThumbCompilation } from "../compilation.js";
import { contextOffsets } from "../context.js";
import { linkRoutines, patchReference } from "../routines/link.js";

/** Bytes from the context to memory, with room for a global of two words. */
export const MEMORY_OFFSET = contextOffsets.layout + 8;

/**
 * A compilation with the module's part written in assembly, for who wants to know what is done with compilations.
 * @param text has the symbol `guest` at its start; each `.global` becomes a function that ends where the next begins
 */
export function assembleByHand(text: string, parts: Partial<ThumbCompilation> = {}): ThumbCompilation {
  const linked = linkRoutines(["entry"], { stack: "process", memoryOffset: MEMORY_OFFSET });
  const own = assemble(`.global guest\n${text}`);
  const start = linked.code.length;
  const code = new Uint8Array(start + own.code.length);
  code.set(linked.code);
  code.set(own.code, start);
  for (const reference of linked.unresolved) patchReference(code, reference, start);
  for (const reference of own.references)
    patchReference(code, { ...reference, at: reference.at + start }, linked.symbols.get(reference.to)!);
  const symbols = [...own.symbols].sort(([, one], [, other]) => one - other);
  return {
    code,
    imports: [],
    exports: ["_start"],
    image: new Uint8Array(8),
    memoryOffset: MEMORY_OFFSET,
    data: [],
    functions: [
      ...linked.routines,
      ...symbols.map(([name, at], index) => ({
        name,
        index,
        offset: start + at,
        bytes: (symbols[index + 1]?.[1] ?? own.code.length) - at,
        frameBytes: 8,
        wasmBytes: 8,
      })),
    ],
    layout: { globals: [contextOffsets.layout], tables: [] },
    stackReserveBytes: 128,
    writeBufferBytes: 0,
    ...parts,
  };
}
