import { decodeModule, type Import } from "./decode/module.js";
import { validate } from "./decode/validate.js";
import { generateModule } from "./js/module.js";

export { ModuleError } from "./decode/errors.js";

/** How a module is to be compiled. */
export interface CompileOptions {
  /**
   * Bytes of linear memory to back (the arena), fixed from the start: what the guest sees as memory's end.
   * Default: memory that grows by pages as the module declares, up to `maximumPages`.
   */
  readonly memoryBytes?: number;
  /** Pages of 64 KiB that the buffer has room for where memory can grow; default 256. */
  readonly maximumPages?: number;
  /** Deepest nesting of calls on a cycle of the call graph before `call stack exhausted`; default 500. */
  readonly callDepth?: number;
  /** Import names (`module.name`) that may suspend the guest by returning a negative number. */
  readonly waitingImports?: readonly string[];
  /**
   * Whether loops that may go on for long take fuel: they suspend the guest where the function `fuel`, the parameter of
   * `source` before the imports, returns 0; default false. With "every loop" all of them do: for tests.
   */
  readonly fuel?: boolean | "every loop";
  /** Names of exports to keep; default all. */
  readonly exports?: readonly string[];
  /** Returns high words, further results, globals, memory's size and tables as well: for tests. */
  readonly reflect?: boolean;
}

/** A module as ECMAScript 5. */
export interface JsCompilation {
  /**
   * A function expression `function(arrayBuffer, …imports)` that instantiates the module and returns an array:
   *
   * 0. exported functions by name; an i64 argument is two int32, low word first; an i64 result is its low word, with
   *    the high one in `[3]()[0]` when compiled with `reflect`
   * 1. whether the guest is suspended, a function; absent when nothing can suspend it. Where it is `fuel` that did,
   *    resuming calls `fuel` again, and what the waiting call returns means nothing
   * 2. how to resume: call it with what the waiting call returns, then call the same export again
   * 3. with `reflect`: high words of the last call's results; 4: further results; 5: globals, as functions that return
   *    `[low, high]`; 6: memory's size in bytes; 7: tables
   *
   * A trap is an `Error` whose message is `trap: ` and the reason in the specification's words. ASCII without new lines.
   */
  readonly source: string;
  /**
   * Imported functions, globals and tables that are parameters of `source`, in order, behind the buffer. An imported
   * function gets an i64 as two words, and returns one as an array of two, low word first; a global likewise.
   */
  readonly imports: readonly Import[];
  /** Function name in `source` → name in the module (name section, export, or `func[12]`). */
  readonly functionNames: Readonly<Record<string, string>>;
  /** How many functions can be suspended. */
  readonly resumable: number;
  /** How many loops take fuel. Where there are any, `fuel` is a parameter of `source`, before the imports. */
  readonly slicedLoops: number;
}

/**
 * Compiles a WebAssembly module (MVP, sign extension, saturating conversions, bulk memory, multi-value, reference
 * types) to ECMAScript 5.
 * @throws ModuleError when the module is malformed, invalid, or uses what isn't supported
 */
export function compileToJs(wasm: Uint8Array, options: CompileOptions = {}): JsCompilation {
  const module = decodeModule(wasm);
  validate(wasm);
  const waiting = new Set(options.waitingImports);
  return generateModule(module, {
    memoryBytes: options.memoryBytes,
    maximumPages: options.maximumPages ?? 256,
    callDepth: options.callDepth ?? 500,
    waits: (from) => waiting.has(`${from.module}.${from.name}`),
    fuel: options.fuel ?? false,
    exports: options.exports,
    reflect: options.reflect ?? false,
  });
}
