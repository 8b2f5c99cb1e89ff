import type { Condition, Instruction } from "../../instruction.js";
import { b, bl, branchIf, high, invert, ldrLiteral, PC, shift } from "../../instruction.js";
import { encode, reachOf, sizeOf } from "../../encoding.js";
import type { Item, Literal } from "./item.js";

/** A literal or a call whose place is known only when all functions have theirs. */
export interface Relocation {
  /** Byte offset in the function. */
  readonly at: number;
  readonly kind: "bl" | "offset" | "distance";
  readonly label: string;
  readonly addend: number;
  /** Of a distance: the byte offset in the function that it counts from. */
  readonly from: number;
}

/** A function's code, at any 4-aligned place, with what is to be filled in. */
export interface PlacedFunction {
  readonly code: Uint8Array;
  readonly relocations: readonly Relocation[];
  /** Whether a branch is written as `bl`, which costs lr. */
  readonly linkLost: boolean;
  /** Byte ranges that hold literals. */
  readonly data: readonly (readonly [from: number, to: number])[];
}

/** How long a branch is written: 0 as one instruction, 1 around a `b`, 2 around a `bl`. */
type Length = 0 | 1 | 2;

type Placed =
  | { readonly kind: "code"; readonly at: number; readonly instruction: Instruction }
  | {
      readonly kind: "branch";
      readonly at: number;
      readonly item: object;
      readonly condition?: Condition;
      readonly to: string;
      readonly length: Length;
    }
  | { readonly kind: "far"; readonly at: number; readonly to: string }
  | { readonly kind: "load"; readonly at: number; readonly rd: number; readonly pool: string }
  | { readonly kind: "word"; readonly at: number; readonly literal: Literal };

/** Room for what a pool's own end may need, in bytes. */
const MARGIN = 16;

function keyOf(literal: Literal): string {
  if (literal.kind === "number") return `number ${literal.value}`;
  return `${literal.kind} ${literal.label} ${literal.addend} ${literal.kind === "distance" ? literal.from : ""}`;
}

/**
 * Lays a function's items out: pools of literals and code that stands aside go where control doesn't pass, near enough
 * to what uses them; branches are as short as they can be.
 * @throws RangeError when something doesn't fit an instruction
 */
export function place(items: readonly Item[]): PlacedFunction {
  const lengths = new Map<object, Length>();
  for (;;) {
    const layout = attempt(items, lengths);
    let grown = false;
    for (const placed of layout.placed) {
      if (placed.kind !== "branch" || placed.length === 2) continue;
      const target = layout.labels.get(placed.to);
      if (target === undefined) throw new RangeError(`There is no ${placed.to}`);
      const short = placed.condition !== undefined && placed.length === 0;
      const [least, most] = reachOf(short ? "branchIf" : "b");
      const at = placed.condition !== undefined && placed.length === 1 ? placed.at + 2 : placed.at;
      const distance = target - (at + 4);
      if (distance >= least && distance <= most) continue;
      lengths.set(placed.item, (placed.condition === undefined ? 2 : placed.length + 1) as Length);
      grown = true;
    }
    if (!grown) return finish(layout);
  }
}

interface Layout {
  readonly placed: Placed[];
  readonly labels: Map<string, number>;
  readonly bytes: number;
}

