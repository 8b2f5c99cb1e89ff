import { decodeFunction } from "../decode/function.js";
import type { Import, Module } from "../decode/module.js";
import { callGraph, signatureKey, type CallGraph } from "../ir/call-graph.js";
import type { FunctionIr } from "../ir/types.js";
import type { Suspension } from "./control.js";
import { exportsOf } from "./exports.js";
import { emitFunction } from "./function.js";
import { FuelPlan } from "./fuel.js";
import { FunctionContext } from "./function-context.js";
import { defineImports } from "./imports.js";
import { instantiate } from "./instantiation.js";
import type { JsOptions, ModuleContext } from "./module-context.js";
import { restructure } from "./restructure.js";
import { ModuleSymbols } from "./symbols.js";
import { defineStaticTables, staticTables } from "./tables.js";

/** The generated module: a function expression and what it takes. */
export interface JsModule {
  readonly source: string;
  /** Imported functions and globals that are parameters, in order, behind the ArrayBuffer. */
  readonly imports: readonly Import[];
  /** Name in the source → name in the module. */
  readonly functionNames: Readonly<Record<string, string>>;
  /** Functions that can be suspended. */
  readonly resumable: number;
  /** Loops that take fuel. */
  readonly slicedLoops: number;
}

/** Generates ECMAScript 5 for a whole module. */
export function generateModule(module: Module, options: JsOptions): JsModule {
  return new ModuleGenerator(module, options).generate();
}

class ModuleGenerator {
  readonly #context: ModuleContext;
  readonly #functions: readonly FunctionIr[];
  readonly #graph: CallGraph;
  readonly #emitted = new Set<number>();
  /** By function: labels of the loops that take fuel, and how much. */
  readonly #fuel = new Map<number, ReadonlyMap<number, number>>();
  #slicedLoops = 0;

