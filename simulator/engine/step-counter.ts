import type { QuickJSContext, QuickJSWASMModule } from "quickjs-emscripten";

/** QuickJS calls its interrupt handler when it has counted down from here (`JS_INTERRUPT_COUNTER_INIT`). */
const COUNTED_DOWN_FROM = 10_000;

/** As much of `WebAssembly.Memory` as is used here: Node has it, its type declarations don't. */
interface LinearMemory {
  readonly buffer: ArrayBuffer;
}

/** As far as the counter is looked for, in bytes from the context's address. */
const SEARCHED_BYTES = 512;

/** Where the counter lies in a context: found once for a process, since it is always the same build. */
let offset: number | undefined;

/**
 * QuickJS's own count of what it does: each branch and each call is a step. It keeps the count to ask its interrupt
 * handler now and then, 10,000 steps apart; that is far too seldom to tell time by, so this reads the counter itself,
 * in the interpreter's memory, and lets it ask more often.
 */
export class StepCounter {
  readonly #memory: LinearMemory;
  readonly #address: number;
  /** What the counter stood at when it was last looked at. */
  #left: number;

  /** @param grain steps after which the interrupt handler is called at the latest */
  constructor(
    module: QuickJSWASMModule,
    context: QuickJSContext,
    private readonly grain: number,
  ) {
    this.#memory = module.getWasmMemory();
    const start = addressOf(context);
    offset ??= findCounter(this.#memory, start, context);
    this.#address = start + offset;
    this.#left = this.#words()[this.#address >> 2];
  }

  /** Steps since the last call of this or of `interrupted`. */
  take(): number {
    const words = this.#words();
    const steps = this.#left - words[this.#address >> 2];
    this.#left = words[this.#address >> 2] = this.grain;
    return steps;
  }

  /** As `take`, for the interrupt handler: QuickJS counts anew from there. */
  interrupted(): number {
    const steps = this.#left;
    this.#left = this.#words()[this.#address >> 2] = this.grain;
    return steps;
  }

  /** Has QuickJS call its interrupt handler at the next step; none is lost. */
  hurry(): void {
    const words = this.#words();
    this.#left -= words[this.#address >> 2] - 1;
    words[this.#address >> 2] = 1;
  }

  /** The memory may have grown, so nothing of it is kept. */
  #words(): Int32Array {
    return new Int32Array(this.#memory.buffer);
  }
}

/** The context's address in the interpreter's memory. */
function addressOf(context: QuickJSContext): number {
  return (context as unknown as { readonly ctx: { readonly value: number } }).ctx.value;
}

/** Looks for the word that goes down by two for each turn of a loop. */
function findCounter(memory: LinearMemory, start: number, context: QuickJSContext): number {
  const turns = [500, 1500];
  // A new context hasn't begun to count: the first run is to get it going.
  const [, ...states] = [0, 0, ...turns].map((count, turn) => {
    if (turn !== 1) context.unwrapResult(context.evalCode(`(function(){for(var i=0;i<${count};i++);})()`)).dispose();
    return new Int32Array(memory.buffer.slice(start, start + SEARCHED_BYTES));
  });
  const isCounter = (_: number, index: number): boolean =>
    states.every((words) => words[index] > 0 && words[index] <= COUNTED_DOWN_FROM) &&
    turns.every((count, turn) => {
      const steps = states[turn][index] - states[turn + 1][index];
      return steps >= 2 * count && steps < 2 * count + 50;
    });
  const found = states[0].findIndex(isCounter);
  if (found < 0) throw new Error("this build of QuickJS doesn't count its steps where it is expected to");
  return found * 4;
}
