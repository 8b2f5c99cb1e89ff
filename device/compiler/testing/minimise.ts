import type { ValueType } from "../decode/module.js";
import type { Instruction } from "./encode.js";
import { constant, type NumberType } from "./instructions.js";
import type { TestCase } from "./generate-module.js";

/**
 * Makes a failing case smaller for as long as it goes on failing: fewer calls, then statements taken out, then
 * expressions replaced by a constant or by one of their operands of the same type.
 *
 * A candidate may well be invalid, for instance when a branch has lost its block: `fails` may throw on it, which
 * counts as not failing.
 */
export function minimise(testCase: TestCase, fails: (candidate: TestCase) => boolean, milliseconds: number): TestCase {
  const end = Date.now() + milliseconds;
  const current = structuredClone(testCase);
  const stillFails = () => {
    try {
      return Date.now() < end && fails(current);
    } catch {
      return false; // an invalid candidate, as said above
    }
  };
  for (let progress = true; progress && Date.now() < end;) {
    progress = dropItems(current.calls, stillFails);
    for (const entry of current.module.functions) {
      progress = shrinkList(entry.body, stillFails) || progress;
    }
    progress = dropItems(current.module.data, stillFails) || progress;
    for (const segment of current.module.data) progress = replaceBytes(segment, stillFails) || progress;
  }
  return current;
}

function replaceBytes(segment: { bytes: number[] }, stillFails: () => boolean): boolean {
  const { bytes } = segment;
  if (bytes.length === 0) return false;
  segment.bytes = [];
  if (stillFails()) return true;
  segment.bytes = bytes;
  return false;
}

/** Takes single items out, from the end. */
function dropItems<T>(items: T[], stillFails: () => boolean): boolean {
  let progress = false;
  for (let index = items.length - 1; index >= 0; index--) {
    if (isKept(items[index])) continue;
    const [item] = items.splice(index, 1);
    if (stillFails()) progress = true;
    else items.splice(index, 0, item);
  }
  return progress;
}

function isKept(item: unknown): boolean {
  return typeof item === "object" && item !== null && "keep" in item && item.keep === true;
}

function shrinkList(list: Instruction[], stillFails: () => boolean): boolean {
  let progress = dropItems(list, stillFails);
  for (let index = 0; index < list.length; index++) {
    progress = shrinkAt(list, index, stillFails) || progress;
  }
  return progress;
}

function shrinkAt(list: Instruction[], index: number, stillFails: () => boolean): boolean {
  const original = list[index];
  if (original.keep) return false;
  for (const candidate of simpler(original)) {
    list[index] = candidate;
    if (stillFails()) return true;
  }
  list[index] = original;
  let progress = inlineBody(list, index, stillFails);
  if (list[index] !== original) return progress;
  for (let at = 0; at < original.operands.length; at++) {
    progress = shrinkAt(original.operands, at, stillFails) || progress;
  }
  if (original.body) progress = shrinkList(original.body, stillFails) || progress;
  if (original.otherwise) progress = shrinkList(original.otherwise, stillFails) || progress;
  return progress;
}

/** A block's statements in the place of the block. */
function inlineBody(list: Instruction[], index: number, stillFails: () => boolean): boolean {
  const original = list[index];
  if (!original.body || original.results.length > 0) return false;
  for (const body of [original.body, original.otherwise]) {
    if (!body) continue;
    list.splice(index, 1, ...body);
    if (stillFails()) return true;
    list.splice(index, body.length, original);
  }
  return false;
}

function simpler(instruction: Instruction): Instruction[] {
  const { results, operands } = instruction;
  if (results.length !== 1 || instruction.op.endsWith(".const") || instruction.op === "local.get") return [];
  const type = results[0];
  const last = (body: Instruction[] | undefined) => (body && body.length === 1 ? body : []);
  const inner = [...operands, ...last(instruction.body), ...last(instruction.otherwise)];
  return [
    ...(isNumber(type) ? [constant(type, 0n), constant(type, 1n)] : []),
    ...inner.filter((candidate) => candidate.results.length === 1 && candidate.results[0] === type),
  ];
}

function isNumber(type: ValueType): type is NumberType {
  return type !== "funcref" && type !== "externref";
}
