import type { SimulatedBoard } from "../board/index.js";
import { Espruino } from "./espruino.js";
import type { ConsolePort } from "./espruino-options.js";
import { installRunStreams } from "./globals/run-streams.js";
import { decodeLatin1, encodeLatin1 } from "./latin1.js";
import type { MemoryEstimate } from "./memory-estimate.js";
import type { NativeContext, Natives } from "./natives/context.js";
import type { ProcessorCounters } from "./processor/processor.js";
import { parseStack, type StackFrame, type Thrown } from "./sandbox.js";

/** What a run needs: a board, an image, and where its streams go. */
export interface RunImageOptions {
  readonly board: SimulatedBoard;
  /** ECMAScript for the interpreter, one byte a char: what a slot holds. */
  readonly source: string | Uint8Array;
  /** Machine code and its data, which the script finds at `ristretto.codeAddress`. */
  readonly machineCode?: Uint8Array;
  /** The script's name in stack traces; `image` when absent. */
  readonly name?: string;
  readonly stdout: (bytes: Uint8Array) => void;
  readonly stderr: (bytes: Uint8Array) => void;
  /** Gets each line of a traced build, one byte a char. */
  readonly trace?: (line: string) => void;
  /** Told of a trap of one guest among several; the others go on. */
  readonly onTrapped?: (guest: string, reason: string, frames: readonly StackFrame[]) => void;
  /** Ends at once when absent. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /**
   * Set where `stdin` is written by events on the board's clock (a scenario's typing), so that time needn't wait for it.
   * Otherwise time passes as on the wall while the guest listens and the input hasn't ended.
   */
  readonly stdinInVirtualTime?: boolean;
  /** Virtual microseconds after which the run is given up; never when absent. */
  readonly limitMicroseconds?: number;
  /** Virtual microseconds that one uninterrupted piece of script may take; never ended when absent. */
  readonly taskMicroseconds?: number;
}

/** How the guest ended, and what it took. */
export interface RunImageResult {
  readonly end: RunEnd;
  readonly virtualMicroseconds: number;
  readonly memory: MemoryEstimate;
  /** What machine code took; undefined when none ran. */
  readonly processor: ProcessorCounters | undefined;
}

export type RunEnd =
  | { readonly kind: "exit"; readonly exitCode: number }
  /** `frames` are QuickJS's, innermost first; names are those in the source. */
  | { readonly kind: "trap"; readonly reason: string; readonly frames: readonly StackFrame[] }
  /** An exception that nobody caught. */
  | { readonly kind: "thrown"; readonly thrown: Thrown }
  /** Nothing is left to happen, and the guest hasn't said that it is done. */
  | { readonly kind: "idle" }
  | { readonly kind: "limit" }
  /** The script ran out of memory or of the time for one task. */
  | { readonly kind: "interrupted"; readonly reason: string }
  | { readonly kind: "reset" }
  | { readonly kind: "power"; readonly cause: string };

/** Steps of the clock between two looks at the host's own events. */
const STEPS_AT_ONCE = 200;

/**
 * Runs an image on a board without a screen. Time is the board's and passes as fast as it can; only while the guest
 * listens to input that hasn't ended, it passes as on the wall.
 *
 * The image finds a global `ristretto`, with which `hal/ports/sandbox/console.ts` makes the contract's console:
 * - `write(stream, text)`: 1 is stdout, 2 is stderr; one char a byte
 * - `listen(handler)`: gives stdin's bytes as text, an empty one at the end; returns a function that ends it
 * - `trace(line)`: a line of a trace, for those who asked for one
 * - `exit(code)`: the guest is done; the run ends after the task that said so
 * - `trap(reason, stack?)`: the guest failed; `stack` is an error's `stack`
 * - `trapped(guest, reason, stack?)`: one guest among several failed, and the run goes on
 * - `codeAddress`: where `machineCode` lies, 0 without it
 */
export async function runImage(options: RunImageOptions): Promise<RunImageResult> {
  const run = new Run(options);
  return run.finish(await Espruino.create(run.espruinoOptions()));
}

class Run {
  #end: RunEnd | undefined;
  #listening = false;
  #inputEnded = false;
  #input: AsyncIterator<Uint8Array> | undefined;
  #nextInput: Promise<IteratorResult<Uint8Array>> | undefined;
  #context: NativeContext | undefined;

  constructor(private readonly options: RunImageOptions) {
    this.#input = options.stdin?.[Symbol.asyncIterator]();
  }

  espruinoOptions(): Parameters<typeof Espruino.create>[0] {
    return {
      board: this.options.board,
      console: this.#console(),
      image: this.options.machineCode,
      taskMicroseconds: this.options.taskMicroseconds,
      onThrown: (thrown) => this.#endWith({ kind: "thrown", thrown }),
      onInterrupted: (reason) => this.#endWith({ kind: "interrupted", reason }),
      extend: {
        natives: (context) => {
          this.#context = context;
          return this.#natives(context);
        },
        install: (sandbox, world, host) => sandbox.install(installRunStreams, world, host),
      },
    };
  }

