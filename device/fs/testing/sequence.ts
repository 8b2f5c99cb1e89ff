import type { FileSystem } from "../file-system.js";
import { mountFileSystem } from "../mount.js";
import { crc32 } from "./crc32.js";
import { beginHistory, judge, perform, type History } from "./history.js";
import { applyToFileSystem, difference, resolve, snapshot, type Model, type Operation } from "./model.js";
import { createNorFlash, type NorFlash, type NorFlashOptions } from "./nor-flash.js";

/** What a random sequence consists of. */
export type Step =
  /** `remount` synchronises everything first. */
  | Operation
  /** Power fails between two calls: what wasn't synchronised may be gone. */
  | { do: "crash" }
  /** A handle is opened on a file, or the oldest one is closed. */
  | { do: "open"; path: string }
  | { do: "close" }
  /** A directory is walked, and after each entry one more of the operations is done. */
  | { do: "walk"; path: string; meanwhile: Operation[] }
  /** From here on a block fails, altogether or a bit. */
  | { do: "wear"; block: number; weak: boolean };

interface Handle {
  readonly node: number;
  /** Its path; undefined once the file was removed. */
  path: string | undefined;
  /** What was in it when it was removed. */
  content: Uint8Array;
}

/** A file system that is compared, call by call, with its model. */
interface Comparison {
  readonly flash: NorFlash;
  fs: FileSystem;
  history: History;
  handles: Handle[];
}

function now(): number {
  return 1e15;
}

function state({ history }: Comparison): Model {
  return history.states[history.states.length - 1];
}

/** What a file system over so much wear may end as; nothing can be written from here on. */
export class WornOut extends Error {}

/**
 * Does a sequence on a new flash and compares every answer with the model's, and everything stored at each remount, each
 * crash and the end.
 * @returns the flash, for a look at its counters
 * @throws Error that names the step
 */
export function runSequence(geometry: NorFlashOptions, steps: readonly Step[]): NorFlash {
  const flash = createNorFlash(geometry);
  const comparison: Comparison = {
    flash,
    fs: mountFileSystem(flash, crc32, now),
    history: beginHistory(),
    handles: [],
  };
  steps.forEach((step, index) => {
    try {
      doStep(comparison, step);
    } catch (error) {
      if (error instanceof WornOut) throw error;
      throw new Error(`step ${index}, ${JSON.stringify(step)}: ${(error as Error).message}`, { cause: error });
    }
  });
  doStep(comparison, { do: "remount" });
  return flash;
}

function doStep(comparison: Comparison, step: Step): void {
  const { flash, fs, handles } = comparison;
  switch (step.do) {
    case "remount":
      return remount(comparison, true);
    case "crash":
      return remount(comparison, false);
    case "open": {
      const node = resolve(fs, step.path);
      const content = state(comparison).get(step.path);
      if (node < 0 || !content) return;
      fs.retain(node);
      handles.push({ node, path: step.path, content });
      return;
    }
    case "close": {
      const handle = handles.shift();
      if (!handle) return;
      expectContent(comparison, handle);
      fs.release(handle.node);
      return;
    }
    case "walk":
      return walk(comparison, step.path, step.meanwhile);
    case "wear":
      (step.weak ? flash.weak : flash.worn).add(step.block);
      return;
    default:
      return change(comparison, step);
  }
}

/** One operation, and what it means for handles. */
function change(comparison: Comparison, operation: Operation): void {
  const { history, handles } = comparison;
  const before = state(comparison);
  perform(comparison.fs, history, operation);
  const after = state(comparison);
  for (const handle of handles) {
    const { path } = handle;
    if (path === undefined) continue;
    const moves = operation.do === "rename" && (path === operation.path || path.startsWith(`${operation.path}/`));
    const replaced = operation.do === "rename" && path === operation.to && operation.path !== operation.to;
    const done = before !== after && difference(before, after) !== undefined;
    if (done && moves) handle.path = operation.to + path.slice(operation.path.length);
    else if ((done && replaced) || !after.has(path)) {
      handle.path = undefined;
      handle.content = before.get(path)!;
    }
  }
}

function expectContent(comparison: Comparison, { node, path, content }: Handle): void {
  const expected = path === undefined ? content : state(comparison).get(path)!;
  const found = new Uint8Array(expected.length + 1);
  const count = comparison.fs.read(node, 0, found, 0, found.length);
  const differs =
    count < 0
      ? `answers ${count}`
      : difference(new Map([["it", expected]]), new Map([["it", found.subarray(0, count)]]));
  if (differs) throw new Error(`the open file ${path ?? "that was removed"}: ${differs}`);
}

function remount(comparison: Comparison, synchronised: boolean): void {
  const { flash, history, handles } = comparison;
  if (!synchronised) handles.length = 0;
  for (; handles.length > 0; doStep(comparison, { do: "close" }));
  const failed = synchronised && ![...state(comparison).keys()].every((path) => synchronise(comparison, path));
  comparison.fs = mountFileSystem(flash, crc32, now);
  const found = snapshot(comparison.fs);
  const wrong = synchronised && !failed ? difference(state(comparison), found) : judge(history, found);
  if (wrong) throw new Error(wrong);
  comparison.history = beginHistory(found);
  if (comparison.fs.readOnly) throw new WornOut(comparison.fs.readOnly);
}

/** Whether a sync is acknowledged; on a device without a good block left it isn't. */
function synchronise({ fs, history, flash }: Comparison, path: string): boolean {
  if (flash.worn.size + flash.weak.size === 0) perform(fs, history, { do: "sync", path });
  else if (applyToFileSystem(fs, { do: "sync", path }) < 0) return false;
  return true;
}

/** Entries that are there during the whole walk are seen exactly once, and the walk ends. */
function walk(comparison: Comparison, path: string, meanwhile: readonly Operation[]): void {
  const { fs } = comparison;
  const directory = resolve(fs, path);
  if (directory < 0 || (path && state(comparison).get(path) !== undefined)) return;
  const prefix = path && `${path}/`;
  const inIt = (model: Model) =>
    [...model.keys()].filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes("/"));
  const before = inIt(state(comparison));
  const touched = new Set<string>();
  const seen: string[] = [];
  let cookie = 0;
  for (let index = 0; ; index++) {
    const entry = fs.next(directory, cookie);
    if (!entry) break;
    if (!(entry.cookie > 0)) throw new Error(`a cookie of ${entry.cookie}`);
    if (seen.length > before.length + meanwhile.length) throw new Error("the walk doesn't end");
    cookie = entry.cookie;
    seen.push(prefix + entry.name);
    const operation = meanwhile[index];
    if (!operation || operation.do === "remount") continue;
    touched.add(operation.path);
    if (operation.do === "rename") touched.add(operation.to);
    // What happens to a directory above ends the walk in a way of its own.
    if (path && (path.startsWith(operation.path) || (operation.do === "rename" && path.startsWith(operation.to))))
      continue;
    change(comparison, operation);
  }
  for (const name of before) {
    const times = seen.filter((other) => other === name).length;
    if (!touched.has(name) && times !== 1) throw new Error(`the walk sees ${name} ${times} times`);
  }
}
