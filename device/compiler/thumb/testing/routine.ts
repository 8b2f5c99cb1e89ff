import { linkRoutines } from "../routines/link.js";
import { trapName } from "../traps.js";
import { createProcessor } from "./processor.js";
import type { Processor } from "./processor.js";

/** Routines on a processor, called by name. */
export interface Routines {
  readonly processor: Processor;
  /** Offset of a symbol in the blob. */
  offset(name: string): number;
  /** Calls with 32-bit words. @returns r0 and r1, or the trap's name when it stops the guest */
  call(name: string, ...words: number[]): readonly [r0: number, r1: number] | string;
}

/** Links the routines and puts them on a processor, ready to be called as generated code would. */
export function createRoutines(names: readonly string[]): Routines {
  const { code, symbols } = linkRoutines(["entry", ...names], { stack: "process", memoryOffset: 256 });
  const processor = createProcessor(code);
  processor.stopAt = symbols.get("trap_at");
  return {
    processor,
    offset: (name) => symbols.get(name)!,
    call(name, ...words) {
      const result = processor.call(symbols.get(name)!, ...words);
      return processor.stopped ? (trapName(result[0] | 0) ?? `trap ${result[0] | 0}`) : result;
    },
  };
}
