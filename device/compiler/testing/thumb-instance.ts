import { type MemoryRegion, memoryRegion } from "../../../simulator/engine/processor/memory-map.js";
import { Processor } from "../../../simulator/engine/processor/processor.js";
import { arenaBytes, layOut } from "../../engine/native.js";
import { contextOffsets } from "../thumb/context.js";
import type { ThumbCompilation } from "../thumb/compilation.js";
import { trapName, type TrapName } from "../thumb/traps.js";

/** How a compilation is run. */
export interface ThumbInstanceOptions {
  /** Bytes of linear memory at first. */
  readonly memoryBytes: number;
  /** Bytes that it may grow to; default `memoryBytes`. */
  readonly memoryLimit?: number;
  /** Bytes of the guest's stack beyond the compilation's reserve, a multiple of 8; default 64 KiB. */
  readonly stackBytes?: number;
  /** Back-edges until the guest leaves and is entered again; default as good as never. */
  readonly fuel?: number;
  /** Most cycles that a call may take; default a thousand million. */
  readonly cycleLimit?: number;
  /** Imports by the compilation's numbers. @returns 32-bit words of the results */
  readonly imports: readonly ((words: Int32Array) => readonly number[])[];
}

/** A compilation on the simulator's core, with no Espruino between: enters exports, serves imports, counts. */
export interface ThumbInstance {
  /**
   * Runs an export from its start. May be called again, also from an import while the guest waits for it.
   * @param args 32-bit words, i64 and f64 low word first
   * @param results how many words to read back
   * @throws ThumbTrap, ProcessorFault, what an import throws
   */
  call(name: string, args?: readonly number[], results?: number): number[];
  /** Linear memory as long as it is now. */
  memory(): Uint8Array;
  /** The context and what lies before linear memory. */
  readonly words: Int32Array;
  /** Of all calls until now. */
  readonly cycles: number;
  readonly instructions: number;
  /** How often fuel was used up. */
  readonly slices: number;
  /** Bytes of the guest's stack that were written to, the reserve included. */
  stackUsed(): number;
}

/** A trap of the guest. */
export class ThumbTrap extends Error {
  constructor(
    readonly trap: TrapName,
    /** Where, bytes from the blob's start. */
    readonly address: number,
    /** The guest's stack from where it trapped up, words. */
    readonly stack32: readonly number[],
  ) {
    super(`trap: ${trap} at thumb:${address}`);
    this.name = "ThumbTrap";
  }
}

const CODE = 0x10001000;
/** Not a multiple of 8: a flat string needn't be. */
const ARENA = 0x20000004;
const STACK = 64 << 10;
const LEFT = -1;
const UNTOUCHED = 0xa5;

/** What the core sees: the instance that is entered. A core takes milliseconds to make, so there is but one. */
let regions: readonly MemoryRegion[] = [];
let cyclesLeft = 0;
let processor: Processor | undefined;

function core(): Processor {
  processor ??= new Processor({
    stackBytes: 1024,
    regions: () => regions,
    passed(cycles) {
      cyclesLeft -= cycles;
      if (cyclesLeft < 0) throw new Error("the guest took more cycles than it was given");
    },
  });
  return processor;
}

