import type { SpiDevice } from "../contract/index.js";
import { sequenceOf } from "./sequence.js";
import type { Mock, Steps } from "./sequence.js";
import { numbers } from "./step.js";
import type { Step } from "./step.js";

/** Expects `read` of as many bytes as the answer has. */
export function spiRead(answer: ArrayLike<number>): Step {
  return { call: { method: "read", args: [answer.length] }, answer: numbers(answer) };
}

/** Expects `write` of these bytes. */
export function spiWrite(bytes: ArrayLike<number>): Step {
  return { call: { method: "write", args: [numbers(bytes)] } };
}

/** Expects `transfer` of these bytes; the answer is as long. */
export function spiTransfer(bytes: ArrayLike<number>, answer: ArrayLike<number>): Step {
  if (bytes.length !== answer.length)
    throw new Error(`A transfer of ${bytes.length} bytes can't be answered with ${answer.length}.`);
  return { call: { method: "transfer", args: [numbers(bytes)] }, answer: numbers(answer) };
}

/** Expects `writeRead` of these bytes and as many back as the answer has. */
export function spiWriteRead(bytes: ArrayLike<number>, answer: ArrayLike<number>): Step {
  return { call: { method: "writeRead", args: [numbers(bytes), answer.length] }, answer: numbers(answer) };
}

/**
 * A device on an SPI bus that expects transfers.
 * @param steps made by `spiRead`, `spiWrite`, `spiTransfer` and `spiWriteRead`, or a shared sequence
 * @param name in messages and in a sequence
 */
export function mockSpi(steps: Steps, name = "SPI"): SpiDevice & Mock {
  const sequence = sequenceOf(steps, name);
  const take = (method: string, ...args: (number | number[])[]) =>
    new Uint8Array((sequence.take(name, { method, args }) ?? []) as number[]);
  return {
    read: (length) => take("read", length),
    write: (bytes) => void take("write", numbers(bytes)),
    transfer: (bytes) => take("transfer", numbers(bytes)),
    writeRead: (bytes, length) => take("writeRead", numbers(bytes), length),
    done: () => sequence.done(),
  };
}
