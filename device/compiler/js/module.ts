import { decodeFunction } from "../decode/function.js";
import { ModuleError } from "../decode/errors.js";
import type { FunctionType, Import, Initializer, Module } from "../decode/module.js";
import { callGraph, signatureKey, type CallGraph } from "../ir/call-graph.js";
import type { FunctionIr } from "../ir/types.js";
import { f32Constant, f64Constant } from "./constants.js";
import type { Suspension } from "./control.js";
import { bytesLiteral, stretchesOf } from "./data.js";
import { emitFunction } from "./function.js";
import { FunctionContext } from "./function-context.js";
import { restructure } from "./restructure.js";
import { ModuleSymbols } from "./symbols.js";
import { defineStaticTables, staticTables } from "./tables.js";

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
  /** Whether imports get the guest as their first argument, which is then the source's second parameter. */
  readonly passGuest: boolean;
  /** Exports to keep; undefined keeps all. */
  readonly exports?: readonly string[];
  /** Adds what only tests need: high words, further results, globals, memory's size, tables. */
  readonly reflect: boolean;
}

/** The generated module: a function expression and what it takes. */
export interface JsModule {
  readonly source: string;
  /** Imported functions and globals that are parameters, in order, behind the ArrayBuffer. */
  readonly imports: readonly Import[];
  /** Name in the source → name in the module. */
  readonly functionNames: Readonly<Record<string, string>>;
  /** Functions that can be suspended. */
  readonly resumable: number;
}

/** Generates ECMAScript 5 for a whole module. */
export function generateModule(module: Module, options: JsOptions): JsModule {
  return new ModuleGenerator(module, options).generate();
}

class ModuleGenerator {
  readonly #module: Module;
  readonly #options: JsOptions;
  readonly #symbols: ModuleSymbols;
  readonly #emitted = new Set<number>();
  readonly #functions: FunctionIr[];
  readonly #graph: CallGraph;
  readonly #suspending: ReadonlySet<number>;
  readonly #tables: ReadonlyMap<number, readonly (number | undefined)[]>;

