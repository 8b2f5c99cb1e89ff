import type { Import, Module } from "../decode/module.js";
import type { ModuleSymbols } from "./symbols.js";

/** What the generator is to do with a module. */
export interface JsOptions {
  /** Bytes of linear memory, fixed; undefined lets it grow up to `maximumPages`. */
  readonly memoryBytes: number | undefined;
  /** For memory that grows: pages of 64 KiB that the buffer has room for. */
  readonly maximumPages: number;
  /** Deepest nesting of calls on a cycle of the call graph. */
  readonly callDepth: number;
  /** Imports that may suspend the guest. */
  readonly waits: (from: Import) => boolean;
  /** Whether loops that may go on for long take fuel and let the event loop go on (see fuel.ts). */
  readonly fuel: boolean | "every loop";
  /** Exports to keep; undefined keeps all. */
  readonly exports?: readonly string[];
  /** Adds what only tests need: high words, further results, globals, memory's size, tables. */
  readonly reflect: boolean;
}

/** What the parts of the generator share: the module, how it is to be compiled, and the names handed out so far. */
export interface ModuleContext {
  readonly module: Module;
  readonly options: JsOptions;
  readonly symbols: ModuleSymbols;
  /** Functions that can be suspended, imported ones among them. */
  readonly suspending: ReadonlySet<number>;
  /** Tables that nothing changes, with what each slot holds (see tables.ts). */
  readonly staticTables: ReadonlyMap<number, readonly (number | undefined)[]>;
}
