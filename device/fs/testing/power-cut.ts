import type { FileSystem } from "../file-system.js";
import { mountFileSystem } from "../mount.js";
import { crc32 } from "./crc32.js";
import { applyToFileSystem, applyToModel, difference, snapshot, type Model, type Operation } from "./model.js";
import {
  createNorFlash,
  randomNumbers,
  type FlashOperation,
  type NorFlash,
  type NorFlashOptions,
} from "./nor-flash.js";

/**
 * Cuts power at flash operations of a sequence of file operations, and checks what a mount finds then.
 *
 * The file system does everything in the order of the calls, so what is found must be the state after some call:
 * not before the last that was acknowledged (a sync, or a call that changes names), not after the one under way.
 * A write may have got to any byte.
 */
export interface PowerCutOptions {
  /** Names the sequence in the id of a failure. */
  name: string;
  flash: NorFlashOptions;
  operations: Operation[];
  /** Of so many flash operations one is cut; 1 cuts all. */
  every?: number;
  /** How many prefixes of a program are tried besides none and all; Infinity tries each. */
  prefixes?: number;
  /** Of so many cuts one is followed by more file operations and a second cut; 0 for none. */
  secondEvery?: number;
  /** Only the cut with this id. */
  only?: string;
  seed?: number;
}

export interface PowerCutReport {
  /** Cuts that were made and checked. */
  cuts: number;
  secondCuts: number;
  flashOperations: number;
}

interface History {
  /** The state before each operation, and after the last. */
  states: Model[];
  operations: Operation[];
  /** The state that can't be lost any more. */
  acknowledged: number;
}

function now(): number {
  return 1.7e15;
}

function apply(fs: FileSystem, history: History, operation: Operation): void {
  const states = history.states;
  const before = states[states.length - 1];
  const after = new Map(before);
  const expected = applyToModel(after, operation);
  history.operations.push(operation);
  states.push(after);
  const answer = applyToFileSystem(fs, operation);
  if (answer === -51) states[states.length - 1] = before;
  else if (operation.do === "write" && answer > 0 && answer < expected) {
    const part = new Map(before);
    applyToModel(part, { ...operation, length: answer });
    states[states.length - 1] = part;
  } else if (answer !== expected)
    throw new Error(`${JSON.stringify(operation)} answers ${answer} instead of ${expected}`);
  const idle = operation.do === "rename" && operation.path === operation.to;
  if (answer === 0 && !idle && operation.do !== "truncate" && operation.do !== "create" && operation.do !== "remount") {
    const last =
      "path" in operation && operation.do === "sync" ? lastTouch(history, operation.path) : states.length - 1;
    history.acknowledged = Math.max(history.acknowledged, last);
  }
}

/** The state after the last operation that changed `path`: what a sync of it acknowledges. */
function lastTouch(history: History, path: string): number {
  const { states } = history;
  for (let i = states.length - 1; i > 0; i--)
    if (states[i].get(path) !== states[i - 1].get(path) || states[i].has(path) !== states[i - 1].has(path)) return i;
  return 0;
}

/** Whether `found` is `before` with a part of `operation` done. */
function isPartOf(before: Model, operation: Operation, found: Model): boolean {
  if (operation.do !== "write" && operation.do !== "truncate") return false;
  const data = found.get(operation.path);
  const old = before.get(operation.path);
  if (!data || !old) return false;
  // A gap is filled with zeros first.
  const gap = new Map(before);
  if (data.length > old.length) {
    const zeros = new Uint8Array(data.length);
    zeros.set(old);
    gap.set(operation.path, zeros);
    if (!difference(gap, found)) return true;
  }
  if (operation.do !== "write") return false;
  for (let length = 1; length <= operation.length; length++) {
    const part = new Map(before);
    applyToModel(part, { ...operation, length });
    if (!difference(part, found)) return true;
  }
  return false;
}