  constructor(module: Module, options: JsOptions) {
    this.#module = module;
    this.#options = options;
    const size = module.memory ? options.memoryBytes : 0;
    this.#symbols = new ModuleSymbols(size, options.callDepth, options.passGuest);
    const never = { direct: () => false, indirect: () => false };
    this.#functions = module.functions.flatMap(({ body }, index) =>
      body ? [decodeFunction(module, index, never)] : [],
    );
    this.#graph = callGraph(module, this.#functions);
    const waiting = module.functions.flatMap((declaration, index) =>
      declaration.import && options.waits(declaration.import) ? [index] : [],
    );
    this.#suspending = this.#graph.callersOf(waiting);
    // Calls that may suspend stand alone: those functions are decoded again, knowing which.
    const suspending = {
      direct: (index: number) => this.#suspending.has(index),
      indirect: (typeIndex: number) => this.#suspendsIndirectly(typeIndex),
    };
    this.#functions = this.#functions.map((ir) =>
      this.#suspending.has(ir.index) ? decodeFunction(module, ir.index, suspending) : ir,
    );
    this.#tables = staticTables(module, this.#functions);
  }

  #suspendsIndirectly(typeIndex: number): boolean {
    const key = signatureKey(this.#module.types[typeIndex]);
    return this.#graph.reachableIndirectly(key).some((index) => this.#suspending.has(index));
  }

  generate(): JsModule {
    const { use } = this.#symbols;
    // What is exported is emitted; how, is known only once everything has been.
    this.#exports();
    const start = this.#module.start === undefined ? "" : `${use(`function ${this.#module.start}`)}();`;
    const initialise = this.#initialise() + start;
    this.#emitFunctions();
    const exports = this.#exports();
    const body = `${this.#declarations()}${initialise}return[${exports}]`;

    const views = this.#symbols.views();
    const imports = this.#imports();
    const buffer = "b";
    const inner = `return(function(${views.map(({ name }) => name).join(",")}){${body}})(${views
      .map(({ array }) => `new ${array}(${buffer})`)
      .join(",")})`;
    const guest = this.#options.passGuest ? [this.#symbols.find("guest") ?? "g"] : [];
    const parameters = [buffer, ...guest, ...imports.map(({ name }) => name)];
    const functionNames: Record<string, string> = {};
    this.#module.functions.forEach((_, index) => {
      const name = this.#symbols.find(`function ${index}`);
      if (name !== undefined) functionNames[name] = this.#nameOf(index);
    });
    return {
      source: `function(${parameters.join(",")}){${inner}}`,
      imports: imports.map(({ from }) => from),
      functionNames,
      resumable: this.#suspending.size,
    };
  }

  #nameOf(index: number): string {
    const { functionNames, exports, functions } = this.#module;
    const exported = exports.find(({ kind, index: target }) => kind === "function" && target === index);
    const from = functions[index].import;
    return functionNames.get(index) ?? exported?.name ?? (from ? `${from.module}.${from.name}` : `func[${index}]`);
  }

  // ---- functions

  /** Emits what is used, and what that uses, until nothing is missing. */
  #emitFunctions(): void {
    for (let grown = true; grown;) {
      grown = false;
      for (const ir of this.#functions) {
        if (this.#emitted.has(ir.index) || this.#symbols.find(`function ${ir.index}`) === undefined) continue;
        this.#emitted.add(ir.index);
        grown = true;
        this.#emitFunction(ir);
      }
      defineStaticTables(this.#module, this.#symbols, this.#tables);
      this.#defineReferences();
      for (const later of this.#later) {
        if (this.#symbols.find(later.symbol) === undefined) continue;
        this.#symbols.define(later.symbol, later.definition());
        this.#later.delete(later);
        grown = true;
      }
      if (this.#somethingToEmit()) grown = true;
    }
  }

  #somethingToEmit(): boolean {
    return this.#functions.some(
      ({ index }) => !this.#emitted.has(index) && this.#symbols.find(`function ${index}`) !== undefined,
    );
  }

  #emitFunction(decoded: FunctionIr): void {
    this.#symbols.weight = 1;
    // Reshaping may add locals, so it comes before they get names.
    const ir = { ...decoded, body: restructure(decoded) };
    const recursive = this.#graph.recursive.has(ir.index);
    const waits = (index: number) => this.#suspending.has(index);
    const context = new FunctionContext(this.#module, this.#symbols, ir, recursive, this.#tables, waits);
    const suspension = this.#suspending.has(ir.index) ? this.#suspension() : undefined;
    this.#symbols.define(`function ${ir.index}`, emitFunction(context, suspension));
  }

  #suspension(): Suspension {
    return {
      suspends: ({ call }) =>
        call.target.kind === "direct"
          ? this.#suspending.has(call.target.index)
          : this.#suspendsIndirectly(call.target.typeIndex),
    };
  }

  /** References to functions as objects, for tables that can be written. */
  #defineReferences(): void {
    this.#module.functions.forEach((declaration, index) => {
      const symbol = `reference ${index}`;
      if (this.#symbols.find(symbol) === undefined) return;
      const target = this.#symbols.use(`function ${index}`);
      this.#symbols.define(symbol, `{f:${target},s:"${signatureKey(declaration.type)}"}`);
    });
  }

  // ---- instantiation

  /** Globals, tables and memory before the start function (core specification, section 4.5.4). */
  #initialise(): string {
    const { use, define } = { use: this.#symbols.use, define: this.#symbols.define.bind(this.#symbols) };
    const { globals, tables, elements, data } = this.#module;
    let text = "";
    globals.forEach(({ initial, type }, index) => {
      if (!initial) return;
      if (initial.kind === "global" && type === "i64") {
        define(`global high ${index}`, use(`global high ${initial.index}`));
      }
      define(`global ${index}`, this.#initializer(initial));
      if (initial.kind === "i64") {
        define(`global high ${index}`, String(Number(BigInt.asIntN(32, initial.value >> 32n))));
      }
    });
    tables.forEach((table, index) => {
      if (this.#tables.has(index) || table.import) return;
      define(`table ${index}`, `{e:[],m:${table.maximum ?? 65536}}`);
      text += `${use("table.grow")}(${use(`table ${index}`)},null,${table.minimum});`;
    });
    elements.forEach((segment, index) => {
      const items = () => `[${segment.items.map((item) => this.#initializer(item)).join(",")}]`;
      if (segment.mode === "active" && segment.offset && !this.#tables.has(segment.table)) {
        text += `${use("table.init")}(${use(`table ${segment.table}`)},${items()},${this.#initializer(segment.offset)},0,${segment.items.length});`;
      }
      this.#lazily(`segment ${index}`, () => (segment.mode === "passive" ? items() : "[]"));
    });
    data.forEach((segment, index) => {
      if (segment.mode === "active" && segment.offset) text += this.#place(segment.offset, segment.bytes);
      this.#lazily(`data ${index}`, () => (segment.mode === "passive" ? bytesLiteral(segment.bytes) : '""'));
    });
    const pages = this.#module.memory?.minimum ?? 0;
    const maximum = Math.min(this.#module.memory?.maximum ?? 65536, this.#options.maximumPages);
    if (this.#symbols.memorySize === undefined) {
      define("memory size", String(pages * 65536));
      this.#lazily(
        "memory.grow",
        () =>
          `function(n){var o=${use("memory size")}>>>16;n>>>=0;if(o+n>${maximum})return-1;${use("memory size")}+=n*65536;return o}`,
      );
    } else {
      // The arena is what there is: only growing by nothing succeeds.
      this.#lazily("memory.grow", () => `function(n){return n?-1:${(this.#symbols.memorySize ?? 0) >>> 16}}`);
    }
    this.#lazily("depth", () => String(this.#symbols.depthLimit));
    if (this.#suspending.size > 0) {
      define("state", "0");
      define("frames", "[]");
    }
    return text;
  }

  readonly #later = new Set<{ readonly symbol: string; readonly definition: () => string }>();

  /** Defines a symbol when it turns out to be used. */
  #lazily(symbol: string, definition: () => string): void {
    this.#later.add({ symbol, definition });
  }

  #initializer(initial: Initializer): string {
    const { use } = this.#symbols;
    switch (initial.kind) {
      case "i32":
        return String(initial.value);
      case "i64":
        return String(Number(BigInt.asIntN(32, initial.value)));
      case "f32":
        return f32Constant(this.#symbols, initial.bits).text;
      case "f64":
        return f64Constant(this.#symbols, BigInt.asIntN(64, initial.bits)).text;
      case "global":
        return use(`global ${initial.index}`);
      case "function":
        return use(`reference ${initial.index}`);
      case "null":
        return "null";
    }
  }

  /** Copies an active data segment to its place, or traps where it doesn't fit. */
  #place(offset: Initializer, bytes: Uint8Array): string {
    const { use, memorySize } = this.#symbols;
    if (offset.kind !== "i32" || memorySize === undefined) {
      return `${use("memory.init")}(${bytesLiteral(bytes)},${this.#initializer(offset)},0,${bytes.length});`;
    }
    const start = offset.value >>> 0;
    if (start + bytes.length > memorySize) return `${use("trap memory")}();`;
    return stretchesOf(bytes)
      .map((stretch) => `${use("place")}(${start + stretch.offset},${bytesLiteral(stretch.bytes)});`)
      .join("");
  }

  // ---- the outside

  /** What the function returns: exports, whether the guest is suspended, how to resume it, and what tests want. */
  #exports(): string {
    const { use } = this.#symbols;
    const wanted = this.#module.exports.filter(({ name }) => this.#options.exports?.includes(name) ?? true);
    const functions = wanted
      .filter(({ kind }) => kind === "function")
      .map(({ name, index }) => `${JSON.stringify(name)}:${this.#exported(use(`function ${index}`))}`);
    const parts = [`{${functions.join(",")}}`];
    if (this.#suspending.size > 0) {
      const state = use("state");
      parts.push(`function(){return ${state}==1}`, `function(v){${use("value")}=v;${state}=2}`);
    } else if (this.#options.reflect) parts.push("0", "0");
    if (this.#options.reflect) parts.push(...this.#reflection());
    return parts.join(",");
  }

  /** A trap leaves without counting its depth back, so tests, which go on after one, count anew at each call. */
  #exported(name: string): string {
    const depth = this.#symbols.find("depth");
    if (!this.#options.reflect || depth === undefined) return name;
    return `function(){${depth}=${this.#symbols.depthLimit};return ${name}.apply(null,arguments)}`;
  }

  /** High words of results by position, further results, globals, memory's size in bytes, tables. */
  #reflection(): string[] {
    const { use } = this.#symbols;
    const most = Math.max(1, ...this.#module.types.map(({ results }) => results.length));
    const positions = Array.from({ length: most - 1 }, (_, position) => position + 1);
    const highs = [use("high"), ...positions.map((position) => use(`result high ${position}`))];
    const results = ["0", ...positions.map((position) => use(`result ${position}`))];
    const globals = this.#module.exports
      .filter(({ kind }) => kind === "global")
      .map(({ name, index }) => {
        const high = this.#module.globals[index].type === "i64" ? use(`global high ${index}`) : "0";
        return `${JSON.stringify(name)}:function(){return[${use(`global ${index}`)},${high}]}`;
      });
    const tables = this.#module.exports
      .filter(({ kind }) => kind === "table")
      .map(({ name, index }) => `${JSON.stringify(name)}:${use(`table ${index}`)}`);
    return [
      `function(){return[${highs.join(",")}]}`,
      `function(){return[${results.join(",")}]}`,
      `{${globals.join(",")}}`,
      `function(){return ${use("memory size")}}`,
      `{${tables.join(",")}}`,
    ];
  }

  #imports(): { readonly from: Import; readonly name: string }[] {
    const imports: { from: Import; name: string }[] = [];
    const add = (from: Import | undefined, symbol: string) => {
      const name = this.#symbols.find(symbol);
      if (from && name !== undefined) imports.push({ from, name: this.#importName.get(symbol) ?? name });
    };
    this.#module.functions.forEach((declaration, index) => add(declaration.import, `function ${index}`));
    this.#module.globals.forEach((declaration, index) => add(declaration.import, `global ${index}`));
    this.#module.tables.forEach((declaration, index) => add(declaration.import, `table ${index}`));
    return imports;
  }

  /** Parameters that are wrapped or taken apart before use have a name of their own. */
  readonly #importName = new Map<string, string>();

  #declarations(): string {
    this.#defineImports();
    const definitions = this.#symbols.definitions();
    // A definition that needs others' values comes after them, yet its name keeps its place in the look-up.
    const computed = definitions.filter(({ definition }) => !/^(function\(|-?[\d.]+$|""|Math\.)/.test(definition));
    const order = ({ symbol }: { symbol: string }) =>
      symbol === "scratch"
        ? 0
        : symbol.startsWith("scratch")
          ? 1
          : /^f\d\d /.test(symbol)
            ? 2
            : symbol.startsWith("reference")
              ? 3
              : 4;
    const later = new Set(computed.map(({ name }) => name));
    const declared = definitions.map(({ name, definition }) => (later.has(name) ? name : `${name}=${definition}`));
    const assigned = [...computed]
      .sort((a, b) => order(a) - order(b))
      .map(({ name, definition }) => `${name}=${definition};`);
    return `${declared.length > 0 ? `var ${declared.join(",")};` : ""}${assigned.join("")}`;
  }

  /** Imported functions that may wait or return an i64 are wrapped; imported globals of two words are taken apart. */
  #defineImports(): void {
    const { use, find, define } = {
      use: this.#symbols.use,
      find: this.#symbols.find.bind(this.#symbols),
      define: this.#symbols.define.bind(this.#symbols),
    };
    this.#module.functions.forEach((declaration, index) => {
      const symbol = `function ${index}`;
      if (!declaration.import || !this.#suspending.has(index) || find(symbol) === undefined) return;
      const parameters = wordsOf(declaration.type);
      const outer = use(`import ${index}`);
      this.#importName.set(symbol, outer);
      const state = use("state");
      const passed = [...(this.#options.passGuest ? [use("guest")] : []), parameters].filter((part) => part !== "");
      define(
        symbol,
        `function(${parameters}){var r;if(${state}){${state}=0;return ${use("value")}}r=${outer}(${passed.join(",")});if(r<0)${state}=1;return r}`,
      );
    });
    if (find("value") !== undefined) define("value", "0");
    this.#module.globals.forEach((declaration, index) => {
      if (!declaration.import || declaration.type !== "i64") return;
      if (find(`global ${index}`) === undefined && find(`global high ${index}`) === undefined) return;
      const outer = use(`import global ${index}`);
      this.#importName.set(`global ${index}`, outer);
      define(`global ${index}`, `0+${outer}[0]`);
      define(`global high ${index}`, `0+${outer}[1]`);
    });
    this.#module.functions.forEach(({ import: from, type }, index) => {
      const symbol = `function ${index}`;
      if (!from || !type.results.includes("i64") || find(symbol) === undefined) return;
      const text = `"${from.module}.${from.name}"`;
      if (type.results.length > 1)
        throw new ModuleError(`import ${text} returns several results, which is not supported`);
      if (this.#suspending.has(index)) throw new ModuleError(`import ${text} returns an i64, so it can't wait`);
      const outer = use(`import ${index}`);
      this.#importName.set(symbol, outer);
      const parameters = wordsOf(type);
      define(symbol, `function(${parameters}){var r=${outer}(${parameters});${use("high")}=r[1];return r[0]}`);
    });
    for (const { import: from, mutable } of this.#module.globals) {
      if (from && mutable)
        throw new ModuleError(`imported mutable global "${from.module}.${from.name}" is not supported`);
    }
  }
}

/** Names for the parameters of a function, an i64 as two words. */
function wordsOf(type: FunctionType): string {
  return type.params
    .flatMap((param) => (param === "i64" ? [0, 0] : [0]))
    .map((_, position) => `a${position}`)
    .join(",");
}
