import { getQuickJS } from "quickjs-emscripten";
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from "quickjs-emscripten";
import { StepCounter } from "./step-counter.js";

/** What crosses the border: primitives, and bytes as an ArrayBuffer on the script's side. */
export type Primitive = number | string | boolean | undefined | Uint8Array;

/** A native function: gets primitives, returns one. What it throws becomes an exception of the script. */
export type NativeFunction = (...args: Primitive[]) => Primitive | void;

/** Thrown by native functions to make the script's exception: `name` is a class of errors that the script knows. */
export class ScriptFault extends Error {
  constructor(name: "Error" | "TypeError" | "InternalError" | "SyntaxError" | "ReferenceError", message: string) {
    super(message);
    this.name = name;
  }
}

/** How a piece of script ended. */
export type Outcome =
  | { readonly ok: true; readonly value: Primitive }
  | { readonly ok: false; readonly interrupted: true }
  | { readonly ok: false; readonly interrupted: false; readonly outOfMemory: true }
  /** `text` is what was thrown, as a string. */
  | { readonly ok: false; readonly interrupted: false; readonly outOfMemory: false; readonly thrown: Thrown };

/** What a script threw. */
export interface Thrown {
  /** `Error`, `TypeError`, …; undefined when it wasn't an error object. */
  readonly name: string | undefined;
  readonly message: string;
  /** Innermost first. */
  readonly frames: readonly StackFrame[];
  /** Whether the script's own handler of uncaught exceptions took it. */
  readonly handled: boolean;
}

/** One call on QuickJS's stack. */
export interface StackFrame {
  /** The function's name; `<eval>` at the top of a script, `<anonymous>` without a name. */
  readonly name: string;
  /** As given to `evaluate`; undefined in native functions. */
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Steps after which `onTick` is called at the latest. */
const STEPS_PER_TICK = 500;

let wasm: QuickJSWASMModule | undefined;

/** Loads QuickJS once for the process; sandboxes are made without waiting after that. */
export async function loadQuickJs(): Promise<void> {
  wasm ??= await getQuickJS();
}

/**
 * One QuickJS runtime with one context: script in, primitives and bytes out.
 *
 * A string with NUL doesn't survive the crossing, and a call per byte is slow: bytes cross as ArrayBuffers.
 */
export class Sandbox {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #functions: QuickJSHandle[] = [];
  readonly #disposables: QuickJSHandle[] = [];
  /** What a native or the tick threw that isn't the script's to catch. */
  #hostError: unknown;
  #heapLimit = Infinity;
  #broken = false;
  #probe: QuickJSHandle | undefined;
  #uncaught: { object: QuickJSHandle; method: string } | undefined;

  readonly #counter: StepCounter;

  /** Asked while a script runs, with the steps since it was asked or `takeSteps` called; true ends the script. */
  onTick: (steps: number) => boolean = () => false;

  constructor(stackBytes: number) {
    if (!wasm) throw new Error("loadQuickJs() must have finished before a sandbox is made");
    this.#runtime = wasm.newRuntime();
    this.#runtime.setMaxStackSize(stackBytes);
    this.#context = this.#runtime.newContext();
    this.#counter = new StepCounter(wasm, this.#context, STEPS_PER_TICK);
    this.#runtime.setInterruptHandler(() => {
      try {
        return this.onTick(this.#counter.interrupted());
      } catch (error) {
        this.#hostError = error;
        return true;
      }
    });
  }

  /** Branches and calls that the script has made since it was last asked. */
  takeSteps(): number {
    return this.#counter.take();
  }

  /** Has `onTick` called at the script's next branch or call. */
  tickSoon(): void {
    this.#counter.hurry();
  }

  /** Defines what `globals` name as properties of one object, which `install` functions get. */
  bind(functions: Readonly<Record<string, NativeFunction>>): QuickJSHandle {
    const object = this.#context.newObject();
    for (const [name, native] of Object.entries(functions)) {
      const handle = this.#context.newFunction(name, (...args) => this.#callNative(native, args));
      this.#functions.push(handle);
      this.#context.setProp(object, name, handle);
    }
    this.#disposables.push(object);
    return object;
  }

