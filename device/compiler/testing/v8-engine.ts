import type { FunctionType, ValueType } from "../decode/module.js";
import { encodeModule, type Instruction } from "./encode.js";
import {
  type Engine,
  type Import,
  type Imports,
  type Instance,
  Refusal,
  Trap,
  type TrapKind,
  type Value,
} from "./engine.js";
import { fromBits, toBits } from "./values.js";

/** As much of the JavaScript interface as is used here: Node has it, its type declarations don't. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, unknown> };
};

/** What V8 says → which trap that is. */
const TRAPS: readonly (readonly [RegExp, TrapKind])[] = [
  [/unreachable/, "unreachable"],
  [/divide by zero|remainder by zero/, "integer divide by zero"],
  [/divide result unrepresentable/, "integer overflow"],
  [/float unrepresentable/, "float to integer"],
  [
    /table index is out of bounds|table access out of bounds|table initializer is out of bounds|element segment/,
    "out of bounds table access",
  ],
  [/memory access out of bounds|data segment/, "out of bounds memory access"],
  [/signature mismatch|null function|dereferencing a null/, "indirect call mismatch"],
  [/Maximum call stack/, "call stack exhausted"],
];

/**
 * Node's own WebAssembly: the truth that the other engines are compared with. Floats cross by a small module of
 * `reinterpret`s around each function, since a JavaScript number may lose the payload of a NaN.
 */
export const v8Engine: Engine = { name: "v8", checksImportTypes: true, instantiate };

function instantiate(module: Uint8Array, imports: Imports): Instance {
  let compiled: object;
  try {
    compiled = new WebAssembly.Module(module);
  } catch (error) {
    throw new Refusal("compile", String(error));
  }
  let exports: Record<string, unknown>;
  try {
    exports = new WebAssembly.Instance(compiled, toImportObject(imports)).exports;
  } catch (error) {
    if (named(error, "LinkError") || named(error, "TypeError")) throw new Refusal("link", String(error));
    throw toTrap(error);
  }
  const wrappers = new Map<string, (...args: (number | bigint)[]) => unknown>();
  const wrapped = (name: string, type: FunctionType) => {
    const key = `${name} ${type.params.join()} ${type.results.join()}`;
    const known = wrappers.get(key) ?? wrap(exports[name], type);
    wrappers.set(key, known);
    return known;
  };
  return {
    invoke(name, args, results) {
      const type = { params: args.map((value) => value.type), results };
      const references = [...type.params, ...results].some((item) => item === "funcref" || item === "externref");
      const callable = references ? (exports[name] as (...args: unknown[]) => unknown) : wrapped(name, type);
      return results.length === 0
        ? (call(callable, args, !references), [])
        : fromResult(call(callable, args, !references), results, !references);
    },
    global(name, type) {
      return fromResult((exports[name] as { value: unknown }).value, [type], false)[0];
    },
    memory: (name) => new Uint8Array((exports[name] as { buffer: ArrayBuffer }).buffer),
    exportNames: () => Object.keys(exports),
    exported: (name) => exports[name],
  };
}

function call(
  callable: (...args: (number | bigint)[]) => unknown,
  args: readonly Value[],
  asIntegers: boolean,
): unknown {
  const plain = args.map((value) => {
    if (!("bits" in value)) return value.reference as number;
    return fromBits(asIntegers ? integerOf(value.type) : value.type, value.bits);
  });
  try {
    return callable(...plain);
  } catch (error) {
    throw toTrap(error);
  }
}

function fromResult(result: unknown, types: readonly ValueType[], asIntegers: boolean): Value[] {
  const values = types.length === 1 ? [result] : [...(result as Iterable<unknown>)];
  return types.map((type, index) => {
    if (type === "funcref" || type === "externref") return { type, reference: values[index] };
    return { type, bits: toBits(asIntegers ? integerOf(type) : type, values[index] as number | bigint) };
  });
}

function integerOf(type: "i32" | "i64" | "f32" | "f64"): "i32" | "i64" {
  return type === "i32" || type === "f32" ? "i32" : "i64";
}

/** A function that takes and returns integers in place of floats. */
function wrap(target: unknown, type: FunctionType): (...args: (number | bigint)[]) => unknown {
  const swap = (types: readonly ValueType[]) => types.map((item) => integerOf(item as "i32"));
  const locals = [...type.results];
  const parameters = type.params.map((item, index) => reinterpret(get(index, integerOf(item as "i32")), item));
  const called: Instruction = { op: "call", index: 0, operands: parameters, results: [...type.results] };
  // Results come off the stack last first, into locals behind the parameters.
  const first = type.params.length;
  const stores: Instruction[] = locals.map((_, index) => ({
    op: "local.set",
    index: first + locals.length - 1 - index,
    operands: [],
    results: [],
  }));
  const loads = locals.map((item, index) => reinterpret(get(first + index, item), integerOf(item as "i32")));
  const bytes = encodeModule({
    imports: [{ module: "m", name: "f", type }],
    functions: [
      { type: { params: swap(type.params), results: swap(type.results) }, locals, body: [called, ...stores, ...loads] },
    ],
    globals: [],
    exports: [{ name: "f", kind: "function", index: 1 }],
    elements: [],
    data: [],
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { f: target } });
  return instance.exports.f as (...args: (number | bigint)[]) => unknown;
}

function get(index: number, type: ValueType): Instruction {
  return { op: "local.get", index, operands: [], results: [type] };
}

function reinterpret(value: Instruction, to: ValueType): Instruction {
  const from = value.results[0];
  return from === to ? value : { op: `${to}.reinterpret_${from}`, operands: [value], results: [to] };
}

function toImportObject(imports: Imports): Record<string, Record<string, unknown>> {
  const result: Record<string, Record<string, unknown>> = {};
  for (const [module, fields] of Object.entries(imports)) {
    result[module] = {};
    for (const [field, value] of Object.entries(fields)) result[module][field] = toImportValue(value);
  }
  return result;
}

function toImportValue(value: Import): unknown {
  if ("exported" in value) return value.exported;
  const { params, results, call: host } = value.host;
  return (...args: unknown[]) => {
    const values = host(
      params.map((type, index) =>
        type === "funcref" || type === "externref"
          ? { type, reference: args[index] }
          : { type, bits: toBits(type, args[index] as number | bigint) },
      ),
    ).map((item) => ("bits" in item ? fromBits(item.type, item.bits) : item.reference));
    return results.length === 0 ? undefined : results.length === 1 ? values[0] : values;
  };
}

/** By name: under a test runner the classes may belong to another realm. */
function named(error: unknown, name: string): boolean {
  return (error as Error | undefined)?.name === name;
}

function toTrap(error: unknown): unknown {
  if (!named(error, "RuntimeError") && !named(error, "RangeError")) return error;
  const message = (error as Error).message;
  const kind = TRAPS.find(([pattern]) => pattern.test(message))?.[1];
  return kind ? new Trap(kind, message) : error;
}