/** Mounts what a cut left and compares it; returns what is found, or throws what is wrong. */
function check(flash: NorFlash, history: History): { fs: FileSystem; found: Model } {
  const fs = mountFileSystem(flash, crc32, now);
  if (fs.readOnly) throw new Error(`mounted read-only: ${fs.readOnly}`);
  const found = snapshot(fs);
  const { states, operations } = history;
  for (let i = states.length - 1; i >= history.acknowledged; i--) {
    if (!difference(states[i], found)) return { fs, found };
    if (i < operations.length && isPartOf(states[i], operations[i], found)) return { fs, found };
  }
  throw new Error(
    `found none of the states ${history.acknowledged} to ${states.length - 1}; ` +
      `the acknowledged one: ${difference(states[history.acknowledged], found)}; ` +
      `the last: ${difference(states[states.length - 1], found)}`,
  );
}

/** Cuts at each operation that the options choose; throws an error with the cut's id where something was lost. */
export function cutPower(options: PowerCutOptions): PowerCutReport {
  const report = { cuts: 0, secondCuts: 0, flashOperations: 0 };
  const every = options.every ?? 1;
  const prefixes = options.prefixes ?? 3;
  const random = randomNumbers(options.seed ?? 1);
  const flash = createNorFlash(options.flash);
  const history: History = { states: [new Map()], operations: [], acknowledged: 0 };

  /** The copies that cuts at `operation` leave, with a word for each. */
  function variants(source: NorFlash, operation: FlashOperation): [string, NorFlash][] {
    const copies: [string, NorFlash][] = [["clean", source.fork()]];
    const counts: number[] = [];
    if (!operation.bytes) counts.push(0, 1);
    else if (prefixes >= operation.bytes.length) for (let i = 0; i < operation.bytes.length; i++) counts.push(i);
    else for (let i = 0; i < prefixes; i++) counts.push(i ? random() % operation.bytes.length : 0);
    for (const count of counts) {
      const copy = source.fork();
      copy.tear(operation, operation.bytes ? count : 0, operation.bytes ? operation.index + count : count);
      copies.push([`torn-${count}`, copy]);
    }
    return copies;
  }

  function attempt<T>(id: string, work: () => T): T | undefined {
    if (options.only !== undefined && options.only !== id && !options.only.startsWith(id + "/")) return undefined;
    try {
      return work();
    } catch (error) {
      throw new Error(`power cut ${id}: ${(error as Error).message}`, { cause: error });
    }
  }

  function second(id: string, fs: FileSystem, copy: NorFlash, found: Model): void {
    // What is there now must last, and the board goes on with what it was doing.
    const again: History = { states: [found], operations: [], acknowledged: 0 };
    const rest = options.operations.slice(history.operations.length, history.operations.length + 12);
    const target = random() % 24;
    const choice = random();
    let operations = 0;
    copy.before = function (operation) {
      if (operations++ !== target) return;
      const copies = variants(copy, operation);
      const [word, torn] = copies[choice % copies.length];
      report.secondCuts++;
      attempt(`${id}/${operation.index}:${word}`, () => check(torn, again));
    };
    for (const operation of rest) if (operation.do !== "remount") apply(fs, again, operation);
    copy.before = undefined;
  }

  flash.before = function (operation) {
    report.flashOperations++;
    if (every > 1 && operation.index % every !== (options.seed ?? 0) % every) return;
    for (const [word, copy] of variants(flash, operation)) {
      const id = `${options.name}:${operation.index}:${word}`;
      attempt(id, function () {
        const { fs, found } = check(copy, history);
        report.cuts++;
        if (options.secondEvery && report.cuts % options.secondEvery === 0) second(id, fs, copy, found);
      });
    }
  };
  let fs = mountFileSystem(flash, crc32, now);
  for (const operation of options.operations) {
    if (operation.do === "remount") {
      if (fs.sync !== undefined)
        for (const path of history.states[history.states.length - 1].keys()) {
          const sync: Operation = { do: "sync", path };
          apply(fs, history, sync);
        }
      fs = mountFileSystem(flash, crc32, now);
    } else apply(fs, history, operation);
  }
  flash.before = undefined;
  check(flash, { ...history, acknowledged: 0 });
  return report;
}
