import type { Register } from "../../instruction.js";
import type { MachineBlock, MachineFunction, Piece } from "../machine/function.js";
import { successors } from "../ssa/graph.js";
import { registersOf, usesOf } from "../machine/registers.js";

/** A set of small numbers. */
class BitSet {
  private readonly words: Uint32Array;

  constructor(size: number) {
    this.words = new Uint32Array((size + 31) >>> 5);
  }

  has(bit: number): boolean {
    return (this.words[bit >>> 5] & (1 << (bit & 31))) !== 0;
  }

  add(bit: number): void {
    this.words[bit >>> 5] |= 1 << (bit & 31);
  }

  delete(bit: number): void {
    this.words[bit >>> 5] &= ~(1 << (bit & 31));
  }

  /** Adds all of another set. @returns whether there was anything new */
  addAll(other: BitSet): boolean {
    let grown = false;
    for (let n = 0; n < this.words.length; n++) {
      const joined = (this.words[n] | other.words[n]) >>> 0;
      if (joined !== this.words[n]) grown = true;
      this.words[n] = joined;
    }
    return grown;
  }

  clone(): BitSet {
    const copy = new BitSet(this.words.length * 32);
    copy.words.set(this.words);
    return copy;
  }

  forEach(visit: (bit: number) => void): void {
    this.words.forEach((word, n) => {
      for (let rest = word; rest !== 0; rest &= rest - 1) visit(n * 32 + 31 - Math.clz32(rest & -rest));
    });
  }
}

/** What a piece reads and writes, of the things whose liveness is asked. */
export type Access = (piece: Piece) => { readonly uses: readonly number[]; readonly defs: readonly number[] };

/** A block's pieces, first to last. */
export function* piecesOf(block: MachineBlock): Iterable<Piece> {
  for (const unit of block.units) yield* unit;
  yield* block.test;
}

/** What is live behind each block's end. */
export function liveOut(
  machine: MachineFunction,
  size: number,
  access: Access,
  endUses: (block: MachineBlock) => readonly number[],
): Map<MachineBlock, BitSet> {
  const used = new Map<MachineBlock, BitSet>();
  const written = new Map<MachineBlock, BitSet>();
  const out = new Map<MachineBlock, BitSet>();
  for (const block of machine.blocks) {
    const before = new BitSet(size);
    const kills = new BitSet(size);
    for (const piece of piecesOf(block)) {
      const { uses, defs } = access(piece);
      for (const use of uses) if (!kills.has(use)) before.add(use);
      for (const def of defs) kills.add(def);
    }
    for (const use of endUses(block)) if (!kills.has(use)) before.add(use);
    used.set(block, before);
    written.set(block, kills);
    out.set(block, new BitSet(size));
  }
  // Backwards, until nothing new comes in.
  for (let changed = true; changed;) {
    changed = false;
    for (let n = machine.blocks.length - 1; n >= 0; n--) {
      const block = machine.blocks[n];
      const after = out.get(block)!;
      for (const next of successors(block)) if (after.addAll(used.get(next)!)) changed = true;
      const kills = written.get(block)!;
      const before = used.get(block)!;
      const passing = after.clone();
      kills.forEach((bit) => {
        passing.delete(bit);
      });
      if (before.addAll(passing)) changed = true;
    }
  }
  return out;
}

/** Which registers are live behind each block's end; `used` for low registers and virtual ones. */
export function liveRegisters(machine: MachineFunction): Map<MachineBlock, BitSet> {
  return liveOut(machine, machine.nextRegister, registersOf, ({ end }) => usesOf(end) as Register[]);
}
