import { decodeFunction } from "../decode/function.js";
import type { Module } from "../decode/module.js";
import type { Expression } from "../ir/types.js";
import { walkExpressions } from "../ir/walk.js";

/** How a module's allocator learns where memory ends. */
export type Allocator = "memory.size" | "__heap_end";

const PAGE = 65536;

/**
 * Whether a constant is the linker's `__heap_end`: the end of the declared pages, written as the linker writes what it
 * relocates, padded to five bytes. The compiler writes plain constants short.
 */
export function isHeapEnd(module: Module, expression: Expression): boolean {
  if (expression.kind !== "const" || expression.type !== "i32" || !expression.padded) return false;
  return module.memory !== undefined && expression.value === ((module.memory.minimum * PAGE) | 0);
}

/** The allocator in a module, or undefined when nothing asks where memory ends. */
export function allocatorOf(module: Module): Allocator | undefined {
  let found: Allocator | undefined;
  const alone = { direct: () => false, indirect: () => false };
  module.functions.forEach(({ body }, index) => {
    if (!body) return;
    walkExpressions(decodeFunction(module, index, alone).body, (expression) => {
      if (expression.kind.startsWith("memory.")) found = "memory.size";
      if (isHeapEnd(module, expression)) found ??= "__heap_end";
    });
  });
  return found;
}
