import { halError } from "../contract/index.js";
import { formatCall, sameCall } from "./step.js";
import type { Call, Group, Step } from "./step.js";

/** What every mock has beside the interface that it plays. */
export interface Mock {
  /**
   * To be called when the driver is through.
   * @throws Error if an expected call was not made, or if a mismatch was thrown before: a driver that caught it can't hide it
   */
  done(): void;
}

/** Plays back expected calls; mocks that share one demand their calls in one order. */
export class Sequence implements Mock {
  readonly #steps: (Step | Group)[];
  readonly #total: number;
  #used = 0;
  #mismatch: Error | undefined;

  constructor(steps: readonly (Step | Group)[]) {
    this.#steps = steps.map((step) => ("anyOrder" in step ? { anyOrder: [...step.anyOrder] } : step));
    this.#total = steps.reduce((sum, step) => sum + ("anyOrder" in step ? step.anyOrder.length : 1), 0);
  }

  /**
   * A call that a driver made.
   * @returns the answer of the step that it matches
   * @throws HalError if that step is to fail; Error at the first call that isn't what was expected, and ever after
   */
  take(device: string, call: Call): unknown {
    if (this.#mismatch) throw this.#mismatch;
    const step = this.#next(device, call);
    if (!step) {
      this.#mismatch = new Error(this.#describe(device, call));
      throw this.#mismatch;
    }
    this.#used++;
    if (step.fault)
      throw halError(step.fault, `${device}: ${formatCall(call)} fails with ${step.fault}, as the test demands`);
    return step.answer;
  }

  done(): void {
    if (this.#mismatch) throw this.#mismatch;
    if (this.#used === this.#total) return;
    const left = this.#steps.flatMap((step) => ("anyOrder" in step ? step.anyOrder : [step]));
    throw new Error(
      `${left.length} of ${this.#total} expected calls ${left.length === 1 ? "was" : "were"} not made:\n` +
        left.map((step) => `  ${formatStep(step)}`).join("\n"),
    );
  }

  #next(device: string, call: Call): Step | undefined {
    const first = this.#steps[0];
    if (!first) return undefined;
    const candidates = "anyOrder" in first ? first.anyOrder : [first];
    const found = candidates.find((step) => step.device === device && sameCall(step.call, call));
    if (!found) return undefined;
    const rest = candidates.filter((step) => step !== found);
    if (rest.length > 0) this.#steps[0] = { anyOrder: rest };
    else this.#steps.shift();
    return found;
  }

  #describe(device: string, call: Call): string {
    const first = this.#steps[0];
    let expected = `nothing more, all ${this.#total} expected calls were made`;
    if (first)
      expected = "anyOrder" in first ? "one of " + first.anyOrder.map(formatStep).join(" | ") : formatStep(first);
    return (
      `Call ${this.#used + 1}${first ? ` of ${this.#total}` : ""} is not what was expected.\n` +
      `  expected: ${expected}\n` +
      `  actual:   ${device}.${formatCall(call)}`
    );
  }
}

/** The steps of one mock by itself, which need not name it. */
export function sequenceOf(steps: Steps, device: string): Sequence {
  if (steps instanceof Sequence) return steps;
  const named = (step: Step): Step => ({ device, ...step });
  return new Sequence(steps.map((step) => ("anyOrder" in step ? { anyOrder: step.anyOrder.map(named) } : named(step))));
}

/** What a mock expects: calls of its own, or the sequence that it shares with others. */
export type Steps = readonly (Step | Group)[] | Sequence;

/**
 * One order for the calls on several peripherals: make it of steps that say on which (`on("reset", …)`), then give it
 * to each mock along with the name.
 */
export function mockSequence(steps: readonly (Step | Group | readonly Step[])[]): Sequence {
  return new Sequence(steps.flat() as (Step | Group)[]);
}

function formatStep(step: Step): string {
  return `${step.device}.${formatCall(step.call)}`;
}
