/**
 * The `host` engine: a guest on V8's own WebAssembly, with the WASI calls that boards get. The fast path for tests,
 * and the reference that the other engines are compared with.
 *
 * Waiting is synchronous: a call that waits runs the virtual clock until it is done. A guest that computes for ever
 * can't be stopped from here: whoever runs unknown programs puts this into a worker.
 */
import { ALLOCATORS, proposalCall, type ProposalCall } from "../../device/image/proposal-calls.js";
import * as wasi from "../../device/wasi/index.js";
import * as proposals from "../../device/wasi/proposals/index.js";
import type { HardwareGrant } from "../../device/wasi/proposals/index.js";
import { SIGNATURES } from "../../device/wasi/trace/signatures.js";
import { traced, type TracedCall } from "../../device/wasi/trace/traced.js";
import type { Clock, RandomSource } from "../../hal/contract/index.js";
import type { VirtualClock } from "../core/virtual-clock.js";
import { trapOf, withStack, type Trap } from "./host-trap.js";

/** As much of the JavaScript interface as is used here: Node has it, its type declarations don't. */
declare const WebAssembly: {
  readonly RuntimeError: object;
  readonly Module: { new (bytes: Uint8Array): object; imports(module: object): readonly Import[] };
  readonly Instance: new (module: object, imports: Imports) => { readonly exports: Readonly<Record<string, unknown>> };
};

interface Import {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
}
type Imports = Record<string, Record<string, unknown>>;
type WasmValue = number | bigint;

/** What a guest on V8 is given. */
export interface HostOptions {
  /** The wasm module's bytes. */
  readonly module: Uint8Array;
  /** Arguments, the program's name first, and `NAME=value`: UTF-8 bytes one char each. */
  readonly args?: readonly string[];
  readonly environ?: readonly string[];
  /** Descriptors by number: standard streams, then what is granted. */
  readonly descriptors: (wasi.Descriptor | undefined)[];
  readonly clock: Clock;
  readonly random: RandomSource;
  /** What runs while the guest waits. `clock` should tell its time. */
  readonly time: VirtualClock;
  /** Virtual microseconds that a WASI call takes, so that a guest which polls the clock sees time pass; default 1. */
  readonly microsecondsPerCall?: number;
  /** Virtual time at which the guest is stopped, at its next call; default never. */
  readonly until?: number;
  /**
   * Called when the guest waits and nothing is scheduled: may bring in something from outside, such as a blocking read
   * of the real standard input, and then returns true.
   */
  readonly idle?: () => boolean;
  /** Import modules other than WASI preview 1 and the hardware proposals. */
  readonly imports?: Imports;
  /** What the hardware proposals' imports can open; nothing when absent. */
  readonly hardware?: readonly HardwareGrant[];
  /** Gets a line for every WASI call, of names, arguments and results, one byte a char: `device/wasi/trace`. */
  readonly trace?: (line: string) => void;
}

/** How a guest's call ended. */
export type Outcome =
  | { readonly kind: "returned"; readonly values: readonly WasmValue[] }
  | { readonly kind: "exited"; readonly exitCode: number }
  | ({ readonly kind: "trapped" } & Trap)
  /** It waits for what can't come any more, or `until` has come. */
  | { readonly kind: "stopped"; readonly reason: "deadlock" | "time" };

/** A guest that has been instantiated and can be called. */
export interface HostInstance {
  readonly guest: wasi.Guest;
  /** Names of exported functions. */
  readonly functions: readonly string[];
  /**
   * Calls an exported function.
   * @throws Error when there is none of that name; what the guest does never throws
   */
  call(name: string, ...parameters: WasmValue[]): Outcome;
  /** Closes the guest's descriptors: files are written out, watches end. */
  close(): void;
}

/** Thrown through the guest to stop it; nothing that wasm can catch. */
class Stopped {
  constructor(readonly reason: "deadlock" | "time") {}
}

/**
 * Makes a guest, ready to be called.
 * @throws Error with one line that says which import is missing, or why V8 doesn't take the module
 */
