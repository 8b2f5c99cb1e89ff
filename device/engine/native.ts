/** Runs a guest that the compiler turned into machine code; the contract is in `device/compiler/thumb/README.md`. */
import type { Guest } from "../wasi/guest.js";
import type { Ended } from "./js.js";
import type { Enter } from "./reactor.js";

/** What the interpreter gives to enter machine code. */
export interface Machine {
  /** Calls the blob's `entry`, wherever the blob is now. @param context its address */
  enter(context: number, value: number): number;
  /** Where the arena is now. */
  arenaAddress(): number;
  /** Where the blob is now; 0 when it is gone. */
  codeAddress(): number;
  /** Has something done in the event loop's next turn. */
  later(action: () => void): void;
}

/** Sizes in bytes, as the compilation says. */
export interface NativeLayout {
  /** The guest's stack, a multiple of 8. */
  readonly stack: number;
  /** What of it is kept for code that doesn't check. */
  readonly reserve: number;
  /** For what machine code has written and wasn't handed over yet, a multiple of 8; 0 where it doesn't write by itself. */
  readonly writeBuffer: number;
  /** From the context to linear memory, a multiple of 8. */
  readonly memoryOffset: number;
  readonly memory: number;
}

/** An arena laid out: stack, buffer, context, linear memory. */
export interface NativeArena {
  /** Address of the context, and that of the arena that it was made for. */
  readonly context: number;
  readonly base: number;
  /** The context's words. */
  readonly words: Int32Array;
  /** What machine code has written, from its start as many bytes as word 13 says. */
  readonly written: Uint8Array;
  /** Linear memory. */
  readonly memory: Uint8Array;
}

/** A call that a guest imports: takes its arguments from word 16 on, returns the answer. */
export type NativeImport = (words: Int32Array) => number;

/** Words of the context. */
const STACK_TOP = 4;
const FUEL = 5;
const EXPORT = 6;
const TRAP_AT = 7;
const TRAP_LINK = 10;
const BUFFERED_DESCRIPTORS = 12;
const BUFFERED = 13;
const BUFFER_OWNER = 14;
const TRANSFER = 16;
const WORDS = 48;

/** What `entry` returns below this is a trap. */
const OUT_OF_FUEL = -1;
const FIRST_TRAP = -2;

const WAITING = -1;
const TRAPPED = 134;
const STOPPED = 130;

/** Descriptors 1 and 2, by their bits. */
const STANDARD_STREAMS = 6;

/** Where nobody wants a turn. */
const ALL_FUEL = 0x7fffffff;
const FIRST_FUEL = 20000;
const LEAST_FUEL = 1000;
const MOST_FUEL = 10000000;
/** Calls that are served before the time is looked at: a guest that only calls must let the event loop go on, too. */
const CALLS = 8;

/** Bytes of the arena that `layOut` wants. Its address is a multiple of 4; the context's must be one of 8. */
export function arenaBytes(layout: NativeLayout): number {
  return layout.stack + layout.writeBuffer + layout.memoryOffset + layout.memory + 4;
}

/**
 * Fills the context in.
 * @param arena all zero, `arenaBytes` long
 * @param base its address
 * @param image what lies between the context's words and linear memory
 * @param start index of the export to start
 */
export function layOut(
  arena: ArrayBuffer,
  base: number,
  layout: NativeLayout,
  image: Uint8Array,
  start: number,
): NativeArena {
  const low = base & 7;
  const top = low + layout.stack;
  const at = top + layout.writeBuffer;
  const context = base + at;
  const words = new Int32Array(arena, at, WORDS);
  words[1] = context + layout.memoryOffset;
  words[2] = layout.memory;
  words[3] = base + low + layout.reserve;
  words[STACK_TOP] = base + top;
  words[EXPORT] = start;
  words[8] = layout.memory;
  if (layout.writeBuffer) words[BUFFERED_DESCRIPTORS] = STANDARD_STREAMS;
  new Uint8Array(arena, at + WORDS * 4, image.length).set(image);
  return {
    context: context,
    base: base,
    words: words,
    written: new Uint8Array(arena, top, layout.writeBuffer),
    memory: new Uint8Array(arena, at + layout.memoryOffset, layout.memory),
  };
}

/** Words of what `yield` keeps on the guest's stack, the return address behind them. */
const KEPT = 8;

/**
 * The guest's stack as text: a line for each word that may be a return address, with its offset in the blob, and how far
 * below the stack's top, in bytes. Which of them are is for the host to say, which has the blob and the functions'
 * frames.
 * @param code the blob's address
 */
