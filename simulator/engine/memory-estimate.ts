import type { BoardProfile } from "../../hal/boards/profile.js";

/** What `process.memory()` tells, in interpreter variables (JsVars). */
export interface MemoryEstimate {
  /** Interpreter variables. */
  readonly usage: number;
  readonly free: number;
  readonly total: number;
}

/**
 * What a script would take of a board's variables, from QuickJS's counts of what it made beyond `baseline`.
 *
 * An estimate, since the two interpreters store things differently. It counts as Espruino does: a variable for each
 * object, property, array element and closure, strings of up to 10 characters a variable, typed arrays by their
 * bytes. Code counts nothing, as it does when it runs from Storage; typed at the prompt it would take its length.
 */
export function estimateMemory(
  profile: BoardProfile,
  usage: Readonly<Record<string, number>>,
  baseline: Readonly<Record<string, number>>,
): MemoryEstimate {
  const { jsVars, jsVarBytes } = profile.memory;
  const more = (...names: string[]) => names.reduce((sum, name) => sum + usage[name] - baseline[name], 0);
  const stringBytesEach = jsVarBytes - 3;
  // QuickJS doesn't count the bytes of ArrayBuffers, only all bytes: what nothing else accounts for is theirs.
  const accounted = more(...ACCOUNTED) + more("fast_array_elements") * VALUE_BYTES;
  const binaryBytes = Math.max(0, more("memory_used_size") - accounted);
  const used = Math.round(
    more("obj_count", "prop_count", "fast_array_elements", "js_func_count", "str_count") +
      more("str_size") / stringBytesEach +
      binaryBytes / jsVarBytes,
  );
  const clamped = Math.min(jsVars, Math.max(0, used));
  return { usage: clamped, free: jsVars - clamped, total: jsVars };
}

/** Kinds of memory that QuickJS tells apart, in bytes. */
const ACCOUNTED = [
  "atom_size",
  "str_size",
  "obj_size",
  "prop_size",
  "shape_size",
  "js_func_size",
  "js_func_code_size",
  "js_func_pc2line_size",
];

/** Bytes of a value in an array. */
const VALUE_BYTES = 8;
