import { ModuleError } from "../decode/errors.js";
import { decodeModule, type FunctionType, type Limits, type ValueType } from "../decode/module.js";
import { validate } from "../decode/validate.js";
import type { ThumbCompilation } from "../thumb/compilation.js";
import {
  type Engine,
  type Import,
  type Imports,
  type Instance,
  Refusal,
  Trap,
  TRAP_KINDS,
  type Value,
} from "./engine.js";
import { selfContained, START } from "./self-contained.js";
import { instantiateThumb, ThumbTrap } from "./thumb-instance.js";

const PAGE = 65536;
/** Pages that a memory may grow to: more than any script of the test suite asks for and gets. */
const MOST_PAGES = 1024;

/** What instances of this engine hand to each other: functions, and what a global or a size is at the time. */
type Exported =
  | { readonly kind: "function"; readonly type: FunctionType; call(words: readonly number[]): number[] }
  | { readonly kind: "global"; readonly bits: bigint | null }
  | { readonly kind: "memory" | "table"; readonly size: Limits };

/** How the engine is to be: a name for reports, and what `instantiateThumb` may be told. */
export interface ThumbEngineOptions {
  readonly name: string;
  /** Makes code of a module that imports functions only, with memory that may grow. */
  compile(module: Uint8Array): ThumbCompilation;
  readonly fuel?: number;
}

/**
 * Generated ARMv6-M code on the simulator's core. Modules are made self-contained first; so instances share functions
 * only, and get a copy of a global's value and a new memory or table of the size that another instance exports.
 */
export function createThumbEngine(options: ThumbEngineOptions): Engine {
  return {
    name: options.name,
    checksImportTypes: false,
    instantiate: (module, imports) => instantiate(options, module, imports),
  };
}

function instantiate(options: ThumbEngineOptions, bytes: Uint8Array, imports: Imports): Instance {
  const module = refusing(() => decodeModule(bytes));
  // As it is: once it's self-contained, some of what makes it invalid is gone.
  refusing(() => validate(bytes));
  const find = (from: { readonly module: string; readonly name: string }): Import => {
    const found = imports[from.module]?.[from.name];
    if (!found) throw new Refusal("link", `${from.module}.${from.name} is missing`);
    return found;
  };
  const imported = <K extends Exported["kind"]>(from: { readonly module: string; readonly name: string }, kind: K) => {
    const found = find(from);
    const exported = "exported" in found ? (found.exported as Exported) : undefined;
    if (exported?.kind !== kind) throw new Refusal("link", `${from.module}.${from.name} is no ${kind}`);
    return exported as Exported & { kind: K };
  };
  const own = refusing(() =>
    selfContained(bytes, {
      globals: module.globals.flatMap((entry) => (entry.import ? [imported(entry.import, "global").bits] : [])),
      tables: module.tables.flatMap((entry) => (entry.import ? [imported(entry.import, "table").size] : [])),
      memory: module.memory?.import && imported(module.memory.import, "memory").size,
    }),
  );
  const compilation = refusing(() => options.compile(own));
  const { memory } = decodeModule(own);
  const pages = Math.min(memory?.minimum ?? 0, MOST_PAGES);
  const most = grows(own) ? Math.min(memory?.maximum ?? MOST_PAGES, MOST_PAGES) : pages;
  const references = new References();
  const instance = instantiateThumb(compilation, {
    memoryBytes: pages * PAGE,
    memoryLimit: most * PAGE,
    fuel: options.fuel,
    imports: compilation.imports.map((from) => importedFunction(find(from), from.type, references)),
  });
  trapping(() => instance.call(START));

  const wordsOfGlobal = (index: number): number[] => {
    const at = compilation.layout.globals[index] >> 2;
    return [instance.words[at], instance.words[at + 1]];
  };
  const exportNamed = (name: string) => module.exports.find((entry) => entry.name === name)!;
  return {
    invoke(name, args, results) {
      const words = args.flatMap((value) => toWords(value, references));
      return fromWords(
        trapping(() => instance.call(name, words, wordCount(results))),
        results,
        references,
      );
    },
    global: (name, type) => fromWords(wordsOfGlobal(exportNamed(name).index), [type], references)[0],
    memory: () => instance.memory(),
    exportNames: () => module.exports.map(({ name }) => name),
    exported(name): Exported {
      const { kind, index } = exportNamed(name);
      switch (kind) {
        case "function": {
          const { type } = module.functions[index];
          return { kind, type, call: (words) => instance.call(name, words, wordCount(type.results)) };
        }
        case "global": {
          const [value] = fromWords(wordsOfGlobal(index), [module.globals[index].type], references);
          return { kind, bits: "bits" in value ? value.bits : null };
        }
        case "memory":
          return { kind, size: { ...memory, minimum: instance.memory().length / PAGE } };
        case "table": {
          const { sizeAt, capacity } = compilation.layout.tables[index];
          return { kind, size: { minimum: sizeAt === undefined ? capacity : instance.words[sizeAt >> 2] } };
        }
      }
    },
  };
}

/** Whether `memory.grow` may be in it: its bytes are. */
function grows(module: Uint8Array): boolean {
  return module.some((byte, at) => byte === 0x40 && module[at + 1] === 0);
}

function importedFunction(found: Import, type: FunctionType, references: References) {
  if ("host" in found) {
    const { params, call } = found.host;
    return (words: Int32Array) =>
      call(fromWords([...words], params, references)).flatMap((value) => toWords(value, references));
  }
  const exported = found.exported as Exported;
  if (exported.kind !== "function") throw new Refusal("link", "no function");
  return (words: Int32Array) => exported.call([...words.subarray(0, wordCount(type.params))]);
}

/** References of the host as words that aren't zero; a function of the guest's own is left as it is. */
class References {
  readonly #known: unknown[] = [];

  toWord(reference: unknown): number {
    if (reference === null) return 0;
    const found = this.#known.indexOf(reference);
    return (found < 0 ? this.#known.push(reference) - 1 : found) + 1;
  }

  fromWord(type: ValueType, word: number): unknown {
    if (word === 0) return null;
    return type === "externref" ? this.#known[word - 1] : word;
  }
}

function wordCount(types: readonly ValueType[]): number {
  return types.reduce((sum, type) => sum + (isWide(type) ? 2 : 1), 0);
}

function isWide(type: ValueType): boolean {
  return type === "i64" || type === "f64";
}

function toWords(value: Value, references: References): number[] {
  if (!("bits" in value)) return [references.toWord(value.reference)];
  const word = (bits: bigint) => Number(BigInt.asIntN(32, bits));
  return isWide(value.type) ? [word(value.bits), word(value.bits >> 32n)] : [word(value.bits)];
}

function fromWords(words: readonly number[], types: readonly ValueType[], references: References): Value[] {
  let at = 0;
  return types.map((type) => {
    const low = words[at++];
    if (type === "funcref" || type === "externref") return { type, reference: references.fromWord(type, low) };
    const high = isWide(type) ? words[at++] : 0;
    return { type, bits: (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0) };
  });
}

function refusing<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ModuleError) throw new Refusal("compile", error.message);
    throw error;
  }
}

function trapping<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ThumbTrap) throw new Trap(TRAP_KINDS[error.trap], error.message);
    throw error;
  }
}
