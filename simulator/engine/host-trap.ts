/** What V8 says of a trap, in the words of the WebAssembly specification and with the module's own names. */

export interface Trap {
  /** As the specification's test suite has it: `unreachable`, `integer divide by zero`, … */
  readonly reason: string;
  /** The guest's functions, innermost first, each by its name, its export, or `func[12]`. */
  readonly stack: readonly string[];
}

/**
 * V8's messages. It has one for a null entry and one of another type, and one for NaN and too large a float;
 * they stand for the commoner case.
 */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^unreachable/, "unreachable"],
  [/divide by zero|remainder by zero/, "integer divide by zero"],
  [/divide result unrepresentable|float unrepresentable/, "integer overflow"],
  [/memory access out of bounds|data segment/, "out of bounds memory access"],
  [/null function or function signature mismatch/, "indirect call type mismatch"],
  [/table|element segment/, "out of bounds table access"],
  [/Maximum call stack size exceeded/, "call stack exhausted"],
];

const CALL_INDIRECT = 0x11;

/** `at name (wasm://wasm/hash:wasm-function[12]:0x3e)`, or the same without a name. */
const FRAME = /^\s*at (?:(.*) \()?wasm:\/\/wasm\/.*:wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/;

/**
 * @param thrown what came out of a guest
 * @param module its bytes, to look up which instruction trapped
 * @param exports for the names of functions that have no other
 * @returns undefined for what isn't a trap: a fault of ours
 */
export function trapOf(
  thrown: unknown,
  module: Uint8Array,
  exports: Readonly<Record<string, unknown>>,
): Trap | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { message } = thrown;
  let reason = REASONS.find(([pattern]) => pattern.test(message))?.[1];
  const frames = (thrown.stack ?? "").split("\n").map((line) => FRAME.exec(line));
  const wasmFrames = frames.filter((frame) => frame !== null);
  if (!reason || !wasmFrames.length) return undefined;
  if (/^table index/.test(message) && module[parseInt(wasmFrames[0][3], 16)] === CALL_INDIRECT)
    reason = "undefined element";
  return { reason, stack: wasmFrames.map(([, name, index]) => name ?? exportName(exports, index) ?? `func[${index}]`) };
}

/** An exported function's own name is its index. */
function exportName(exports: Readonly<Record<string, unknown>>, index: string): string | undefined {
  return Object.keys(exports).find((key) => {
    const value = exports[key];
    return typeof value === "function" && value.name === index;
  });
}
