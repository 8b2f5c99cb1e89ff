import type { Flash } from "../contract/index.js";
import { sequenceOf } from "./sequence.js";
import type { Mock, Steps } from "./sequence.js";
import { numbers } from "./step.js";
import type { Step } from "./step.js";

/** Expects a read at this address, of as many bytes as the answer has. */
export function flashRead(address: number, answer: ArrayLike<number>): Step {
  return { call: { method: "readAt", args: [address, answer.length] }, answer: numbers(answer) };
}

/** Expects these bytes to be programmed. */
export function flashProgram(address: number, bytes: ArrayLike<number>): Step {
  return { call: { method: "program", args: [address, numbers(bytes)] } };
}

/** Expects the block at this address to be erased. */
export function flashErase(address: number): Step {
  return { call: { method: "erase", args: [address] } };
}

/** What a part looks like to its user; the rest of `Flash` are calls. */
export type FlashGeometry = Pick<Flash, "size" | "blockSize" | "writeSize" | "reprogrammable">;

/**
 * Flash that expects calls. It remembers nothing: to let a driver work on flash, take the simulator's.
 * @param steps made by `flashRead`, `flashProgram` and `flashErase`, or a shared sequence
 * @param geometry 16 blocks of 4,096 bytes, 4 bytes a unit, unless given
 * @param name in messages and in a sequence
 */
export function mockFlash(steps: Steps, geometry: Partial<FlashGeometry> = {}, name = "flash"): Flash & Mock {
  const sequence = sequenceOf(steps, name);
  return {
    size: 65536,
    blockSize: 4096,
    writeSize: 4,
    reprogrammable: true,
    ...geometry,
    read: (address, length) =>
      new Uint8Array(sequence.take(name, { method: "readAt", args: [address, length] }) as number[]),
    program: (address, bytes) => void sequence.take(name, { method: "program", args: [address, numbers(bytes)] }),
    erase: (address) => void sequence.take(name, { method: "erase", args: [address] }),
    done: () => sequence.done(),
  };
}
