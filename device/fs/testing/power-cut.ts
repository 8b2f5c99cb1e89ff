import { mountFileSystem } from "../mount.js";
import { crc32 } from "./crc32.js";
import { beginHistory, judge, perform, type History } from "./history.js";
import { snapshot, type Model, type Operation } from "./model.js";
import { createNorFlash, type FlashOperation, type NorFlash, type NorFlashOptions, type Tear } from "./nor-flash.js";

/**
 * Cuts power at the flash operations of a workload, clean and torn, mounts what is left and compares it with what may be
 * there; goes on from there and cuts again.
 *
 * Each cut has an id, from which alone it can be made again: `W1:137:torn-5` is workload W1, flash operation 137, a
 * program of which 5 bytes were done. What comes behind a slash is the second cut: `W1:137:torn-5/3:clean` is at flash
 * operation 3, counted from the mount after the first.
 */
export interface Workload {
  readonly name: string;
  readonly flash: NorFlashOptions;
  readonly operations: readonly Operation[];
}

/** Which cuts are made. */
export interface CutChoice {
  /** Of so many programs one is cut; 1 cuts all. Erases are always cut. */
  readonly every: number;
  /** At how many bytes a program is torn; Infinity tears at each. */
  readonly prefixes: number;
  /** Of so many cuts one is followed by second ones; 1 follows up all clean cuts, torn erases and half programs. */
  readonly secondEvery: number;
  /** At how many of the flash operations after a cut power is cut again, from the first on. */
  readonly secondOperations: number;
  /** Which of `every` is first; rotates what a part of all covers. */
  readonly seed: number;
}

/** Everything that is of interest. */
export const ALL_CUTS: CutChoice = { every: 1, prefixes: Infinity, secondEvery: 1, secondOperations: 16, seed: 0 };

/** A part that is done in seconds. */
export const SOME_CUTS: CutChoice = { every: 11, prefixes: 3, secondEvery: 5, secondOperations: 3, seed: 0 };

/** How many cuts were made and checked, by what was cut and how. */
export interface CutReport {
  /** Programs and erases that the workload takes. */
  readonly flashOperations: number;
  readonly counts: Readonly<Record<CutMode, number>>;
  /** Cuts that lost something, in order. */
  readonly losses: readonly CutFailure[];
}

export const CUT_MODES = ["clean", "torn between words", "torn in a word", "torn erase", "second cut"] as const;
export type CutMode = (typeof CUT_MODES)[number];

/** A cut that lost something, or after which the board couldn't go on. The message begins with its id. */
class CutFailure extends Error {
  constructor(
    readonly id: string,
    why: string,
  ) {
    super(`power cut ${id}: ${why}`);
  }
}

function now(): number {
  return 1.7e15;
}

/** A number that depends on the text alone. */
function hash(text: string): number {
  let sum = 2166136261;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 16777619);
  return sum >>> 0;
}

/** The ways in which power can be cut at an operation, as in ids. */
function waysToCut({ bytes }: FlashOperation, id: string, prefixes: number, writeSize: number): string[] {
  if (!bytes) return ["clean", "random", "weak", "half"];
  const ways = ["clean"];
  const tear = (count: number) => {
    if (count && count % writeSize === 0) ways.push(`whole-${count}`);
    ways.push(`torn-${count}`);
  };
  if (prefixes >= bytes.length) for (let count = 0; count < bytes.length; count++) tear(count);
  else {
    tear(0);
    for (let i = 1; i < prefixes; i++) tear(1 + (hash(`${id}${i}`) % (bytes.length - 1)));
  }
  return [...new Set(ways)];
}

function modeOf(way: string): CutMode {
  if (way === "clean") return way;
  if (way.startsWith("whole-")) return "torn between words";
  return way.startsWith("torn-") ? "torn in a word" : "torn erase";
}

/** A copy of the flash as a cut leaves it. */
function cutAt(flash: NorFlash, operation: FlashOperation, way: string): NorFlash {
  const copy = flash.fork();
  const [, kind, count] = /^(torn|whole)-(\d+)$/.exec(way) ?? [];
  const seed = hash(`${operation.index} ${way}`);
  if (kind) copy.tear(operation, { kind: "program", count: Number(count), ...(kind === "torn" && { seed }) });
  else if (way !== "clean") copy.tear(operation, { kind: way, seed } as Tear);
  return copy;
}

