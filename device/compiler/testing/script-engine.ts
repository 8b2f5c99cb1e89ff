import { compileToJs } from "../compile.js";
import { decodeModule, type Import as ImportName, type ValueType } from "../decode/module.js";
import {
  type Engine,
  type HostFunction,
  type Import,
  type Imports,
  type Instance,
  Refusal,
  Trap,
  type Value,
} from "./engine.js";
import type { Interpreter } from "./interpreters.js";
import { trapKind } from "./js-engine.js";
import { PRELUDE } from "./script-prelude.js";
import { v8Engine } from "./v8-engine.js";

/** An instance while recording and while replaying: its number in the script. */
interface Numbered {
  readonly number: number;
  readonly instance: Instance;
}

/** What `Instance.exported` gives here: whose it is, so that a script can name it. */
interface Token {
  readonly owner: Numbered;
  readonly name: string;
  readonly kind: "function" | "table" | "memory" | "global";
}

/**
 * Does the same work twice: on V8, noting what is asked, then in an interpreter that runs the generated code, with all
 * that was noted as one script. An interpreter in a process of its own can't be asked step by step by an `Engine`,
 * which answers at once; so `work` must ask the same whatever it is answered.
 * @returns what `work` returned on V8, and with the interpreter's answers
 */
export async function replayOn<T>(
  interpreter: Interpreter,
  work: (engine: Engine) => T,
): Promise<{ readonly expected: T; readonly actual: T }> {
  const recorder = new Recorder();
  const expected = work(recorder.engine);
  const printed = await interpreter.run(recorder.script());
  return { expected, actual: work(replayEngine(interpreter.name, printed, recorder.refusals)) };
}

/** V8, and a script of everything that it was asked. */
class Recorder {
  /** What was asked, one line of script each. */
  readonly #lines: string[] = [];
  /** Of each instantiation: why V8 wouldn't, if so. */
  readonly refusals: (Refusal | undefined)[] = [];
  readonly #answers: string[] = [];
  readonly #references = new References();
  #instances = 0;
  #hosts = 0;

  readonly engine: Engine = {
    name: "recorder",
    checksImportTypes: false,
    instantiate: (module, imports) => this.#instantiate(module, imports),
  };

  script(): string {
    return [PRELUDE, `var A=[${this.#answers.join()}];`, ...this.#lines].join("\n");
  }

  #instantiate(bytes: Uint8Array, imports: Imports): Instance {
    const recorded: Record<string, Record<string, Import>> = {};
    const names = new Map<string, string>();
    for (const [module, fields] of Object.entries(imports)) {
      recorded[module] = {};
      for (const [field, found] of Object.entries(fields)) {
        const [value, name] = this.#import(found);
        recorded[module][field] = value;
        names.set(`${module} ${field}`, name);
      }
    }
    const number = this.#instances++;
    try {
      const instance = v8Engine.instantiate(bytes, recorded);
      return this.#wrap({ number, instance }, bytes);
    } catch (error) {
      // What V8 refuses isn't put before the interpreter: the compiler on the host would refuse it, too.
      this.refusals[number] = error instanceof Refusal ? error : undefined;
      throw error;
    } finally {
      if (!this.refusals[number]) this.#lines.push(instantiation(number, bytes, names));
    }
  }

  /** A value as an argument; a reference is `r(number)`. */
  #literal(value: Value): string {
    if ("bits" in value || value.reference === null) return literal(value);
    return `r(${this.#references.number(value.reference)})`;
  }

  #wrap(owner: Numbered, bytes: Uint8Array): Instance {
    const { number, instance } = owner;
    const ask = (line: string) => void this.#lines.push(line);
    const kinds = new Map(decodeModule(bytes).exports.map(({ name, kind }) => [name, kind]));
    return {
      invoke: (name, args, results) => {
        ask(
          `C(${number},${text(name)},function(t){return t(${args.map((value) => this.#literal(value)).join()})},${text(results.join(" "))});`,
        );
        return instance.invoke(name, args, results);
      },
      global: (name, type) => {
        ask(`G(${number},${text(name)},${text(type)});`);
        return instance.global(name, type);
      },
      memory: (name) => {
        ask(`M(${number});`);
        return instance.memory(name);
      },
      exportNames: () => instance.exportNames(),
      exported: (name): Token => ({ owner, name, kind: kinds.get(name)! }),
    };
  }

  /** An import for V8, and the expression for it in the script. */
  #import(found: Import): [Import, string] {
    if ("exported" in found) {
      const token = found.exported as Token;
      return [{ exported: token.owner.instance.exported(token.name) }, tokenExpression(token)];
    }
    const { host } = found;
    const number = this.#hosts++;
    const call: HostFunction["call"] = (args) => {
      const results = host.call(args);
      this.#answers.push(...results.map((value) => (value.type === "i64" ? `[${literal(value)}]` : literal(value))));
      return results;
    };
    return [{ host: { ...host, call } }, `h(${number},${text(host.params.join(" "))},${host.results.length})`];
  }
}