function stackOf(arena: NativeArena, code: number, codeBytes: number): string {
  const words = arena.words;
  const at = words.byteOffset - arena.context + words[0];
  // The buffer for writes begins where the stack ends.
  const depth = (arena.written.byteOffset - at) >> 2;
  const stack = new Int32Array(words.buffer, at, depth);
  var text = "";
  function note(word: number, below: number): void {
    if (word & 1 && word > code && word < code + codeBytes)
      text += "\n    at thumb:" + (word - code - 1) + ":" + below * 4;
  }
  var i = 0;
  if (words[TRAP_AT]) {
    text = "    at thumb:" + words[TRAP_AT] + ":" + depth * 4;
    note(words[TRAP_LINK], depth);
  } else note(stack[KEPT], depth - KEPT - 1);
  for (; i < depth; i++) note(stack[i], depth - i);
  return text;
}

/** A trap as an error. @param wanted what `entry` returned */
function trapOf(
  arena: NativeArena,
  code: number,
  codeBytes: number,
  reasons: readonly string[],
  wanted: number,
): Error {
  const trap = Error("trap: " + (reasons[FIRST_TRAP - wanted] || wanted));
  trap.stack = stackOf(arena, code, codeBytes);
  return trap;
}

/**
 * Writes what machine code has gathered in the buffer, whenever it has been left: before the call that it makes, and at
 * the end of each slice. Only streams are gathered, which take all.
 * @returns how many calls may be served before the time is looked at: none, a console may be slow
 */
export function handOverWrites(guest: Guest, arena: NativeArena): number {
  const words = arena.words;
  const length = words[BUFFERED];
  words[BUFFERED] = 0;
  guest.descriptors[words[BUFFER_OWNER]]!.write!(arena.written, 0, length);
  return 0;
}

/** From now on machine code leaves for each write to a descriptor: it is closed, or no longer what it was. */
export function withdraw(words: Int32Array, descriptor: number): void {
  words[BUFFERED_DESCRIPTORS] &= ~(1 << descriptor);
}

/**
 * Starts the export. Returns when the guest has ended, waits or has used up its slice; the event loop goes on with it.
 * @param codeBytes of the blob, to know return addresses by
 * @param reasons of traps, by `-2 - code`
 * @param told see `Ended`
 * @param slice milliseconds that it may keep the event loop waiting, 0 for as long as it wants; its fuel follows from
 * what it used up before
 * @param handOver `handOverWrites`, for a layout with a buffer
 * @returns stops it, as in `runWaiting`
 */
