import type { Uart } from "../contract/index.js";
import { sequenceOf } from "./sequence.js";
import type { Mock, Steps } from "./sequence.js";
import { numbers } from "./step.js";
import type { Step } from "./step.js";

/** Expects these bytes to be written, in one call. */
export function uartWrite(bytes: ArrayLike<number>): Step {
  return { call: { method: "send", args: [numbers(bytes)] } };
}

/** A serial port whose other end is the test. */
export interface MockUart extends Uart, Mock {
  /** Hands bytes to whoever listens, as the event loop would; lost when nobody does. */
  receive(bytes: ArrayLike<number>): void;
}

/**
 * A serial port that expects writes.
 * @param steps made by `uartWrite`, or a shared sequence
 * @param name in messages and in a sequence
 */
export function mockUart(steps: Steps, name = "UART"): MockUart {
  const sequence = sequenceOf(steps, name);
  let listener: ((bytes: Uint8Array) => void) | undefined;
  return {
    write: (bytes) => void sequence.take(name, { method: "send", args: [numbers(bytes)] }),
    onData: (handler) => {
      listener = handler;
      return () => {
        if (listener === handler) listener = undefined;
      };
    },
    receive: (bytes) => listener?.(new Uint8Array(numbers(bytes))),
    done: () => sequence.done(),
  };
}