function attempt(items: readonly Item[], lengths: ReadonlyMap<object, Length>): Layout {
  const placed: Placed[] = [];
  const labels = new Map<string, number>();
  const literals = new Map<string, { literal: Literal; label: string; deadline: number }>();
  const aside = new Map<string, { items: readonly Item[]; label: string; deadline: number }>();
  const stood = new Map<string, { label: string; at: number }>();
  let at = 0;
  let pools = 0;
  const lengthOf = (item: object): Length => lengths.get(item) ?? 0;
  const bytesOf = (item: Item): number => {
    switch (item.kind) {
      case "code":
        return sizeOf(item.instruction);
      case "label":
        return 0;
      case "branch":
      case "aside":
        return item.condition === undefined ? (lengthOf(item) === 2 ? 4 : 2) : [2, 4, 6][lengthOf(item)];
      case "far":
        return 4;
      case "literal":
        return 2;
      case "table":
        return 6 + 4 * item.targets.length;
    }
  };
  const branch = (item: object, to: string, condition?: Condition): void => {
    const length = lengthOf(item);
    placed.push({ kind: "branch", at, item, condition, to, length });
    at += condition === undefined ? (length === 2 ? 4 : 2) : [2, 4, 6][length];
  };
  const pendingBytes = (): number => {
    let sum = 4 * literals.size + 2;
    for (const { items: code } of aside.values()) for (const item of code) sum += bytesOf(item);
    return sum;
  };
  const deadline = (): number => {
    let first = Infinity;
    for (const waiting of literals.values()) first = Math.min(first, waiting.deadline);
    for (const waiting of aside.values()) first = Math.min(first, waiting.deadline);
    return first;
  };
  const put = (item: Item): void => {
    switch (item.kind) {
      case "code":
        placed.push({ kind: "code", at, instruction: item.instruction });
        at += sizeOf(item.instruction);
        return;
      case "label":
        labels.set(item.label, at);
        return;
      case "branch":
        return branch(item, item.to, item.condition);
      case "far":
        placed.push({ kind: "far", at, to: item.to });
        at += 4;
        return;
      case "literal": {
        const key = keyOf(item.literal);
        let waiting = literals.get(key);
        if (!waiting) {
          waiting = { literal: item.literal, label: `pool ${pools++}`, deadline: at + 1020 };
          literals.set(key, waiting);
        }
        placed.push({ kind: "load", at, rd: item.rd, pool: waiting.label });
        at += 2;
        return;
      }
      case "aside": {
        // With no condition it stands here, unless its like stands near already.
        const near = stood.get(item.key);
        if (near && at - near.at < 200) return branch(item, near.label, item.condition);
        if (item.condition === undefined && !aside.has(item.key)) {
          const label = `aside ${pools++}`;
          labels.set(label, at);
          stood.set(item.key, { label, at });
          item.items.forEach(put);
          return;
        }
        let waiting = aside.get(item.key);
        if (!waiting) {
          waiting = { items: item.items, label: `aside ${pools++}`, deadline: at + 250 };
          aside.set(item.key, waiting);
        }
        return branch(item, waiting.label, item.condition);
      }
      case "table":
        return table(item);
    }
  };
  const table = (item: Item & { kind: "table" }): void => {
    const far = lengthOf(item) > 0 || item.targets.some((_, n) => lengthOf(entryOf(item, n)) > 0);
    const instructions: Instruction[] = [
      shift("lsls", item.index, item.index, far ? 2 : 1),
      high("add", PC, item.index),
    ];
    for (const instruction of instructions) put({ kind: "code", instruction });
    // PC is two halfwords ahead.
    put({ kind: "code", instruction: { kind: "hint", op: "nop" } });
    item.targets.forEach((to, n) => {
      const entry = entryOf(item, n);
      placed.push({ kind: "branch", at, item: entry, to, length: far ? 2 : 0 });
      at += far ? 4 : 2;
    });
  };
  const dump = (): void => {
    // What stands aside may need literals of its own, so it goes first.
    for (const [key, { items: code, label }] of [...aside]) {
      labels.set(label, at);
      stood.set(key, { label, at });
      code.forEach(put);
    }
    aside.clear();
    if (literals.size === 0) return;
    if (at % 4 !== 0) put({ kind: "code", instruction: { kind: "hint", op: "nop" } });
    for (const { literal, label } of literals.values()) {
      labels.set(label, at);
      placed.push({ kind: "word", at, literal });
      at += 4;
    }
    literals.clear();
  };
  const barrier = (item: Item): boolean => {
    if (item.kind === "branch" || item.kind === "aside") return item.condition === undefined;
    if (item.kind === "table") return true;
    if (item.kind !== "code") return false;
    const { instruction } = item;
    return instruction.kind === "bx" || (instruction.kind === "pop" && instruction.registers.includes(PC));
  };
  // How far it is from each item to behind the next one that control doesn't pass.
  const toBarrier = new Array<number>(items.length + 1).fill(0);
  for (let n = items.length - 1; n >= 0; n--) {
    toBarrier[n] = bytesOf(items[n]) + (barrier(items[n]) ? 0 : toBarrier[n + 1]);
  }
  let forced = 0;
  items.forEach((item, n) => {
    // Nothing may come between the label that a code address counts from and the `add pc` behind it.
    const literal = items[n - 2];
    const counted = literal?.kind === "literal" && literal.literal.kind === "distance";
    if (!counted && at + bytesOf(item) + pendingBytes() + MARGIN > deadline()) {
      const over = `around ${forced++}`;
      const around: Item = jumpOver(items, n);
      placed.push({ kind: "branch", at, item: around, to: over, length: 0 });
      at += 2;
      dump();
      labels.set(over, at);
    }
    put(item);
    const ends = barrier(item);
    if (ends && (literals.size > 0 || aside.size > 0)) {
      const last = n === items.length - 1;
      if (last || at + toBarrier[n + 1] + pendingBytes() + 2 * MARGIN > deadline()) dump();
    }
  });
  if (literals.size > 0 || aside.size > 0) dump();
  while (literals.size > 0 || aside.size > 0) dump();
  if (at % 4 !== 0) put({ kind: "code", instruction: { kind: "hint", op: "nop" } });
  return { placed, labels, bytes: at };
}

