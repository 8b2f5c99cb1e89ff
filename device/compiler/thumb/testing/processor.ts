import { RP2040 } from "rp2040js";

const sram = 0x20000000;
/** BKPT stands here; calls return to it. */
const home = sram;
export const codeAddress = sram + 0x100;
const hostStack = sram + 0x40000;
/** Addresses from here to the host's stack are free for tests. */
export const dataAddress = sram + 0x20000;

const refuse = (component: string, message: string): never => {
  throw new Error(`${component}: ${message}`);
};

/** A Cortex-M0+ (rp2040js) with a blob in its RAM. What it would only log (bad opcodes and addresses) is thrown. */
export interface Processor {
  /**
   * Calls code at a byte offset of the blob by AAPCS.
   * @returns r0 and r1 as unsigned numbers
   * @throws Error when more than `limit` instructions run, or r4-r11 or SP aren't as they were
   */
  call(offset: number, ...args: number[]): readonly [r0: number, r1: number];
  /** Cycles of the last call, its return included. */
  readonly cycles: number;
  /** Instructions of the last call. */
  readonly instructions: number;
  /** Lowest that the host's stack was during the last call, bytes below where it began; counted only when asked for. */
  readonly stackBytes: number;
  measureStack: boolean;
  /** Byte offset at which a call ends too, with what r0 and r1 are there. */
  stopAt: number | undefined;
  /** Whether the last call ended there. */
  readonly stopped: boolean;
  readWord(address: number): number;
  writeWord(address: number, value: number): void;
  /** All of the RAM, from 0x20000000. */
  readonly ram: Uint8Array;
}

/**
 * A processor with a blob at `codeAddress`.
 * @param limit instructions that a call may take
 */
export function createProcessor(code: Uint8Array, limit = 10_000_000): Processor {
  const chip = new RP2040();
  chip.logger = { debug: () => undefined, info: () => undefined, warn: refuse, error: refuse };
  let running = false;
  chip.onBreak = () => {
    running = false;
  };
  const { core } = chip;
  const ram = chip.sram;
  const view = new DataView(ram.buffer);
  view.setUint16(home - sram, 0xbe00, true);
  ram.set(code, codeAddress - sram);
  const kept = [4, 5, 6, 7, 8, 9, 10, 11];

  const processor = {
    cycles: 0,
    instructions: 0,
    stackBytes: 0,
    measureStack: false,
    stopAt: undefined as number | undefined,
    stopped: false,
    ram,
    readWord: (address: number) => view.getUint32(address - sram, true),
    writeWord: (address: number, value: number) => view.setUint32(address - sram, value, true),
    call(offset: number, ...args: number[]): readonly [number, number] {
      const { registers } = core;
      for (let n = 0; n < 13; n++) registers[n] = 0xdead0000 + n;
      args.forEach((value, n) => (registers[n] = value));
      core.SP = hostStack;
      core.LR = home | 1;
      core.PC = codeAddress + offset;
      core.cycles = 0;
      let count = 0;
      let lowest = hostStack;
      running = true;
      const stop = processor.stopAt === undefined ? -1 : codeAddress + processor.stopAt;
      processor.stopped = false;
      while (running) {
        if (core.PC === stop) {
          processor.stopped = true;
          return [registers[0], registers[1]];
        }
        core.executeInstruction();
        if (processor.measureStack && core.SP < lowest) lowest = core.SP;
        if (++count > limit)
          throw new Error(`More than ${limit} instructions, at 0x${(core.PC - codeAddress).toString(16)}`);
      }
      processor.cycles = core.cycles - 1;
      processor.instructions = count - 1;
      processor.stackBytes = hostStack - lowest;
      const lost = kept.filter((n) => registers[n] !== 0xdead0000 + n);
      if (lost.length) throw new Error(`r${lost.join(", r")} not preserved`);
      if (core.SP !== hostStack) throw new Error("SP not preserved");
      return [registers[0], registers[1]];
    },
  };
  return processor;
}
