import type { RandomGenerator } from "../core/random-generator.js";

/** When and how the supply goes away during flash operations. */
export interface PowerCutPlan {
  /** Counting programs and erases from the plan on; 1 is the next one. */
  readonly operation: number;
  /**
   * `before`: the operation doesn't happen. `after`: it happens, and nobody hears of it.
   * `torn`: a program stops after any number of bytes, with the unit at that place half-written; an erase leaves
   * every bit either as it was or set.
   */
  readonly moment: "before" | "torn" | "after";
  /** For a torn program: how many bytes are whole; a random number of them when absent. */
  readonly wholeBytes?: number;
}

/** Counts down to a planned cut. */
export class PowerCut {
  operations = 0;
  plan: PowerCutPlan | undefined;

  arm(plan: PowerCutPlan | undefined): void {
    this.plan = plan;
    this.operations = 0;
  }

  /** Counts one operation and tells what befalls it. */
  next(): PowerCutPlan["moment"] | undefined {
    this.operations++;
    return this.plan?.operation === this.operations ? this.plan.moment : undefined;
  }
}

/** What a program has put into the cells when the supply goes away. */
export function tearProgram(
  bytes: Uint8Array,
  writeBytes: number,
  random: RandomGenerator,
  plan: PowerCutPlan | undefined,
): Uint8Array {
  const whole = Math.min(bytes.length, plan?.wholeBytes ?? random.below(bytes.length + 1));
  const end = Math.min(bytes.length, Math.ceil((whole + 1) / writeBytes) * writeBytes);
  const written = bytes.slice(0, end);
  // In the unit that was under way each bit that should be cleared is cleared or not.
  for (let i = whole; i < end; i++) written[i] |= random.below(256);
  return written;
}

/** What an erase has left in the cells when the supply goes away: bits on their way from 0 to 1. */
export function tearErase(cells: Uint8Array, random: RandomGenerator): void {
  for (let i = 0; i < cells.length; i++) cells[i] |= random.below(256);
}