export function instantiateOnHost(options: HostOptions): HostInstance {
  const { time, until = Infinity, microsecondsPerCall = 1 } = options;
  let exports: Readonly<Record<string, unknown>> = {};
  let view = new Uint8Array(0);

  const guest: wasi.Guest = {
    get memory() {
      const memory = exports["memory"] as { readonly buffer: ArrayBuffer } | undefined;
      if (memory && view.buffer !== memory.buffer) view = new Uint8Array(memory.buffer);
      return view;
    },
    descriptors: options.descriptors,
    args: [...(options.args ?? [])],
    environ: [...(options.environ ?? [])],
    clock: options.clock,
    entropy: (bytes, start, length) => options.random.fill(bytes, start, length),
    wait(begin) {
      let errno: number | undefined;
      const giveUp = begin((result) => (errno = result));
      while (errno === undefined) {
        const next = time.next();
        const reason =
          next === undefined ? (options.idle?.() ? undefined : "deadlock") : next > until ? "time" : "step";
        if (reason === "step") time.step();
        else if (reason) {
          giveUp();
          throw new Stopped(reason);
        }
      }
      return errno;
    },
  };

  function importCall(name: string, call: wasi.Call): (...parameters: WasmValue[]) => number {
    const plain = (wasi as unknown as Record<string, TracedCall>)[name];
    const run = options.trace ? traced(name, SIGNATURES[name], plain, options.trace) : plain;
    return (...parameters) => {
      time.spend(microsecondsPerCall);
      if (time.now() > until) throw new Stopped("time");
      return (run(guest, ...words(call, parameters)) as number) | 0;
    };
  }

  guest.hardware = {
    granted: options.hardware ?? [],
    handles: [],
    allocate: (...given) => {
      const allocator = ALLOCATORS.map((name) => exports[name]).find((found) => typeof found === "function");
      return allocator ? (allocator as (...parameters: number[]) => number)(...given) : 0;
    },
  };

  function proposedCall(call: ProposalCall): (...parameters: WasmValue[]) => number {
    const run = (proposals as unknown as Record<string, TracedCall>)[call.member];
    return (...parameters) => {
      time.spend(microsecondsPerCall);
      if (time.now() > until) throw new Stopped("time");
      return (run(guest, ...words(call, parameters)) as number) | 0;
    };
  }

  const preview1 = Object.fromEntries(Object.entries(wasi.CALLS).map(([name, call]) => [name, importCall(name, call)]));
  const imports: Imports = { ...options.imports, [wasi.MODULE]: preview1 };
  const module = new WebAssembly.Module(options.module);
  for (const wanted of WebAssembly.Module.imports(module)) {
    const proposed = proposalCall(wanted.module, wanted.name);
    if (proposed) (imports[wanted.module] ??= {})[wanted.name] ??= proposedCall(proposed);
    if (imports[wanted.module]?.[wanted.name] === undefined)
      throw new Error(`the module imports ${wanted.kind} ${wanted.module}.${wanted.name}, which nothing here provides`);
  }

  /** Runs something of the guest's, and says how it ended. */
  function enter(run: () => unknown): Outcome {
    try {
      const value = withStack(Object.getPrototypeOf(WebAssembly.RuntimeError), run);
      return { kind: "returned", values: value === undefined ? [] : ([value].flat() as WasmValue[]) };
    } catch (thrown) {
      if (thrown instanceof Stopped) return { kind: "stopped", reason: thrown.reason };
      if (isExit(thrown)) return { kind: "exited", exitCode: thrown.exitCode };
      const trap = trapOf(thrown, options.module, exports);
      if (!trap) throw thrown;
      return { kind: "trapped", ...trap };
    }
  }

  /** How the module's start function ended, when it didn't return: then nothing can be called. */
  const started = enter(() => {
    exports = new WebAssembly.Instance(module, imports).exports;
  });
  const functions = Object.keys(exports).filter((name) => typeof exports[name] === "function");

  return {
    guest,
    functions,
    call(name, ...parameters) {
      if (started.kind !== "returned") return started;
      const target = exports[name];
      if (typeof target !== "function") throw new Error(`the module exports no function ${name}`);
      return enter(() => (target as (...values: WasmValue[]) => unknown)(...parameters));
    },
    close() {
      proposals.dropHandles(guest);
      wasi.closeDescriptors(guest);
    },
  };
}

/**
 * Runs a command: `_start` to its end, then its descriptors are closed. A module with `_initialize` instead of `_start`
 * is a reactor, and is initialized only.
 */
export function runOnHost(options: HostOptions): Outcome {
  const instance = instantiateOnHost(options);
  const entry = instance.functions.includes("_start") ? "_start" : "_initialize";
  const outcome = instance.call(entry);
  instance.close();
  return outcome;
}

/** An i64 is two int32, low word first. */
function words(call: Pick<wasi.Call, "parameters">, parameters: readonly WasmValue[]): number[] {
  return parameters.flatMap((value, index) =>
    call.parameters[index] === "i64"
      ? [Number(BigInt.asIntN(32, value as bigint)), Number(BigInt.asIntN(32, (value as bigint) >> 32n))]
      : [value as number],
  );
}

function isExit(thrown: unknown): thrown is wasi.Exit {
  return typeof thrown === "object" && thrown !== null && "exitCode" in thrown;
}