  #callNative(native: NativeFunction, args: QuickJSHandle[]): QuickJSHandle | { error: QuickJSHandle } {
    try {
      return this.#toScript(native(...args.map((arg) => this.#fromScript(arg))));
    } catch (error) {
      if (!(error instanceof ScriptFault)) {
        // A fault of the host, like a board without power, isn't the script's to catch.
        this.#hostError = error;
        this.#runtime.setInterruptHandler(() => true);
        return { error: this.#context.newError({ name: "InternalError", message: String(error) }) };
      }
      return { error: this.#context.newError({ name: error.name, message: error.message }) };
    }
  }

  #fromScript(handle: QuickJSHandle): Primitive {
    const context = this.#context;
    switch (context.typeof(handle)) {
      case "number":
        return context.getNumber(handle);
      case "string":
        return context.getString(handle);
      case "boolean":
        return context.eq(handle, context.true);
      case "object":
        return context.eq(handle, context.null) ? undefined : this.#copyBytes(handle);
      default:
        return undefined;
    }
  }

  #copyBytes(handle: QuickJSHandle): Uint8Array {
    const lifetime = this.#context.getArrayBuffer(handle);
    const bytes = lifetime.value.slice();
    lifetime.dispose();
    return bytes;
  }

  #toScript(value: Primitive | void): QuickJSHandle {
    const context = this.#context;
    if (typeof value === "number") return context.newNumber(value);
    if (typeof value === "string") return context.newString(value);
    if (typeof value === "boolean") return value ? context.true : context.false;
    if (value instanceof Uint8Array) return context.newArrayBuffer(value.slice().buffer);
    return context.undefined;
  }

  /**
   * Evaluates `install` in the script's world with `parameters`. It must be self-contained: no import, no variable
   * from outside survives the crossing.
   */
  install(install: (...parameters: never[]) => unknown, ...parameters: (QuickJSHandle | Primitive)[]): QuickJSHandle {
    const result = this.#context.evalCode(`(${install.toString()})`, install.name, { type: "global" });
    const handle = this.#context.unwrapResult(result);
    const values = parameters.map((value) => (isHandle(value) ? value : this.#toScript(value)));
    const made = this.#context.unwrapResult(this.#context.callFunction(handle, this.#context.undefined, ...values));
    handle.dispose();
    this.#disposables.push(made);
    return made;
  }

  /** Limits what the script may allocate beyond what is allocated now. */
  limitHeap(bytes: number): void {
    this.#heapLimit = this.usage().memory_used_size + bytes;
    this.#runtime.setMemoryLimit(this.#heapLimit);
  }

  /** Lets the script have so many bytes more. */
  raiseHeapLimit(bytes: number): void {
    if (this.#heapLimit === Infinity) return;
    this.#heapLimit += bytes;
    this.#runtime.setMemoryLimit(this.#heapLimit);
  }

  get global(): QuickJSHandle {
    return this.#context.global;
  }

  /**
   * Runs a script in the global scope.
   * @param source one byte a char (Latin-1) where it came from a board
   */
  evaluate(source: string, file: string): Outcome {
    return this.#run(() => this.#context.evalCode(source, file, { type: "global", strict: false }));
  }

  /** Runs a script and gives its value, with `args`, to a method of an object that `install` returned. */
  evaluateAnd(source: string, file: string, object: QuickJSHandle, method: string, ...args: Primitive[]): Outcome {
    return this.#run(() => {
      const context = this.#context;
      const result = context.evalCode(source, file, { type: "global", strict: false });
      if (result.error) return result;
      const handle = context.getProp(object, method);
      const given = args.map((arg) => this.#toScript(arg));
      const described = context.callFunction(handle, context.undefined, result.value, ...given);
      for (const each of [handle, result.value, ...given]) each.dispose();
      return described;
    });
  }

  /** Calls a method of an object that `install` returned. */
  call(object: QuickJSHandle, method: string, ...args: Primitive[]): Outcome {
    return this.#run(() => {
      const handle = this.#context.getProp(object, method);
      const given = args.map((arg) => this.#toScript(arg));
      const result = this.#context.callFunction(handle, this.#context.undefined, ...given);
      for (const each of [handle, ...given]) each.dispose();
      return result;
    });
  }

  /** Offers every uncaught exception to a method of an object that `install` returned; it answers true if it took it. */
  onUncaught(object: QuickJSHandle, method: string): void {
    this.#uncaught = { object, method };
  }

  /** Runs what promises left to do. */
  runPromises(): Outcome {
    if (!this.#runtime.hasPendingJob()) return { ok: true, value: undefined };
    return this.#guard(() => {
      const result = this.#runtime.executePendingJobs();
      if (result.error) return this.#failure(result.error);
      return { ok: true, value: undefined };
    });
  }

  #run(action: () => ReturnType<QuickJSContext["evalCode"]>): Outcome {
    return this.#guard(() => {
      const result = action();
      if (result.error) return this.#failure(result.error);
      const value = this.#fromScript(result.value);
      result.value.dispose();
      return { ok: true, value };
    });
  }

  #guard(action: () => Outcome): Outcome {
    let outcome: Outcome;
    try {
      outcome = action();
    } catch (error) {
      // V8's stack ran out inside QuickJS: nothing in the runtime can be trusted any more, not even to free it.
      if (isStackOverflow(error)) this.#broken = true;
      throw error;
    }
    if (this.#hostError !== undefined) {
      const error = this.#hostError;
      this.#hostError = undefined;
      throw error;
    }
    return outcome;
  }

  #failure(error: QuickJSHandle): Outcome {
    try {
      const thrown = this.#describe(error);
      if (thrown.name === "InternalError" && thrown.message === "interrupted") return { ok: false, interrupted: true };
      if (thrown.name === "InternalError" && thrown.message === "out of memory")
        return { ok: false, interrupted: false, outOfMemory: true };
      return { ok: false, interrupted: false, outOfMemory: false, thrown };
    } finally {
      error.dispose();
    }
  }

  /** Offers what was thrown to the script's own handler. */
  #handle(error: QuickJSHandle): boolean {
    if (!this.#uncaught) return false;
    const { object, method } = this.#uncaught;
    const handler = this.#context.getProp(object, method);
    const result = this.#context.callFunction(handler, this.#context.undefined, error);
    handler.dispose();
    const handle = result.error ?? result.value;
    const handled = !result.error && this.#context.eq(handle, this.#context.true);
    handle.dispose();
    return handled;
  }

  #describe(error: QuickJSHandle): Thrown {
    const context = this.#context;
    const handled = this.#handle(error);
    const text = (handle: QuickJSHandle): string => context.getString(handle);
    const property = (name: string): string | undefined => {
      const handle = context.getProp(error, name);
      const value = context.typeof(handle) === "string" ? text(handle) : undefined;
      handle.dispose();
      return value;
    };
    if (context.typeof(error) !== "object") return { name: undefined, message: text(error), frames: [], handled };
    const stack = property("stack");
    if (stack === undefined) return { name: undefined, message: text(error), frames: [], handled };
    return {
      name: property("name") ?? "Error",
      message: property("message") ?? "",
      frames: parseStack(stack),
      handled,
    };
  }

  /**
   * The memory in which the script's ArrayBuffers lie, of all sandboxes together. Another object when it has grown, so
   * it is to be asked for anew whenever a script has run.
   */
  memory(): Uint8Array {
    this.#probe ??= this.#context.newArrayBuffer(new ArrayBuffer(1));
    const lifetime = this.#context.getArrayBuffer(this.#probe);
    const memory = new Uint8Array(lifetime.value.buffer);
    lifetime.dispose();
    return memory;
  }

  /** QuickJS's own account of its memory, in bytes and counts. */
  usage(): Record<string, number> {
    const handle = this.#runtime.computeMemoryUsage();
    const usage = this.#context.dump(handle) as Record<string, number>;
    handle.dispose();
    return usage;
  }

  dispose(): void {
    if (this.#broken) return;
    this.#probe?.dispose();
    for (const handle of this.#disposables) handle.dispose();
    for (const handle of this.#functions) handle.dispose();
    this.#context.dispose();
    this.#runtime.dispose();
  }
}

/** Whether V8's own stack ran out, which QuickJS can't see coming everywhere (its parser of nested brackets). */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && error.name === "RangeError" && error.message.includes("call stack");
}

function isHandle(value: QuickJSHandle | Primitive): value is QuickJSHandle {
  return typeof value === "object" && !(value instanceof Uint8Array);
}

/** QuickJS writes `    at name (file:line:column)`, for syntax errors `    at file:line:column`. */
export function parseStack(stack: string): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const text of stack.split("\n")) {
    const match = /^\s*at (?:(.*?) )?\(?(.*?)(?::(\d+))?(?::(\d+))?\)?$/.exec(text);
    if (!match || text.trim() === "") continue;
    const native = match[2] === "native";
    frames.push({
      name: match[1] ?? "<eval>",
      file: native ? undefined : match[2],
      line: Number(match[3] ?? 0),
      column: Number(match[4] ?? 0),
    });
  }
  return frames;
}