export function runNative(
  guest: Guest,
  machine: Machine,
  arena: NativeArena,
  imports: readonly NativeImport[],
  codeBytes: number,
  reasons: readonly string[],
  told: Ended,
  slice: number,
  handOver?: typeof handOverWrites,
): () => void {
  const words = arena.words;
  const context = arena.context;
  const base = arena.base;
  const code = machine.codeAddress();
  var giveUp: (() => void) | undefined;
  var answer: number | undefined;
  var suspended = false;
  var stopped = false;
  var fuel = slice ? FIRST_FUEL : ALL_FUEL;

  function ended(exitCode: number, trap?: Error): void {
    stopped = true;
    // What was interrupted in between comes by here, too, when it is stopped.
    if (words[BUFFERED]) handOver!(guest, arena);
    told(exitCode, trap);
  }

  guest.wait = function (begin) {
    answer = undefined;
    giveUp = begin(function (errno) {
      answer = errno;
      giveUp = undefined;
      if (suspended) {
        suspended = false;
        goOn(errno);
      }
    });
    if (answer !== undefined) giveUp = undefined;
    return WAITING;
  };

  /**
   * A turn of the event loop. An interpreter on a board reads the loop anew for each call that it serves, and what is
   * skipped, too: so it looks up as little as it can, and what is rare is elsewhere.
   */
  function goOn(value: number): void {
    const enter = machine.enter;
    const arenaAddress = machine.arenaAddress;
    /** Above 0 after the loop: it is for the arena's sake that the guest isn't entered. */
    var wanted = 1;
    var calls = CALLS;
    const began = Date.now();
    if (stopped) return;
    words[FUEL] = fuel;
    try {
      // Storage may have been compacted since the last turn. Within one, nothing but the guest's own calls runs.
      if (code && machine.codeAddress() === code)
        while (arenaAddress() === base && (wanted = enter(context, value)) > 0) {
          if (words[BUFFERED]) calls = handOver!(guest, arena);
          value = imports[wanted - 1](words);
          if (value === WAITING && (value = answered()) === WAITING) return;
          if (--calls < 0 && (calls = callsLeft(began)) < 0) return again(value, began);
        }
    } catch (thrown) {
      return thrownOut(thrown as Error);
    }
    if (wanted === OUT_OF_FUEL) again(0, began);
    else if (!wanted) ended(0);
    else
      ended(
        TRAPPED,
        wanted < 0
          ? trapOf(arena, code, codeBytes, reasons, wanted)
          : Error("the guest's code or memory was moved (Storage compaction, E.defrag): start it again"),
      );
  }

  /** How many more calls are served before the time is looked at again; -1 when the slice is over. */
  function callsLeft(began: number): number {
    return slice && Date.now() - began > slice ? -1 : CALLS;
  }

  /** What a call was answered that might have had to wait. */
  function answered(): number {
    suspended = answer === undefined;
    return suspended ? WAITING : answer!;
  }

  /** A call ends the guest: `proc_exit`, or by an error. */
  function thrownOut(thrown: Error & { exitCode?: number }): void {
    if (thrown.exitCode !== undefined) return ended(thrown.exitCode);
    // A trap of the guest's own code has its stack already.
    if (!words[TRAP_AT] && thrown.message.indexOf("trap:") === 0) thrown.stack = stackOf(arena, code, codeBytes);
    ended(TRAPPED, thrown);
  }

  /** Goes on in the event loop's next turn, with as much fuel as a slice takes at the speed of this one. */
  function again(value: number, began: number): void {
    if (words[BUFFERED]) handOver!(guest, arena);
    const passed = Date.now() - began;
    if (slice) {
      fuel = passed < slice / 8 ? fuel * 8 : Math.floor((fuel * slice) / passed);
      fuel = Math.max(LEAST_FUEL, Math.min(MOST_FUEL, fuel));
    }
    machine.later(function () {
      goOn(value);
    });
  }

  goOn(0);
  return function () {
    if (stopped) return;
    if (giveUp) giveUp();
    ended(STOPPED);
  };
}

/**
 * Enters exports by name, for a reactor.
 * @param run `runNative` with all but who is told
 * @param exports in the compilation's order
 */
export function enteringNative(
  run: (ended: Ended) => () => void,
  words: Int32Array,
  exports: readonly string[],
): Enter {
  return function (entry, parameters, returned, ended) {
    words[0] = 0;
    words[EXPORT] = exports.indexOf(entry);
    for (let i = 0; i < parameters.length; i++) words[TRANSFER + i] = parameters[i] as number;
    return run(function (exitCode, trap) {
      // Of a guest that was left otherwise its stack is still there.
      if (words[0] || exitCode) ended(exitCode, trap);
      else returned(words[TRANSFER]);
    });
  };
}

/**
 * Calls an export while the guest is left in a call of its own, on the stack below it: what gives room for that call's
 * results. It can't be left, so it may not call what it imports, as the Component Model's canonical ABI has it.
 * @param index of the export, in the compilation's order
 * @param codeBytes of the blob
 * @param reasons of traps, by `-2 - code`
 * @returns its i32 result
 * @throws an error for a trap
 */
export function callWithin(
  machine: Machine,
  arena: NativeArena,
  index: number,
  codeBytes: number,
  reasons: readonly string[],
  parameters: readonly number[],
): number {
  const words = arena.words;
  const left = words[0];
  const top = words[STACK_TOP];
  const descriptors = words[BUFFERED_DESCRIPTORS];
  // A write would leave, too.
  words[BUFFERED_DESCRIPTORS] = 0;
  words[0] = 0;
  words[STACK_TOP] = left & -8;
  words[EXPORT] = index;
  for (let i = 0; i < parameters.length; i++) words[TRANSFER + i] = parameters[i];
  var wanted: number;
  do wanted = machine.enter(arena.context, 0);
  while (wanted === OUT_OF_FUEL);
  if (wanted > 0) throw Error("trap: cannot leave component instance");
  if (wanted) throw trapOf(arena, machine.codeAddress(), codeBytes, reasons, wanted);
  words[0] = left;
  words[STACK_TOP] = top;
  words[BUFFERED_DESCRIPTORS] = descriptors;
  return words[TRANSFER];
}