/** External references, numbered as they first turn up: the same in both runs, though the objects may differ. */
class References {
  readonly #known: unknown[] = [];

  number(reference: unknown): number {
    const found = this.#known.indexOf(reference);
    return found < 0 ? this.#known.push(reference) - 1 : found;
  }

  at(number: number): unknown {
    return this.#known[number];
  }
}

function tokenExpression({ owner, name, kind }: Token): string {
  const parts = `m[${owner.number}]`;
  switch (kind) {
    case "function":
      return `${parts}[0][${text(name)}]`;
    case "table":
      return `${parts}[7][${text(name)}]`;
    case "memory":
      return `b[${owner.number}]`;
    case "global":
      return `g(${parts}[5][${text(name)}]())`;
  }
}

/** Pages that a memory has room for where it may grow; boards, and the real interpreter's flat memory, have few. */
const MOST_PAGES = 3;

function instantiation(number: number, bytes: Uint8Array, names: ReadonlyMap<string, string>): string {
  const { memory } = decodeModule(bytes);
  const most = Math.min(memory?.maximum ?? MOST_PAGES, Math.max(MOST_PAGES, memory?.minimum ?? 0));
  const { source, imports } = compileToJs(bytes, { reflect: true, maximumPages: most });
  const find = ({ module, name }: ImportName) => names.get(`${module} ${name}`) ?? "undefined";
  const buffer = memory?.import ? find(memory.import) : `new ArrayBuffer(${memory ? most * 65536 : 0})`;
  return `I(${number},function(){b[${number}]=${buffer};return(${source})(${[`b[${number}]`, ...imports.map(find)].join()})});`;
}

/** JSON is a literal of ES5 when nothing in it is beyond ASCII: interpreters of bytes know no other characters. */
function text(value: string): string {
  return JSON.stringify(value).replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A number or null as an argument: an i64 is two, floats come from their bits. */
function literal(value: Value): string {
  if (!("bits" in value)) return "null";
  const low = BigInt.asIntN(32, value.bits);
  const high = BigInt.asIntN(32, value.bits >> 32n);
  switch (value.type) {
    case "i32":
      return `${low}`;
    case "i64":
      return `${low},${high}`;
    case "f32":
      return `f(${low})`;
    case "f64":
      return `d(${low},${high})`;
  }
}

/** An engine that answers what a script printed, line by line. */
function replayEngine(name: string, printed: string, refusals: readonly (Refusal | undefined)[]): Engine {
  const references = new References();
  const lines = printed.split(/\r?\n/).filter((line) => /^[HRT]( |$)/.test(line));
  let at = 0;
  let instances = 0;
  const hosts: HostFunction[] = [];
  /** The next answer; calls of imports before it are made. */
  const next = (): string => {
    for (;;) {
      const line = lines[at++];
      if (line === undefined) throw new Error(`${name} stopped early, after: ${printed.slice(-300)}`);
      if (line[0] === "R") return line.slice(2);
      if (line[0] === "T") throw trapOf(name, line.slice(2));
      const [number, ...words] = line.slice(2).split(" ");
      hosts[Number(number)].call(readValues(words, hosts[Number(number)].params, references));
    }
  };
  const instance = (bytes: Uint8Array): Instance => ({
    invoke(_name, args, results) {
      for (const value of args)
        if ("reference" in value && value.reference !== null) references.number(value.reference);
      return readValues(next().split(" "), results, references);
    },
    global: (_name, type) => readValues(next().split(" "), [type], references)[0],
    memory: () => readMemory(next()),
    exportNames: () => decodeModule(bytes).exports.map((entry) => entry.name),
    exported: () => undefined,
  });
  return {
    name,
    checksImportTypes: false,
    instantiate(bytes, imports) {
      for (const fields of Object.values(imports)) {
        for (const found of Object.values(fields)) if ("host" in found) hosts.push(found.host);
      }
      const refusal = refusals[instances++];
      if (refusal) throw refusal;
      next();
      return instance(bytes);
    },
  };
}

function trapOf(name: string, message: string): Error {
  const kind = trapKind(message);
  return kind ? new Trap(kind, message) : new Error(`${name}: ${message}`);
}

/** References print as `null`, their number, or (a function) `reference`. */
function readValues(words: readonly string[], types: readonly ValueType[], references: References): Value[] {
  return types.map((type, index) => {
    const word = words[index] ?? "";
    if (type !== "funcref" && type !== "externref") return { type, bits: BigInt(`0x${word}`) };
    return { type, reference: word === "null" ? null : word === "reference" ? word : references.at(Number(word)) };
  });
}

/** `65536 12:00ff 40:01`: length, and the stretches that aren't zero. */
function readMemory(printed: string): Uint8Array {
  const [length, ...stretches] = printed.split(" ");
  const bytes = new Uint8Array(Number(length));
  for (const stretch of stretches) {
    const [start, digits] = stretch.split(":");
    for (let index = 0; 2 * index < digits.length; index++) {
      bytes[Number(start) + index] = parseInt(digits.slice(2 * index, 2 * index + 2), 16);
    }
  }
  return bytes;
}