  constructor(module: Module, options: JsOptions) {
    const never = { direct: () => false, indirect: () => false };
    const functions = module.functions.flatMap(({ body }, index) =>
      body ? [decodeFunction(module, index, never)] : [],
    );
    this.#graph = callGraph(module, functions);
    const waiting = module.functions.flatMap((declaration, index) =>
      declaration.import && options.waits(declaration.import) ? [index] : [],
    );
    const suspending = this.#graph.callersOf([...waiting, ...this.#sliced(module, functions, waiting, options.fuel)]);
    const size = module.memory ? options.memoryBytes : 0;
    this.#context = {
      module,
      options,
      symbols: new ModuleSymbols(size, options.callDepth),
      suspending,
      staticTables: staticTables(module, functions),
    };
    // Calls that may suspend stand alone: those functions are decoded again, knowing which.
    const known = {
      direct: (index: number) => suspending.has(index),
      indirect: (typeIndex: number) => this.#suspendsIndirectly(typeIndex),
    };
    this.#functions = functions.map((ir) => (suspending.has(ir.index) ? decodeFunction(module, ir.index, known) : ir));
  }

  /** Plans the fuel. @returns functions with loops that take some */
  #sliced(
    module: Module,
    functions: readonly FunctionIr[],
    waiting: readonly number[],
    fuel: JsOptions["fuel"],
  ): number[] {
    if (!fuel) return [];
    const resumable = this.#graph.callersOf(waiting);
    const bodies = new Map(functions.map((ir) => [ir.index, ir]));
    const plan = new FuelPlan({
      targets: ({ target }) =>
        target.kind === "direct"
          ? [target.index]
          : this.#graph.reachableIndirectly(signatureKey(module.types[target.typeIndex])),
      body: (index) => bodies.get(index),
      resumable: (index) => resumable.has(index),
      everyLoop: fuel === "every loop",
    });
    for (const ir of functions) this.#fuel.set(ir.index, plan.loopsOf(ir));
    return functions.flatMap(({ index }) => (this.#fuel.get(index)!.size > 0 ? [index] : []));
  }

  #suspendsIndirectly(typeIndex: number): boolean {
    const key = signatureKey(this.#context.module.types[typeIndex]);
    return this.#graph.reachableIndirectly(key).some((index) => this.#context.suspending.has(index));
  }

  generate(): JsModule {
    const { module, symbols, suspending } = this.#context;
    // What is exported is emitted; how, is known only once everything has been.
    exportsOf(this.#context);
    const start = module.start === undefined ? "" : `${symbols.use(`function ${module.start}`)}();`;
    const { text, later } = instantiate(this.#context);
    this.#emitFunctions(later);
    const exports = exportsOf(this.#context);
    const imports = defineImports(this.#context);
    const body = `${this.#declarations()}${text}${start}return[${exports}]`;

    const views = symbols.views();
    const buffer = "b";
    const inner = `return(function(${views.map(({ name }) => name).join(",")}){${body}})(${views
      .map(({ array }) => `new ${array}(${buffer})`)
      .join(",")})`;
    const fuel = this.#slicedLoops > 0 ? [symbols.use("take fuel")] : [];
    const parameters = [buffer, ...fuel, ...imports.map(({ name }) => name)];
    const functionNames: Record<string, string> = {};
    module.functions.forEach((_, index) => {
      const name = symbols.find(`function ${index}`);
      if (name !== undefined) functionNames[name] = this.#nameOf(index);
    });
    return {
      source: `function(${parameters.join(",")}){${inner}}`,
      imports: imports.map(({ from }) => from),
      functionNames,
      resumable: this.#functions.filter(({ index }) => suspending.has(index)).length,
      slicedLoops: this.#slicedLoops,
    };
  }

  #nameOf(index: number): string {
    const { functionNames, exports, functions } = this.#context.module;
    const exported = exports.find(({ kind, index: target }) => kind === "function" && target === index);
    const from = functions[index].import;
    return functionNames.get(index) ?? exported?.name ?? (from ? `${from.module}.${from.name}` : `func[${index}]`);
  }

  /**
   * Emits what is used, and what that uses, until nothing is missing.
   * @param later symbols that are defined only if they are used
   */
  #emitFunctions(later: Map<string, () => string>): void {
    const { module, symbols, staticTables: tables } = this.#context;
    const missing = ({ index }: FunctionIr) =>
      !this.#emitted.has(index) && symbols.find(`function ${index}`) !== undefined;
    for (let grown = true; grown;) {
      grown = false;
      for (const ir of this.#functions) {
        if (!missing(ir)) continue;
        this.#emitted.add(ir.index);
        grown = true;
        this.#emitFunction(ir);
      }
      defineStaticTables(module, symbols, tables);
      this.#defineReferences();
      for (const [symbol, definition] of later) {
        if (symbols.find(symbol) === undefined) continue;
        symbols.define(symbol, definition());
        later.delete(symbol);
        grown = true;
      }
      if (this.#functions.some(missing)) grown = true;
    }
  }

  #emitFunction(decoded: FunctionIr): void {
    const { module, symbols, suspending, staticTables: tables } = this.#context;
    symbols.weight = 1;
    // Reshaping may add locals, so it comes before they get names.
    const ir = { ...decoded, body: restructure(decoded) };
    const recursive = this.#graph.recursive.has(ir.index);
    const waits = (index: number) => suspending.has(index);
    const context = new FunctionContext(module, symbols, ir, recursive, tables, waits);
    const suspension = suspending.has(ir.index) ? this.#suspension(ir.index) : undefined;
    symbols.define(`function ${ir.index}`, emitFunction(context, suspension));
  }

  #suspension(functionIndex: number): Suspension {
    const loops = this.#fuel.get(functionIndex);
    this.#slicedLoops += loops?.size ?? 0;
    return {
      fuel: (label) => loops?.get(label),
      suspends: ({ call }) =>
        call.target.kind === "direct"
          ? this.#context.suspending.has(call.target.index)
          : this.#suspendsIndirectly(call.target.typeIndex),
    };
  }

  /** References to functions as objects, for tables that can be written. */
  #defineReferences(): void {
    const { module, symbols } = this.#context;
    module.functions.forEach((declaration, index) => {
      const symbol = `reference ${index}`;
      if (symbols.find(symbol) === undefined) return;
      const target = symbols.use(`function ${index}`);
      symbols.define(symbol, `{f:${target},s:"${signatureKey(declaration.type)}"}`);
    });
  }

  #declarations(): string {
    const definitions = this.#context.symbols.definitions();
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
}