/**
 * Makes the cuts of a workload that are chosen.
 * @param only the id of the one that is to be made, with what leads to it
 * @throws Error when the file system fails though nothing was cut
 */
export function cutPower(workload: Workload, choice: CutChoice, only?: string): CutReport {
  const { operations } = workload;
  const { every, seed } = choice;
  const counts = Object.fromEntries(CUT_MODES.map((mode) => [mode, 0])) as Record<CutMode, number>;
  const [first, second] = only?.split("/") ?? [];
  const flash = createNorFlash(workload.flash);
  const history = beginHistory();
  const losses: CutFailure[] = [];
  let cuts = 0;
  /** How many of the workload's operations have begun. */
  let begun = 0;

  /** Mounts and compares; undefined where something is lost, which is noted. */
  function examine(copy: NorFlash, so: History, id: string): Model | undefined {
    try {
      const fs = mountFileSystem(copy, crc32, now);
      if (fs.readOnly) throw new Error(`mounted read-only: ${fs.readOnly}`);
      const found = snapshot(fs);
      const wrong = judge(so, found);
      if (wrong) throw new Error(wrong);
      return found;
    } catch (error) {
      losses.push(new CutFailure(id, (error as Error).message));
      return undefined;
    }
  }

  /** Has the board mount what a cut left, and go on with what it was doing, to be cut again. */
  function goOn(torn: NorFlash, found: Model, id: string): void {
    const again = beginHistory(found);
    const copy = torn.fork();
    let done = 0;
    copy.before = function (operation) {
      if (second === undefined && done++ >= choice.secondOperations) return;
      const place = `${id}/${operation.index}`;
      const ways = second?.startsWith(`${operation.index}:`)
        ? [second.slice(second.indexOf(":") + 1)]
        : second === undefined
          ? secondWays(operation, place)
          : [];
      for (const way of ways) {
        examine(cutAt(copy, operation, way), again, `${place}:${way}`);
        counts["second cut"]++;
      }
    };
    try {
      const fs = mountFileSystem(copy, crc32, now);
      for (const operation of operations.slice(begun, begun + 12))
        if (operation.do !== "remount") perform(fs, again, operation);
    } catch (error) {
      losses.push(new CutFailure(id, `the board goes on, and then: ${(error as Error).message}`));
      return;
    }
    copy.before = undefined;
    examine(copy, again, id);
  }

  function secondWays(operation: FlashOperation, place: string): string[] {
    const ways = waysToCut(operation, place, 2, flash.writeSize);
    return choice.every === 1 ? ways : [ways[hash(place) % ways.length]];
  }

  function isFollowedUp(way: string, bytes: Uint8Array | undefined): boolean {
    if (only !== undefined) return second !== undefined;
    if (choice.secondEvery > 1) return cuts % choice.secondEvery === 0;
    return !bytes || way === "clean" || way === `torn-${bytes.length >> 1}`;
  }

  flash.before = function (operation) {
    const place = `${workload.name}:${operation.index}`;
    if (first !== undefined ? !first.startsWith(`${place}:`) : operation.bytes && (operation.index + seed) % every)
      return;
    const ways =
      first !== undefined
        ? [first.slice(place.length + 1)]
        : waysToCut(operation, place, choice.prefixes, flash.writeSize);
    for (const way of ways) {
      const id = `${place}:${way}`;
      const copy = cutAt(flash, operation, way);
      const found = examine(copy.fork(), history, id);
      counts[modeOf(way)]++;
      if (found && isFollowedUp(way, operation.bytes)) goOn(copy, found, id);
      cuts++;
    }
  };

  let fs = mountFileSystem(flash, crc32, now);
  for (const operation of operations) {
    begun++;
    if (operation.do === "remount") {
      for (const path of history.states[history.states.length - 1].keys()) perform(fs, history, { do: "sync", path });
      fs = mountFileSystem(flash, crc32, now);
    } else perform(fs, history, operation);
  }
  flash.before = undefined;
  examine(flash, history, `${workload.name}:end`);
  return { flashOperations: flash.counters.operations, counts, losses };
}
