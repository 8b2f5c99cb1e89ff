import type { Edge, EdgePin, StatefulOutputPin } from "../contract/index.js";
import { sequenceOf } from "./sequence.js";
import type { Mock, Steps } from "./sequence.js";
import type { Step } from "./step.js";

/** Expects the level to be looked at, by `isHigh` or `isLow`, and says what it is. */
export function pinGet(high: boolean): Step {
  return { call: { method: "get", args: [] }, answer: high };
}

/** Expects the output to be set, by whichever method, to this level. */
export function pinSet(high: boolean): Step {
  return { call: { method: "set", args: [high] } };
}

/** An input under the test's control. */
export interface MockPin extends EdgePin, Mock {
  /**
   * Tells whoever watches of an edge, as the event loop would. Doesn't count as a look at the level.
   * @param high the level after the edge
   * @param microseconds its time on the monotonic clock
   */
  edge(high: boolean, microseconds: number): void;
  /** How many watches there are now. */
  readonly watches: number;
}

/**
 * An input that expects to be looked at.
 * @param steps made by `pinGet`, or a shared sequence
 * @param name in messages and in a sequence
 */
export function mockPin(steps: Steps, name = "pin"): MockPin {
  const sequence = sequenceOf(steps, name);
  const watches = new Set<{ edge: Edge; handler: (high: boolean, microseconds: number) => void }>();
  const get = () => sequence.take(name, { method: "get", args: [] }) === true;
  return {
    isHigh: get,
    isLow: () => !get(),
    onEdge: (edge, handler) => {
      const watch = { edge, handler };
      watches.add(watch);
      return () => void watches.delete(watch);
    },
    edge: (high, microseconds) => {
      for (const { edge, handler } of [...watches])
        if (edge === "both" || (edge === "rising") === high) handler(high, microseconds);
    },
    get watches() {
      return watches.size;
    },
    done: () => sequence.done(),
  };
}

/**
 * An output that expects to be set. Asking what it was set to is always allowed.
 * @param steps made by `pinSet`, or a shared sequence
 * @param name in messages and in a sequence
 * @param high what it is set to before
 */
export function mockOutputPin(steps: Steps, name = "output", high = false): StatefulOutputPin & Mock {
  const sequence = sequenceOf(steps, name);
  const set = (level: boolean) => {
    sequence.take(name, { method: "set", args: [level] });
    high = level;
  };
  return {
    setHigh: () => set(true),
    setLow: () => set(false),
    setState: set,
    toggle: () => set(!high),
    isSetHigh: () => high,
    isSetLow: () => !high,
    done: () => sequence.done(),
  };
}
