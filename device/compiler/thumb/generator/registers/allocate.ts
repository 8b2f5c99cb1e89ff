import type { Register } from "../../instruction.js";
import { FIRST_VIRTUAL, type MachineFunction } from "../machine/function.js";
import { withRegisters } from "../machine/registers.js";
import { colour } from "./colour.js";
import { assignHomes } from "./homes.js";
import { interferenceOf } from "./interference.js";
import { spill } from "./spill.js";

/** Rounds of colouring before it's given up; two or three are usual. */
const MOST_ROUNDS = 24;

/** What allocation may use. */
export interface AllocationOptions {
  /** High registers beside r12 and lr that may be homes. */
  readonly kept: readonly Register[];
}

/**
 * Gives every virtual register of a function a low one, or a home.
 * @throws Error when a unit needs more registers than there are, which is a fault of the selection
 */
export function allocateRegisters(machine: MachineFunction, { kept }: AllocationOptions): void {
  const fixed = new Set<Register>();
  for (let round = 0; ; round++) {
    const graph = interferenceOf(machine);
    const price = (register: Register): number => {
      if (fixed.has(register)) return Infinity;
      const cost = graph.cost[register];
      return machine.remade.has(register) ? cost / 2 : cost;
    };
    const { colours, spilled, aliasOf } = colour(graph, price);
    if (spilled.length === 0) {
      const real = (register: Register): Register => {
        if (register < FIRST_VIRTUAL) return register;
        // What is never read has no neighbours: any register will do for it.
        return colours[register] ?? 0;
      };
      rename(machine, real);
      break;
    }
    if (round === MOST_ROUNDS) throw new Error(`No registers for ${machine.name} after ${round} rounds`);
    const joined = new Set<Register>();
    for (let n = FIRST_VIRTUAL; n < colours.length; n++) if (aliasOf(n) !== n) joined.add(aliasOf(n));
    for (const register of spill(machine, new Set(spilled), aliasOf, joined)) fixed.add(register);
  }
  assignHomes(machine, machine.calls, kept);
}

function rename(machine: MachineFunction, real: (register: Register) => Register): void {
  for (const block of machine.blocks) {
    block.units = block.units.map((unit) => unit.map((piece) => withRegisters(piece, real)));
    block.test = block.test.map((piece) => withRegisters(piece, real));
    if (block.end.kind === "table") block.end.index = real(block.end.index);
  }
}