/** Lays a compilation out, and its active data segments as far as they fit; runs nothing yet. */
export function instantiateThumb(compilation: ThumbCompilation, options: ThumbInstanceOptions): ThumbInstance {
  const { memoryBytes, memoryLimit = memoryBytes, fuel = 0x7fffffff, cycleLimit = 1e9, imports } = options;
  const { code, memoryOffset, stackReserveBytes: reserve } = compilation;
  if (code.length % 4 || memoryOffset % 8) throw new Error("the blob's length or the memory's offset isn't aligned");
  if (imports.length !== compilation.imports.length)
    throw new Error(`${imports.length} imports for ${compilation.imports.length}`);
  const stack = (options.stackBytes ?? STACK) + Math.ceil(reserve / 8) * 8;
  const layout = { stack, reserve, writeBuffer: compilation.writeBufferBytes, memoryOffset, memory: memoryLimit };
  const bytes = new Uint8Array(arenaBytes(layout));
  const arena = layOut(bytes.buffer, ARENA, layout, compilation.image, 0);
  const low = arena.words.byteOffset - compilation.writeBufferBytes - stack;
  bytes.fill(UNTOUCHED, low, low + stack);
  const words = new Int32Array(bytes.buffer, arena.words.byteOffset, memoryOffset >> 2);
  words[contextOffsets.memoryBytes >> 2] = memoryBytes;
  for (const { offset, bytes: data } of compilation.data)
    if (offset + data.length <= memoryBytes) arena.memory.set(data, offset);
  const own = [memoryRegion("code", CODE, code, false), memoryRegion("arena", ARENA, bytes, true)];
  const transfer = contextOffsets.transfer >> 2;
  const counted = { cycles: 0, instructions: 0, slices: 0 };

  const enter = (value: number): number => {
    regions = own;
    const before = core().counters;
    try {
      return core().call(CODE | 1, [arena.context, value]);
    } finally {
      const after = core().counters;
      counted.cycles += after.cycles - before.cycles;
      counted.instructions += after.instructions - before.instructions;
    }
  };

  const run = (): void => {
    let wanted = enter(0);
    while (wanted !== 0) {
      let value = 0;
      if (wanted > 0) {
        const answer = imports[wanted - 1](words.slice(transfer, contextOffsets.layout >> 2));
        value = answer[0] ?? 0;
        if (answer.length > 1) words[transfer] = answer[1];
      } else if (wanted === LEFT) {
        counted.slices++;
        words[contextOffsets.fuel >> 2] = fuel;
      } else {
        throw trapOf(wanted);
      }
      wanted = enter(value);
    }
  };

  const trapOf = (wanted: number): Error => {
    const trap = trapName(wanted);
    if (!trap) return new Error(`the guest returned ${wanted} to its host`);
    const top = (words[contextOffsets.stackTop >> 2] - ARENA) >> 2;
    const used = (words[contextOffsets.trapStack >> 2] - ARENA) >> 2;
    const below = new Int32Array(bytes.buffer).slice(used, top);
    return new ThumbTrap(trap, words[contextOffsets.trapAddress >> 2], [...below]);
  };

  return {
    words,
    memory: () => arena.memory.subarray(0, words[contextOffsets.memoryBytes >> 2]),
    get cycles() {
      return counted.cycles;
    },
    get instructions() {
      return counted.instructions;
    },
    get slices() {
      return counted.slices;
    },
    stackUsed() {
      const first = bytes.subarray(low, low + stack).findIndex((byte) => byte !== UNTOUCHED);
      return first < 0 ? 0 : stack - first;
    },
    call(name, args = [], results = 0) {
      const index = compilation.exports.indexOf(name);
      if (index < 0) throw new Error(`no exported function ${name}`);
      // Where the guest is in an import, this call gets the stack below it.
      const suspended = words[contextOffsets.guestStack >> 2];
      const top = words[contextOffsets.stackTop >> 2];
      const pending = words.slice(transfer, contextOffsets.layout >> 2);
      if (suspended) words[contextOffsets.stackTop >> 2] = suspended & ~7;
      words[contextOffsets.guestStack >> 2] = 0;
      words[contextOffsets.exportIndex >> 2] = index;
      words[contextOffsets.fuel >> 2] = fuel;
      words.set(args, transfer);
      cyclesLeft = cycleLimit;
      try {
        run();
        return [...words.subarray(transfer, transfer + results)];
      } finally {
        words[contextOffsets.guestStack >> 2] = suspended;
        words[contextOffsets.stackTop >> 2] = top;
        if (suspended) words.set(pending, transfer);
      }
    },
  };
}
