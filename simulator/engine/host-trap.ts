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

/** `name (wasm://wasm/hash:wasm-function[12]:0x3e)`, or the same without a name. */
const FRAME = /^(?:(.*) \()?(wasm:\/\/wasm\/.*):wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/;

/** As much of V8's `Error` as is used here. */
interface V8Error {
  stackTraceLimit: number;
  prepareStackTrace: ((error: Error, sites: readonly unknown[]) => unknown) | undefined;
}

/** Frames that a trap tells at most. */
const DEEPEST = 64;

/**
 * Runs a guest with a longer stack trace than V8 keeps by default.
 * @param v8 the `Error` of the realm in which wasm traps
 */
export function withStack<T>(v8: V8Error, run: () => T): T {
  const before = v8.stackTraceLimit;
  v8.stackTraceLimit = DEEPEST;
  try {
    return run();
  } finally {
    v8.stackTraceLimit = before;
  }
}

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
  if (Object.prototype.toString.call(thrown) !== "[object Error]") return undefined;
  const error = thrown as Error;
  // A call that traps by itself says so.
  const said = /^trap: (.*)$/.exec(error.message)?.[1];
  const reason = said ?? REASONS.find(([pattern]) => pattern.test(error.message))?.[1];
  const frames = sitesOf(error).flatMap((site) => {
    const [, name, url, index, offset] = FRAME.exec(site) ?? [];
    return index === undefined ? [] : [{ name, url, index, offset: parseInt(offset, 16) }];
  });
  if (!reason || (!frames.length && !said)) return undefined;
  const undefinedElement =
    frames.length > 0 && /^table index/.test(error.message) && module[frames[0].offset] === CALL_INDIRECT;
  return {
    reason: undefinedElement ? "undefined element" : reason,
    stack: frames.map(
      ({ name, url, index }) => withoutModule(name, url) ?? exportName(exports, index) ?? `func[${index}]`,
    ),
  };
}

/** V8's own description of each frame, past whatever a debugger or a test runner makes of stack traces. */
function sitesOf(error: Error): readonly string[] {
  const made = error.constructor;
  const v8 = (made.name === "Error" ? made : Object.getPrototypeOf(made)) as unknown as V8Error;
  const before = v8.prepareStackTrace;
  v8.prepareStackTrace = (_error, sites) => sites.map(String);
  try {
    const stack = error.stack as unknown;
    return Array.isArray(stack) ? (stack as string[]) : [];
  } finally {
    v8.prepareStackTrace = before;
  }
}

/** V8 puts a module's own name, which it has in the URL too, before that of each function, or in its place. */
function withoutModule(name: string | undefined, url: string): string | undefined {
  const module = url.slice("wasm://wasm/".length).replace(/-?[0-9a-f]{8}$/, "");
  if (!module || !name) return name;
  return name === module ? undefined : name.startsWith(`${module}.`) ? name.slice(module.length + 1) : name;
}

/** An exported function's own name is its index. */
function exportName(exports: Readonly<Record<string, unknown>>, index: string): string | undefined {
  return Object.keys(exports).find((key) => {
    const value = exports[key];
    return typeof value === "function" && value.name === index;
  });
}
