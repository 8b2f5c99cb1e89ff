import type { I2c } from "../contract/index.js";
import { sequenceOf } from "./sequence.js";
import type { Mock, Steps } from "./sequence.js";
import { numbers } from "./step.js";
import type { Step } from "./step.js";

/** Expects `read` of as many bytes as the answer has. */
export function i2cRead(address: number, answer: ArrayLike<number>): Step {
  return { call: { method: "read", args: [address, answer.length] }, answer: numbers(answer) };
}

/** Expects `write` of these bytes. */
export function i2cWrite(address: number, bytes: ArrayLike<number>): Step {
  return { call: { method: "write", args: [address, numbers(bytes)] } };
}

/** Expects `writeRead` of these bytes and as many back as the answer has. */
export function i2cWriteRead(address: number, bytes: ArrayLike<number>, answer: ArrayLike<number>): Step {
  return { call: { method: "writeRead", args: [address, numbers(bytes), answer.length] }, answer: numbers(answer) };
}

/**
 * An I2C bus that expects transactions.
 * @param steps made by `i2cRead`, `i2cWrite` and `i2cWriteRead`, or a shared sequence
 * @param name in messages and in a sequence
 */
export function mockI2c(steps: Steps, name = "I2C"): I2c & Mock {
  const sequence = sequenceOf(steps, name);
  const take = (method: string, ...args: (number | number[])[]) =>
    new Uint8Array((sequence.take(name, { method, args }) ?? []) as number[]);
  return {
    read: (address, length) => take("read", address, length),
    write: (address, bytes) => void take("write", address, numbers(bytes)),
    writeRead: (address, bytes, length) => take("writeRead", address, numbers(bytes), length),
    done: () => sequence.done(),
  };
}
