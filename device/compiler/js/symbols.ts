import { HELPERS, type HelperName } from "./helpers.js";

/** Typed-array views of linear memory and of eight bytes of scratch, and what each is made from. */
const VIEWS: Readonly<Record<string, { readonly array: string; readonly scratch?: true }>> = {
  U8: { array: "Uint8Array" },
  I8: { array: "Int8Array" },
  U16: { array: "Uint16Array" },
  I16: { array: "Int16Array" },
  I32: { array: "Int32Array" },
  F32: { array: "Float32Array" },
  F64: { array: "Float64Array" },
  "scratch U8": { array: "Uint8Array", scratch: true },
  "scratch I32": { array: "Int32Array", scratch: true },
  "scratch F32": { array: "Float32Array", scratch: true },
  "scratch F64": { array: "Float64Array", scratch: true },
};

const FIRST = "ABCDEFGHIJKLMNOPQRSTUVWXYZ$_";
const REST = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const RESERVED = new Set(["E", "Pin"]);

/**
 * The names that all functions of a module share: views, helpers, globals, constants, functions. They begin with a
 * capital, locals with a small letter, so they can't clash. The interpreter looks names up one after another, so they
 * are declared in the order of how often they are used.
 */
export class ModuleSymbols {
  readonly #names = new Map<string, string>();
  readonly #uses = new Map<string, number>();
  readonly #definitions = new Map<string, string>();
  #next = 0;
  /** How much one use counts: more inside loops. */
  weight = 1;

  constructor(
    /** Bytes of linear memory as a literal, or undefined when it can grow. */
    readonly memorySize: number | undefined,
    /** Deepest nesting of calls on a cycle of the call graph. */
    readonly depthLimit: number,
  ) {}

  /** The name of a symbol, which is declared if it wasn't. */
  readonly use = (symbol: string): string => {
    if (symbol === "depth limit") return String(this.depthLimit);
    if (symbol === "memory size" && this.memorySize !== undefined) return String(this.memorySize);
    this.#uses.set(symbol, (this.#uses.get(symbol) ?? 0) + this.weight);
    let name = this.#names.get(symbol);
    if (name === undefined) {
      name = this.#fresh();
      this.#names.set(symbol, name);
      if (symbol in HELPERS) {
        const weight = this.weight;
        this.weight = 0;
        this.#definitions.set(symbol, HELPERS[symbol as HelperName](this.use));
        this.weight = weight;
      } else if (VIEWS[symbol]?.scratch) {
        this.#definitions.set(symbol, `new ${VIEWS[symbol].array}(${this.use("scratch")})`);
      } else if (symbol === "scratch") {
        this.#definitions.set(symbol, "new ArrayBuffer(8)");
      } else if (/^(high|remainder|result)\b/.test(symbol)) {
        this.#definitions.set(symbol, "0");
      }
    }
    return name;
  };

  /** A call of a helper or function, as text. */
  call(symbol: string, ...operands: readonly string[]): string {
    return `${this.use(symbol)}(${operands.join(",")})`;
  }

  /** Declares a symbol with its initial value. */
  define(symbol: string, definition: string): string {
    const name = this.use(symbol);
    this.#definitions.set(symbol, definition);
    return name;
  }

  /** The name of a symbol if something uses it. */
  find(symbol: string): string | undefined {
    return this.#names.get(symbol);
  }

  /** Views of memory that are used: name and constructor, most used first. */
  views(): { readonly name: string; readonly array: string }[] {
    return this.#sorted((symbol) => VIEWS[symbol] !== undefined && !VIEWS[symbol].scratch).map((symbol) => ({
      name: this.#names.get(symbol) as string,
      array: VIEWS[symbol].array,
    }));
  }

  /** Everything else with a definition, scratch memory before its views, then most used first. */
  definitions(): { readonly symbol: string; readonly name: string; readonly definition: string }[] {
    const order = (symbol: string) => (symbol === "scratch" ? 0 : 1);
    return this.#sorted((symbol) => this.#definitions.has(symbol))
      .sort((a, b) => order(a) - order(b))
      .map((symbol) => ({
        symbol,
        name: this.#names.get(symbol) as string,
        definition: this.#definitions.get(symbol) as string,
      }));
  }

  #sorted(wanted: (symbol: string) => boolean): string[] {
    const uses = (symbol: string) => this.#uses.get(symbol) ?? 0;
    return [...this.#names.keys()].filter(wanted).sort((a, b) => uses(b) - uses(a));
  }

  #fresh(): string {
    for (;;) {
      const name = nameOf(this.#next++, FIRST, REST);
      if (!RESERVED.has(name)) return name;
    }
  }
}

const LOCAL_FIRST = "abcdefghijklmnopqrstuvwxyz";
const LANGUAGE_WORDS = new Set(["do", "if", "in", "is", "of", "for", "int", "let", "new", "try", "var"]);

/** Names of locals: a to z, then two letters; never a word of the language. */
export function localName(index: number): string {
  for (let candidate = LOCAL_NAMES.length; LOCAL_NAMES.length <= index; candidate++) {
    const name = nameOf(candidate + skippedWords, LOCAL_FIRST, REST);
    if (LANGUAGE_WORDS.has(name)) {
      skippedWords++;
      candidate--;
    } else LOCAL_NAMES.push(name);
  }
  return LOCAL_NAMES[index];
}

const LOCAL_NAMES: string[] = [];
let skippedWords = 0;

function nameOf(index: number, first: string, rest: string): string {
  if (index < first.length) return first[index];
  let left = index - first.length;
  let length = 2;
  while (left >= first.length * rest.length ** (length - 1)) {
    left -= first.length * rest.length ** (length - 1);
    length++;
  }
  let name = "";
  for (let position = 1; position < length; position++) {
    name = rest[left % rest.length] + name;
    left = Math.floor(left / rest.length);
  }
  return first[left] + name;
}
