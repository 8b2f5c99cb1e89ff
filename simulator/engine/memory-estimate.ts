import type { BoardProfile } from "../../hal/boards/profile.js";

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
  const more = (name: string) => Math.max(0, usage[name] - baseline[name]);
  const stringBytesEach = jsVarBytes - 3;
  const used = Math.round(
    more("obj_count") +
      more("prop_count") +
      more("fast_array_elements") +
      more("js_func_count") +
      more("str_count") +
      more("str_size") / stringBytesEach +
      more("binary_object_size") / jsVarBytes,
  );
  const clamped = Math.min(jsVars, used);
  return { usage: clamped, free: jsVars - clamped, total: jsVars };
}
