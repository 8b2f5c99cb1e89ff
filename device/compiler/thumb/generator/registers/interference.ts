import type { Register } from "../../instruction.js";
import { FIRST_VIRTUAL, type MachineFunction } from "../machine/function.js";
import { registersOf, usesOf } from "../machine/registers.js";
import { liveRegisters, piecesOf } from "./liveness.js";

/** Low registers: what values are given. */
export const COLOURS = 8;

/** A copy whose two sides would best be one. */
export interface Copy {
  readonly to: Register;
  readonly from: Register;
  readonly weight: number;
}

/** Which values can't be in one register, for they are needed at the same time. */
export interface Interference {
  readonly neighbours: Set<Register>[];
  readonly copies: Copy[];
  /** What fetching a value from elsewhere would cost: uses and definitions, weighted by loops. */
  readonly cost: Float64Array;
}

function colourable(register: Register): boolean {
  return register < COLOURS || register >= FIRST_VIRTUAL;
}

/** How often a block is run, as far as loops tell. */
export function weightOf(depth: number): number {
  return 8 ** Math.min(depth, 6);
}

/** Finds out by walking each block from its end. */
export function interferenceOf(machine: MachineFunction): Interference {
  const neighbours = Array.from({ length: machine.nextRegister }, () => new Set<Register>());
  const cost = new Float64Array(machine.nextRegister);
  const copies: Copy[] = [];
  const join = (a: Register, b: Register): void => {
    if (a === b) return;
    neighbours[a].add(b);
    neighbours[b].add(a);
  };
  const out = liveRegisters(machine);
  for (const block of machine.blocks) {
    const weight = weightOf(block.depth);
    const live = out.get(block)!;
    // Jumping by a table changes the index, so it can't be what is needed later.
    if (block.end.kind === "table") {
      const { index } = block.end;
      live.forEach((other) => {
        if (colourable(other)) join(index, other);
      });
    }
    for (const use of usesOf(block.end)) {
      live.add(use);
      cost[use] += weight;
    }
    const pieces = [...piecesOf(block)];
    for (let n = pieces.length - 1; n >= 0; n--) {
      const piece = pieces[n];
      const { uses, defs } = registersOf(piece);
      if (piece.kind === "move" && colourable(piece.rd) && colourable(piece.rm)) {
        // A copy's two sides hold the same: they may share a register although both are needed.
        live.delete(piece.rm);
        copies.push({ to: piece.rd, from: piece.rm, weight });
      }
      for (const def of defs) {
        if (!colourable(def)) continue;
        cost[def] += weight;
        live.add(def);
      }
      for (const def of defs) {
        if (!colourable(def)) continue;
        live.forEach((other) => {
          if (colourable(other)) join(def, other);
        });
      }
      for (const def of defs) live.delete(def);
      for (const use of uses) {
        live.add(use);
        cost[use] += weight;
      }
    }
  }
  return { neighbours, copies, cost };
}
