import type { ValueType } from "../decode/module.js";

/**
 * What the tests need of an engine, whichever way it runs a module. Everything the engines are compared on goes
 * through here, as bits: JavaScript numbers would lose the payload of a NaN and half of an i64.
 */
export interface Engine {
  readonly name: string;
  /** Whether an import of the wrong type is refused; engines for boards leave that to the check on the desk. */
  readonly checksImportTypes: boolean;
  /**
   * Compiles and instantiates, runs segments and the start function.
   * @throws Refusal for a module that can't be compiled or linked, Trap where instantiation traps
   */
  instantiate(module: Uint8Array, imports: Imports): Instance;
}

/** A value as its bits: unsigned, 32 or 64 of them. References are whatever the engine uses; null is null. */
export type Value =
  | { readonly type: "i32" | "i64" | "f32" | "f64"; readonly bits: bigint }
  | { readonly type: "funcref" | "externref"; readonly reference: unknown };

/** A function of the test itself that a module may import. */
export interface HostFunction {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** NaNs among the arguments may have lost their payload. */
  call(args: readonly Value[]): readonly Value[];
}

/** Module name → field name → a host function, or what `Instance.exported` gave for another instance's export. */
export type Imports = Readonly<Record<string, Readonly<Record<string, Import>>>>;

export type Import = { readonly host: HostFunction } | { readonly exported: unknown };

/** An instance of a module in some engine. */
export interface Instance {
  /**
   * Calls an exported function.
   * @param results the types that the function is known to return
   * @throws Trap
   */
  invoke(name: string, args: readonly Value[], results: readonly ValueType[]): readonly Value[];
  /** Reads an exported global. */
  global(name: string, type: ValueType): Value;
  /** The bytes of an exported memory as they are now. */
  memory(name: string): Uint8Array;
  /** Names of all exports. */
  exportNames(): readonly string[];
  /** An export in the engine's own form, to be imported by another instance of the same engine. */
  exported(name: string): unknown;
}

/**
 * Why a guest stopped. Engines may know more or less than this, so kinds are compared by `sameTrap`; `float to integer`
 * is what an engine says that doesn't tell NaN from a number too large.
 */
export type TrapKind =
  | "unreachable"
  | "integer divide by zero"
  | "integer overflow"
  | "invalid conversion to integer"
  | "float to integer"
  | "out of bounds memory access"
  | "out of bounds table access"
  | "indirect call mismatch"
  | "call stack exhausted";

/** The specification's words for a trap, which the test suite and the generated code use, → its kind. */
export const TRAP_KINDS: Readonly<Record<string, TrapKind>> = {
  unreachable: "unreachable",
  "integer divide by zero": "integer divide by zero",
  "integer overflow": "integer overflow",
  "invalid conversion to integer": "invalid conversion to integer",
  "out of bounds memory access": "out of bounds memory access",
  "out of bounds table access": "out of bounds table access",
  "call stack exhausted": "call stack exhausted",
  "uninitialized element": "indirect call mismatch",
  "undefined element": "out of bounds table access",
  "indirect call type mismatch": "indirect call mismatch",
};

/** How an engine says that a call trapped. */
export class Trap extends Error {
  constructor(
    readonly kind: TrapKind,
    /** In the engine's own words. */
    readonly detail: string = kind,
  ) {
    super(detail);
    this.name = "Trap";
  }
}

/** A module that an engine won't run: malformed, invalid, unsupported, or with an import missing. */
export class Refusal extends Error {
  constructor(
    readonly stage: "compile" | "link",
    message: string,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** Whether two kinds may stand for the same trap. */
export function sameTrap(a: TrapKind, b: TrapKind): boolean {
  if (a === b) return true;
  const conversions: readonly TrapKind[] = ["integer overflow", "invalid conversion to integer"];
  return (a === "float to integer" && conversions.includes(b)) || (b === "float to integer" && conversions.includes(a));
}