/** Stands for the jump around a pool before an item; the same one in each attempt. */
const jumps = new WeakMap<Item, Item>();

function jumpOver(items: readonly Item[], n: number): Item {
  let found = jumps.get(items[n]);
  if (!found) jumps.set(items[n], (found = { kind: "branch", to: "" }));
  return found;
}

/** Stands for an entry of a jump table; the same one in each attempt. */
const entries = new WeakMap<Item, object[]>();

function entryOf(item: Item & { kind: "table" }, n: number): object {
  let found = entries.get(item);
  if (!found) entries.set(item, (found = item.targets.map(() => ({}))));
  return found[n];
}

function finish({ placed, labels, bytes }: Layout): PlacedFunction {
  const code = new Uint8Array(bytes);
  const view = new DataView(code.buffer);
  const relocations: Relocation[] = [];
  const data: [number, number][] = [];
  const write = (instruction: Instruction, at: number): void => {
    encode(instruction, at).forEach((half, n) => view.setUint16(at + 2 * n, half, true));
  };
  for (const item of placed) {
    switch (item.kind) {
      case "code":
        write(item.instruction, item.at);
        break;
      case "branch": {
        const target = labels.get(item.to)!;
        if (item.condition === undefined) write(item.length === 2 ? bl(target) : b(target), item.at);
        else if (item.length === 0) write(branchIf(item.condition, target), item.at);
        else {
          write(branchIf(invert(item.condition), item.at + (item.length === 1 ? 4 : 6)), item.at);
          write(item.length === 1 ? b(target) : bl(target), item.at + 2);
        }
        break;
      }
      case "far":
        relocations.push({ at: item.at, kind: "bl", label: item.to, addend: 0, from: 0 });
        break;
      case "load":
        write(ldrLiteral(item.rd, labels.get(item.pool)!), item.at);
        break;
      case "word": {
        data.push([item.at, item.at + 4]);
        const { literal } = item;
        if (literal.kind === "number") view.setInt32(item.at, literal.value, true);
        else {
          const from = literal.kind === "distance" ? labels.get(literal.from)! + 4 : 0;
          relocations.push({ at: item.at, kind: literal.kind, label: literal.label, addend: literal.addend, from });
        }
      }
    }
  }
  const linkLost = placed.some((item) => item.kind === "branch" && item.length === 2);
  return { code, relocations, data, linkLost };
}
