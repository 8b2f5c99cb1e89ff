import type { FileSystem } from "../file-system.js";
import {
  applyToFileSystem,
  applyToModel,
  difference,
  pattern,
  resolve,
  sizeOf,
  type Model,
  type Operation,
} from "./model.js";

/**
 * What a file system was told, and what it may hold after a power cut.
 *
 * The file system does everything in the order of the calls, so what is found must be the state after some call: not
 * before the last that was acknowledged (a sync, or a call that changes names), not after the one under way. A write may
 * have got to any byte.
 */
export interface History {
  /** The state before each operation, and after the last. */
  readonly states: Model[];
  readonly operations: Operation[];
  /** Index of the state that can't be lost any more. */
  acknowledged: number;
}

/** A history that begins with what is there, all of it acknowledged. */
export function beginHistory(state: Model = new Map()): History {
  return { states: [state], operations: [], acknowledged: 0 };
}

/**
 * Does an operation to a file system and to the history. A device may be full (`nospc`): then nothing has happened, but
 * for zeros in a gap, or the part of a write that is answered.
 * @throws Error when the answer isn't the model's; what the flash throws
 */
export function perform(fs: FileSystem, history: History, operation: Operation): void {
  const { states, operations } = history;
  const before = states[states.length - 1];
  const after = new Map(before);
  const expected = applyToModel(after, operation);
  operations.push(operation);
  states.push(after);
  const answer = applyToFileSystem(fs, operation);
  if (answer === -51) states[states.length - 1] = afterFull(fs, before, operation);
  else if (operation.do === "write" && answer > 0 && answer < expected) {
    const part = new Map(before);
    applyToModel(part, { ...operation, length: answer });
    states[states.length - 1] = part;
  } else if (answer !== expected)
    throw new Error(`${JSON.stringify(operation)} answers ${answer} instead of ${expected}`);
  if (answer === 0 && acknowledges(operation))
    history.acknowledged = Math.max(
      history.acknowledged,
      operation.do === "sync" ? lastTouch(states, operation.path) : states.length - 1,
    );
}

/** What there is after `nospc`: what was, and of a gap or an extension maybe the zeros that fitted. */
function afterFull(fs: FileSystem, before: Model, operation: Operation): Model {
  const old = "path" in operation && before.get(operation.path);
  if (!old || (operation.do !== "write" && operation.do !== "truncate")) return before;
  const end = operation.do === "write" ? operation.position : operation.size;
  const size = sizeOf(fs, resolve(fs, operation.path));
  if (size <= old.length || size > end) return before;
  const longer = new Uint8Array(size);
  longer.set(old);
  return new Map(before).set(operation.path, longer);
}

/** Whether what was done can't be lost once such an operation has returned 0. */
function acknowledges(operation: Operation): boolean {
  switch (operation.do) {
    case "sync":
    case "mkdir":
    case "rmdir":
    case "unlink":
      return true;
    case "rename":
      return operation.path !== operation.to;
    default:
      return false;
  }
}

/** The state after the last operation that changed `path`: what a sync of it acknowledges. */
function lastTouch(states: readonly Model[], path: string): number {
  for (let i = states.length - 1; i > 0; i--)
    if (states[i].get(path) !== states[i - 1].get(path) || states[i].has(path) !== states[i - 1].has(path)) return i;
  return 0;
}

/** What is wrong with what was found after a cut, in words; undefined when it is a state that may be. */
export function judge({ states, operations, acknowledged }: History, found: Model): string | undefined {
  for (let i = states.length - 1; i >= acknowledged; i--) {
    if (!difference(states[i], found)) return undefined;
    if (i < operations.length && isPartOf(states[i], operations[i], found)) return undefined;
  }
  const last = states.length - 1;
  return (
    `found none of the states ${acknowledged} to ${last}; ` +
    `the acknowledged one: ${difference(states[acknowledged], found)}; the last: ${difference(states[last], found)}`
  );
}

/** Whether `found` is `before` with a part of `operation` done. */
function isPartOf(before: Model, operation: Operation, found: Model): boolean {
  if (operation.do !== "write" && operation.do !== "truncate") return false;
  const data = found.get(operation.path);
  const old = before.get(operation.path);
  if (!data || !old || data.length < old.length) return false;
  const expected = new Uint8Array(data.length);
  expected.set(old);
  if (operation.do === "write" && data.length > operation.position) {
    const most = Math.min(operation.length, data.length - operation.position);
    const written = pattern(operation.position, most, operation.fill);
    // What makes the file longer is all of the part; otherwise the part goes as far as the bytes are the new ones.
    let length = 0;
    while (length < most && data[operation.position + length] === written[length]) length++;
    expected.set(written.subarray(0, data.length > old.length && length < most ? 0 : length), operation.position);
  }
  // A gap is filled with zeros first.
  return !difference(new Map(before).set(operation.path, expected), found);
}