  async finish(espruino: Espruino): Promise<RunImageResult> {
    const { board, source, name = "image" } = this.options;
    const { clock } = board;
    const start = clock.now();
    const endEvents = board.events.listen((event) => {
      if (event.type === "reset") this.#endWith({ kind: "reset" });
      if (event.type === "power" && !event.on) this.#endWith({ kind: "power", cause: event.cause });
    });
    espruino.startBare();
    espruino.run(typeof source === "string" ? source : decodeLatin1(source), name);
    const limit = start + (this.options.limitMicroseconds ?? Infinity);
    for (let steps = 0; !this.#end; steps++) {
      const open = this.#listening && !this.#inputEnded;
      if (open && !this.options.stdinInVirtualTime) await this.#stepInRealTime(limit);
      else if (!open || !(await this.#takeInput())) {
        const due = clock.next();
        if (due === undefined) this.#endWith({ kind: "idle" });
        else if (due > limit) this.#endWith({ kind: "limit" });
        else clock.step();
        if (steps % STEPS_AT_ONCE === STEPS_AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    endEvents();
    const memory = espruino.memory();
    const { processor } = espruino;
    espruino.dispose();
    await this.#input?.return?.();
    return { end: this.#end, virtualMicroseconds: clock.now() - start, memory, processor };
  }

  #endWith(end: RunEnd): void {
    this.#end ??= end;
  }

  /** Takes input that is there already. */
  async #takeInput(): Promise<boolean> {
    this.#nextInput ??= this.#read();
    const nothing = new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)));
    const arrived = await Promise.race([this.#nextInput, nothing]);
    if (arrived) this.#arrive(arrived);
    return arrived !== undefined;
  }

  #read(): Promise<IteratorResult<Uint8Array>> {
    return this.#input ? this.#input.next() : Promise.resolve({ done: true, value: undefined });
  }

  #arrive(arrived: IteratorResult<Uint8Array>): void {
    this.#nextInput = undefined;
    if (arrived.done) this.#inputEnded = true;
    this.#deliver(arrived.done ? new Uint8Array() : arrived.value);
  }

  /** Takes input if it comes before the next event is due on the wall. */
  async #stepInRealTime(limit: number): Promise<void> {
    const { clock } = this.options.board;
    this.#nextInput ??= this.#read();
    const due = clock.next();
    let timer: NodeJS.Timeout | undefined;
    const began = performance.now();
    const waits: Promise<IteratorResult<Uint8Array> | undefined>[] = [this.#nextInput];
    if (due !== undefined)
      waits.push(
        new Promise((resolve) => {
          timer = setTimeout(() => resolve(undefined), Math.max(0, (due - clock.now()) / 1000));
        }),
      );
    const arrived = await Promise.race(waits);
    clearTimeout(timer);
    if (!arrived) {
      if (due! > limit) this.#endWith({ kind: "limit" });
      else clock.step();
      return;
    }
    const passed = clock.now() + (performance.now() - began) * 1000;
    clock.advanceTo(due === undefined ? passed : Math.min(due, passed));
    this.#arrive(arrived);
  }

  #deliver(bytes: Uint8Array): void {
    const context = this.#context;
    if (context && !this.#end) context.enter("input", context.give(bytes));
  }

  #natives({ received }: NativeContext): Natives {
    const write = (stream: unknown, bytes: Uint8Array) =>
      stream === 2 ? this.options.stderr(bytes) : this.options.stdout(bytes);
    return {
      runWrite: (stream, text) => write(stream, encodeLatin1(String(text))),
      runWriteBytes: (stream) => write(stream, received()),
      runListen: (on) => {
        this.#listening = Boolean(on);
        if (on && this.#inputEnded) this.options.board.schedule(0, () => this.#deliver(new Uint8Array()));
      },
      runTrace: (line) => this.options.trace?.(String(line)),
      runExit: (code) => this.#endWith({ kind: "exit", exitCode: Number(code) }),
      runTrapped: (guest, reason, stack) =>
        this.options.onTrapped?.(String(guest), String(reason), parseStack(String(stack))),
      runTrap: (reason, stack) =>
        this.#endWith({ kind: "trap", reason: String(reason), frames: parseStack(String(stack)) }),
    };
  }

  /** What the image prints by the interpreter's own means goes to stdout. */
  #console(): ConsolePort {
    const nothing = () => {};
    return {
      print: (text) => this.options.stdout(encodeLatin1(text)),
      transmit: (bytes) => this.options.stdout(bytes),
      receive: nothing,
      echo: nothing,
      echoes: false,
      edit: nothing,
      idle: nothing,
      restarted: nothing,
    };
  }
}
