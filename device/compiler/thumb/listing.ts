import type { ThumbCompilation, ThumbFunction } from "./compilation.js";
import { disassemble, type ListedInstruction } from "./disassemble.js";

/**
 * A function's code as text, functions by name.
 * Words that instructions load relative to the program counter are data, whatever they would be as instructions.
 */
export function listFunction({ code, functions }: ThumbCompilation, listed: ThumbFunction): ListedInstruction[] {
  const { offset: from, bytes } = listed;
  const nameAt = (target: number) => functions.find(({ offset }) => offset === target)?.name;
  let data = new Set<number>();
  for (;;) {
    const lines = disassemble(code, {
      from,
      to: from + bytes,
      labelAt: nameAt,
      isData: (at) => data.has(at),
    });
    const loaded = new Set(lines.flatMap(({ instruction }) => literalOf(instruction)));
    // What was taken for an instruction may have been a literal that seemed to load another.
    if (loaded.size === data.size && [...loaded].every((at) => data.has(at))) return lines;
    data = loaded;
  }
}

function literalOf(instruction: ListedInstruction["instruction"]): number[] {
  return instruction?.kind === "ldrLiteral" && typeof instruction.target === "number" ? [instruction.target] : [];
}
