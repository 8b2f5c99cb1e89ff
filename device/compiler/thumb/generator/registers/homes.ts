import { LR, type Register } from "../../instruction.js";
import type { Home, MachineBlock, MachineFunction, Piece } from "../machine/function.js";
import { registersOf } from "../machine/registers.js";
import { weightOf } from "./interference.js";
import { liveOut, piecesOf } from "./liveness.js";

/** High registers that a call keeps. */
const KEPT: readonly Register[] = [9, 10];
/** A kept register is worth saving from here on: what fetching from the frame would cost more, weighted by loops. */
const WORTH_SAVING = 24;

function access(piece: Piece): { uses: readonly Register[]; defs: readonly Register[] } {
  if (piece.kind === "reload") return { uses: [piece.value], defs: [] };
  if (piece.kind === "spill") return { uses: [], defs: [piece.value] };
  return { uses: [], defs: [] };
}

/**
 * Gives each spilled value a home: r12 or lr where no call is in its way, else r9 or r10 where it's often needed, else a
 * word of the frame. Values that aren't needed at the same time share.
 * @param lr whether lr may be used: it has been saved
 * @param kept whether r10 is free
 */
export function assignHomes(machine: MachineFunction, lr: boolean, kept: readonly Register[] = KEPT): void {
  const neighbours = new Map<Register, Set<Register>>();
  const lost = new Map<Register, Set<Register>>();
  const cost = new Map<Register, number>();
  const known = (value: Register): Set<Register> => {
    let found = neighbours.get(value);
    if (!found) {
      neighbours.set(value, (found = new Set()));
      lost.set(value, new Set());
    }
    return found;
  };
  const none: (block: MachineBlock) => readonly number[] = () => [];
  const out = liveOut(machine, machine.nextRegister, access, none);
  for (const block of machine.blocks) {
    const live = out.get(block)!;
    const weight = weightOf(block.depth);
    const pieces = [...piecesOf(block)];
    for (let n = pieces.length - 1; n >= 0; n--) {
      const piece = pieces[n];
      if (piece.kind === "spill") {
        live.delete(piece.value);
        const own = known(piece.value);
        live.forEach((other) => {
          own.add(other);
          known(other).add(piece.value);
        });
        cost.set(piece.value, (cost.get(piece.value) ?? 0) + weight);
      } else if (piece.kind === "reload") {
        known(piece.value);
        live.add(piece.value);
        cost.set(piece.value, (cost.get(piece.value) ?? 0) + weight);
      } else {
        const clobbered = registersOf(piece).defs.filter((register) => register === 12 || register === LR);
        if (clobbered.length > 0) {
          live.forEach((value) => {
            known(value);
            for (const register of clobbered) lost.get(value)!.add(register);
          });
        }
      }
    }
  }
  const homes = new Map<Register, Home>();
  const inUse = new Set<Register>();
  const values = [...neighbours.keys()].sort((a, b) => (cost.get(b) ?? 0) - (cost.get(a) ?? 0));
  for (const value of values) {
    const taken = new Set<Register>();
    const words = new Set<number>();
    for (const other of neighbours.get(value)!) {
      const home = homes.get(other);
      if (home?.kind === "register") taken.add(home.register);
      else if (home) words.add(home.word);
    }
    const free = [12, ...(lr ? [LR] : [])].find((register) => !taken.has(register) && !lost.get(value)!.has(register));
    const worth = (cost.get(value) ?? 0) >= WORTH_SAVING;
    const register = free ?? kept.find((candidate) => !taken.has(candidate) && (worth || inUse.has(candidate)));
    if (register !== undefined) {
      inUse.add(register);
      homes.set(value, { kind: "register", register });
      continue;
    }
    let word = 0;
    while (words.has(word)) word++;
    homes.set(value, { kind: "stack", word });
  }
  machine.homes = homes;
}
