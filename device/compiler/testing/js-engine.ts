import { compileToJs, ModuleError } from "../compile.js";
import { decodeModule, type FunctionType, type Module, type ValueType } from "../decode/module.js";
import {
  type Engine,
  type HostFunction,
  type Import,
  type Imports,
  type Instance,
  Refusal,
  Trap,
  TRAP_KINDS,
  type TrapKind,
  type Value,
} from "./engine.js";
import { fromBits, toBits } from "./values.js";

/** Pages that a memory without a maximum may grow to: more than any script of the test suite asks for and gets. */
const MOST_PAGES = 1024;

/** What the generated function returns when compiled with `reflect`, see `JsCompilation.source`. */
type Reflected = readonly [
  functions: Record<string, (...args: unknown[]) => unknown>,
  suspended: 0 | (() => boolean),
  resume: 0 | ((value: unknown) => void),
  highs: () => readonly number[],
  results: () => readonly unknown[],
  globals: Record<string, () => readonly [low: unknown, high: number]>,
  memorySize: () => number,
  tables: Record<string, unknown>,
];

/** What instances of this engine hand to each other. */
type Exported =
  | { readonly kind: "function"; readonly call: (...args: unknown[]) => unknown }
  | { readonly kind: "memory"; readonly buffer: ArrayBuffer }
  | { readonly kind: "global"; readonly value: unknown }
  | { readonly kind: "table"; readonly table: unknown };

/** The generated JavaScript, on Node's own interpreter. */
export const jsEngine: Engine = {
  name: "js",
  checksImportTypes: false,
  instantiate: (module, imports) => instantiate(module, imports, undefined),
};

/**
 * The same, but every host function that returns one i32 suspends the guest: it says so, the guest unwinds, and
 * finds back with the answer when it is entered again. So does every loop, now and then.
 */
export const suspendingJsEngine: Engine = {
  ...jsEngine,
  name: "js-suspending",
  instantiate: (module, imports) => instantiate(module, imports, { answer: undefined, running: false, asked: 0 }),
};

/** What the host function that suspended the guest is going to return. */
interface Pending {
  answer: unknown;
  /** Whether the instance was entered from outside, and so can be left: not while it is made, nor from another one. */
  running: boolean;
  /** How often loops have asked for fuel. */
  asked: number;
}

/** How much loops get each time that they ask; for 0 they leave, and ask again when they are back. */
const FUEL = [0, 40, 0, 1, 200, 0, 3000];

function takeFuel(pending: Pending): number {
  // Long loops needn't be left a million times.
  if (!pending.running || pending.asked > 5000) return 1e9;
  return FUEL[pending.asked++ % FUEL.length];
}

function instantiate(bytes: Uint8Array, imports: Imports, pending: Pending | undefined): Instance {
  const { module, source, parameters, slicedLoops } = compile(bytes, pending && waitingImports(imports));
  const find = (from: { readonly module: string; readonly name: string }): Import => {
    const found = imports[from.module]?.[from.name];
    if (!found) throw new Refusal("link", `${from.module}.${from.name} is missing`);
    return found;
  };
  const buffer = bufferOf(module, find);
  const make = evaluate(source) as (buffer: ArrayBuffer, ...imports: unknown[]) => Reflected;
  const fuel = pending && slicedLoops > 0 ? [() => takeFuel(pending)] : [];
  const parts = trapping(() => make(buffer, ...fuel, ...parameters.map((from) => importValue(find(from), pending))));
  const [functions, suspended, resume, , , globals, memorySize, tables] = parts;
  return {
    invoke(name, args, results) {
      const enter = () => trapping(() => callWithBits(functions[name], args));
      if (!suspended || !resume || !pending) return readResults(parts, enter(), results);
      pending.running = true;
      try {
        let first = enter();
        while (suspended()) {
          resume(pending.answer);
          first = enter();
        }
        return readResults(parts, first, results);
      } finally {
        pending.running = false;
      }
    },
    global: (name, type) => fromParts(type, ...globals[name]()),
    memory: () => new Uint8Array(buffer, 0, memorySize()),
    exportNames: () => module.exports.map(({ name }) => name),
    exported(name): Exported {
      const { kind, index } = module.exports.find((entry) => entry.name === name)!;
      switch (kind) {
        case "function":
          return { kind, call: functions[name] };
        case "memory":
          return { kind, buffer };
        case "table":
          return { kind, table: tables[name] };
        case "global": {
          const [low, high] = globals[name]();
          return { kind, value: module.globals[index].type === "i64" ? [low, high] : low };
        }
      }
    },
  };
}

/** Host functions with one i32 result, as `module.name`. */
function waitingImports(imports: Imports): string[] {
  return Object.entries(imports).flatMap(([module, fields]) =>
    Object.entries(fields).flatMap(([name, found]) => (waits(found) ? [`${module}.${name}`] : [])),
  );
}

function waits(found: Import): boolean {
  return "host" in found && found.host.results.join() === "i32";
}

