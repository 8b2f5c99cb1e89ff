import { ModuleError } from "../../decode/errors.js";
import type { Initializer, Module } from "../../decode/module.js";

/** The value of a constant expression of type i32, unsigned. */
export function constantOf(module: Module, initial: Initializer | undefined): number {
  if (initial?.kind === "i32") return initial.value >>> 0;
  if (initial?.kind === "global") return constantOf(module, module.globals[initial.index].initial);
  throw new ModuleError("a segment's offset must be a constant of type i32");
}

/** A function's name: of the name section, of its export, or `func[12]`. */
export function nameOf(module: Module, index: number): string {
  const from = module.functions[index].import;
  return (
    module.functionNames.get(index) ??
    module.exports.find(({ kind, index: target }) => kind === "function" && target === index)?.name ??
    (from ? `${from.module}.${from.name}` : `func[${index}]`)
  );
}
