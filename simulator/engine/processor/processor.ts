import { createRequire } from "node:module";
import type { RP2040 } from "rp2040js";
import { type MemoryRegion, MemoryMap, memoryRegion } from "./memory-map.js";
import { hexadecimal, ProcessorFault } from "./processor-fault.js";

/** Where a call returns to: an address that nothing is at. */
const RETURN = 0xfffff000;

/** Where the interpreter's own stack is for native code: at the end of what can be RAM. */
const STACK_END = 0x40000000;

/** Cycles between two looks at the board: time passes, and what is due happens. */
const SLICE_CYCLES = 10_000;

/** Registers that a function must leave as they were (AAPCS), and their banked twins. */
const PRESERVED = [4, 5, 6, 7, 8, 9, 10, 11, 13] as const;

/** What native code has taken since the processor was made. */
export interface ProcessorCounters {
  readonly cycles: number;
  readonly instructions: number;
}

/** What a processor is made from. */
export interface ProcessorOptions {
  /** Bytes of the interpreter's stack. */
  readonly stackBytes: number;
  /** What native code can reach, asked for before each call. Its memory must not move while native code runs. */
  readonly regions: () => readonly MemoryRegion[];
  /** Called every few thousand cycles and at the end of a call with how many passed; may throw to stop the processor. */
  readonly passed: (cycles: number) => void;
}

/**
 * An ARMv6-M core (rp2040js's Cortex-M0+) that runs native code for the interpreter. What a board would answer with a
 * hard fault or with silence is a `ProcessorFault` here: unknown instructions, accesses to nowhere or unaligned, a
 * function that returns with registers changed that it must preserve.
 */
export class Processor {
  readonly #core: RP2040["core"];
  readonly #memory: MemoryMap;
  readonly #stack: MemoryRegion;
  readonly #options: ProcessorOptions;
  #instructions = 0;
  /** The instruction that is executed. */
  #at = 0;

  constructor(options: ProcessorOptions) {
    this.#options = options;
    this.#memory = new MemoryMap((what) => this.#fault(what));
    this.#stack = memoryRegion("stack", STACK_END - options.stackBytes, new Uint8Array(options.stackBytes), true);
    // Loaded with the first native call: most runs have none.
    const { RP2040: Chip } = createRequire(import.meta.url)("rp2040js") as typeof import("rp2040js");
    const chip = new Chip();
    const refuse = (_component: string, message: string) => this.#fault(message);
    chip.logger = { debug: () => {}, info: () => {}, warn: refuse, error: refuse };
    chip.onBreak = (code) => this.#fault(`breakpoint or undefined instruction ${code}`);
    const core = (this.#core = chip.core);
    const memory = this.#memory;
    core.readUint32 = (address) => memory.read32(address);
    core.readUint16 = (address) => memory.read16(address);
    core.readUint8 = (address) => memory.read8(address);
    core.writeUint32 = (address, value) => memory.write32(address, value);
    core.writeUint16 = (address, value) => memory.write16(address, value);
    core.writeUint8 = (address, value) => memory.write8(address, value);
  }

  /** In all calls until now. */
  get counters(): ProcessorCounters {
    return { cycles: this.#core.cycles, instructions: this.#instructions };
  }

  /**
   * Calls a function.
   * @param address with the Thumb bit
   * @param args at most four words
   * @returns r0, signed
   */
  call(address: number, args: readonly number[]): number {
    const core = this.#core;
    const { registers } = core;
    this.#memory.regions = [...this.#options.regions(), this.#stack];
    if (core.SPSEL) core.SPprocess = core.SPmain; // left behind by a call that was stopped
    core.SPSEL = 0;
    core.PM = false;
    registers.fill(0);
    args.forEach((value, index) => (registers[index] = value));
    PRESERVED.forEach((register) => (registers[register] = 0x5a000000 + register));
    registers[13] = STACK_END - 8;
    registers[14] = RETURN | 1;
    registers[15] = address & ~1;
    this.#at = registers[15];
    if (!(address & 1)) this.#fault("the address of a function must be odd (the Thumb bit)");
    const before = PRESERVED.map((register) => registers[register]);
    let seen = core.cycles;
    let count = 0;
    while (registers[15] !== RETURN) {
      this.#at = registers[15];
      core.executeInstruction();
      count++;
      if (core.cycles - seen >= SLICE_CYCLES) {
        this.#instructions += count;
        count = 0;
        const cycles = core.cycles - seen;
        seen = core.cycles;
        this.#options.passed(cycles);
      }
    }
    this.#instructions += count;
    this.#at = RETURN;
    if (core.SPSEL) this.#fault("returned with the process stack in use");
    PRESERVED.forEach((register, index) => {
      if (registers[register] !== before[index])
        this.#fault(`returned with r${register} changed to ${hexadecimal(registers[register])}`);
    });
    this.#options.passed(core.cycles - seen);
    return registers[0] | 0;
  }

  #fault(what: string): never {
    const { registers } = this.#core;
    const where = this.#memory.describe(this.#at);
    throw new ProcessorFault(where, `${what} (lr ${hexadecimal(registers[14])}, sp ${hexadecimal(registers[13])})`);
  }
}