/** @param waiting imports that may suspend the guest, as loops then may, too; undefined for none of both */
function compile(bytes: Uint8Array, waiting: readonly string[] | undefined) {
  try {
    const compiled = compileToJs(bytes, {
      maximumPages: MOST_PAGES,
      callDepth: 500,
      reflect: true,
      waitingImports: waiting,
      fuel: waiting && "every loop",
    });
    const { source, imports, slicedLoops } = compiled;
    return { module: decodeModule(bytes), source, parameters: imports, slicedLoops };
  } catch (error) {
    if (error instanceof ModuleError) throw new Refusal("compile", error.message);
    throw error;
  }
}

/** Strict, unlike on a board, so that a variable that was never declared is an error instead of a global. */
function evaluate(source: string): unknown {
  return new Function(`"use strict";return ${source}`)();
}

function bufferOf(
  { memory }: Module,
  find: (from: { readonly module: string; readonly name: string }) => Import,
): ArrayBuffer {
  if (!memory) return new ArrayBuffer(0);
  if (memory.import) {
    const found = find(memory.import);
    return ("exported" in found ? (found.exported as Exported & { kind: "memory" }) : { buffer: new ArrayBuffer(0) })
      .buffer;
  }
  return new ArrayBuffer(Math.min(memory.maximum ?? MOST_PAGES, MOST_PAGES) * 65536);
}

function importValue(found: Import, pending: Pending | undefined): unknown {
  if ("host" in found) {
    const call = hostFunction(found.host);
    if (!pending || !waits(found)) return call;
    return (...args: unknown[]) => {
      pending.answer = call(...args);
      return -1;
    };
  }
  const exported = found.exported as Exported;
  switch (exported.kind) {
    case "function":
      return exported.call;
    case "global":
      return exported.value;
    case "table":
      return exported.table;
    case "memory":
      return exported.buffer;
  }
}

/** A function of the test, called with i64 arguments as two words. */
function hostFunction({ params, results, call }: HostFunction & FunctionType): (...args: unknown[]) => unknown {
  return (...args) => {
    const rest = [...args];
    const values = params.map((type) => fromParts(type, rest.shift(), type === "i64" ? (rest.shift() as number) : 0));
    const [result] = call(values);
    if (results.length === 0) return undefined;
    return results[0] === "i64" ? toArguments(result) : toArguments(result)[0];
  };
}

const words = new Int32Array(64);
const floats = new Float32Array(words.buffer);
const doubles = new Float64Array(words.buffer);
const callers = new Map<string, (...args: unknown[]) => unknown>();

/**
 * Calls a function with arguments read straight from typed arrays: in an array of numbers V8 keeps only one NaN.
 * Argument n lies in the eight bytes n of `words`.
 */
function callWithBits(target: (...args: unknown[]) => unknown, args: readonly Value[]): unknown {
  const expressions = args.map((value, index) => {
    if (!("bits" in value)) return `r[${index}].reference`;
    words[2 * index] = Number(BigInt.asIntN(32, value.bits));
    words[2 * index + 1] = Number(BigInt.asIntN(32, value.bits >> 32n));
    if (value.type === "f32") return `f[${2 * index}]`;
    if (value.type === "f64") return `d[${index}]`;
    return value.type === "i64" ? `i[${2 * index}],i[${2 * index + 1}]` : `i[${2 * index}]`;
  });
  const text = expressions.join();
  const caller = callers.get(text) ?? (new Function("t", "i", "f", "d", "r", `return t(${text})`) as typeof target);
  callers.set(text, caller);
  return caller(target, words, floats, doubles, args);
}

/** An argument as generated code takes it: an i64 is its low and its high word. */
function toArguments(value: Value): unknown[] {
  if (!("bits" in value)) return [value.reference];
  if (value.type !== "i64") return [fromBits(value.type, value.bits)];
  return [Number(BigInt.asIntN(32, value.bits)), Number(BigInt.asIntN(32, value.bits >> 32n))];
}

function fromParts(type: ValueType, low: unknown, high: number): Value {
  if (type === "funcref" || type === "externref") return { type, reference: low };
  if (type !== "i64") return { type, bits: toBits(type, low as number) };
  return { type, bits: (BigInt(high >>> 0) << 32n) | BigInt((low as number) >>> 0) };
}

function readResults(parts: Reflected, first: unknown, types: readonly ValueType[]): Value[] {
  const [, , , highs, results] = parts;
  return types.map((type, index) => fromParts(type, index === 0 ? first : results()[index], highs()[index]));
}

/** Which trap an error of generated code stands for, if it is one. */
export function trapKind(message: string): TrapKind | undefined {
  return message.startsWith("trap: ") ? TRAP_KINDS[message.slice("trap: ".length)] : undefined;
}

function trapping<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    // Frames of a thousand locals fill Node's own stack before the counter of calls runs out.
    const kind = /^Maximum call stack/.test(message) ? "call stack exhausted" : trapKind(message);
    throw kind ? new Trap(kind, message) : error;
  }
}

/**
 * An expression for an object with a module's exported functions, for scripts: a module without imports, on a buffer
 * of its own. The memory is as large as the module says it is at first, and stays so.
 */
export function jsModuleExpression(wasm: Uint8Array, memoryBytes?: number): string {
  const pages = decodeModule(wasm).memory?.minimum ?? 0;
  const size = memoryBytes ?? pages * 65536;
  const { source } = compileToJs(wasm, { memoryBytes: size });
  return `(${source})(new ArrayBuffer(${size}))[0]`;
}
