/** How a module is to be compiled. */
export interface CompileOptions {
  /** Bytes of linear memory to back (the arena); default: as planned from the module, see `MemoryPlan`. */
  readonly memoryBytes?: number;
  /** Deepest nesting of guest calls before `call stack exhausted`. */
  readonly callDepth?: number;
  /** Import names (`module.name`) that may suspend the guest. */
  readonly waitingImports?: readonly string[];
}

/** A module as ECMAScript 5. */
export interface JsCompilation {
  /**
   * A function expression `function(ArrayBuffer-sized views…, imports…){…}`; see `device/engine/js.ts` for how it is
   * entered. Latin-1 text with no new line.
   */
  readonly source: string;
  /** Function name in `source` → name in the module (name section, export, or `func[12]`). */
  readonly functionNames: Readonly<Record<string, string>>;
}
