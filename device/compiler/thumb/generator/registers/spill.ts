import type { Register } from "../../instruction.js";
import { FIRST_VIRTUAL, type MachineFunction, type Piece, type Unit } from "../machine/function.js";
import { registersOf, withRegisters } from "../machine/registers.js";

/**
 * Rewrites a function so that some values are in registers only while a unit works on them: fetched before it, put back
 * behind it; or made anew before it, where that can be done.
 * @param chosen values, each by what stands for it
 * @param aliasOf the value that another has become one with
 * @param joined values that stand for several, which are not what their definition says
 * @returns the registers that were made for it, which must not be spilled again
 */
export function spill(
  machine: MachineFunction,
  chosen: ReadonlySet<Register>,
  aliasOf: (register: Register) => Register,
  joined: ReadonlySet<Register>,
): Set<Register> {
  const made = new Set<Register>();
  const temporary = (): Register => {
    made.add(machine.nextRegister);
    return machine.nextRegister++;
  };
  const spilledAs = (register: Register): Register | undefined => {
    if (register < FIRST_VIRTUAL) return undefined;
    const value = aliasOf(register);
    return chosen.has(value) ? value : undefined;
  };
  const remake = (value: Register, rd: Register): Piece | undefined => {
    const piece = joined.has(value) ? undefined : machine.remade.get(value);
    return piece && ({ ...piece, rd } as Piece);
  };
  const fetch = (value: Register, rd: Register): Piece => remake(value, rd) ?? { kind: "reload", rd, value };

  /** One unit, with what comes before and behind it. */
  const rewrite = (unit: Unit): { before: Unit[]; unit: Unit; after: Unit } => {
    const temporaries = new Map<Register, Register>();
    const fetched = new Set<Register>();
    const written = new Set<Register>();
    for (const piece of unit) {
      const { uses, defs } = registersOf(piece);
      for (const use of uses) {
        const value = spilledAs(use);
        if (value !== undefined && !written.has(value)) fetched.add(value);
      }
      for (const def of defs) {
        const value = spilledAs(def);
        if (value !== undefined) written.add(value);
      }
    }
    if (fetched.size + written.size === 0) return { before: [], unit, after: [] };
    if (unit.length === 1) {
      const [piece] = unit;
      // A value that is made anew wherever it is needed isn't made here.
      if (written.size === 1 && fetched.size === 0 && remake([...written][0], 0)) {
        return { before: [], unit: [], after: [] };
      }
      if (piece.kind === "move") {
        const to = spilledAs(piece.rd);
        const from = spilledAs(piece.rm);
        if (to === from) return { before: [], unit: [], after: [] };
        if (to === undefined) return { before: [], unit: [fetch(from!, piece.rd)], after: [] };
        if (from === undefined) return { before: [], unit: [{ kind: "spill", rt: piece.rm, value: to }], after: [] };
      }
    }
    for (const value of [...fetched, ...written]) {
      if (!temporaries.has(value)) temporaries.set(value, temporary());
    }
    return {
      before: [...fetched].map((value) => [fetch(value, temporaries.get(value)!)]),
      unit: unit.map((piece) => {
        return withRegisters(piece, (register) => {
          const value = spilledAs(register);
          return value === undefined ? register : temporaries.get(value)!;
        });
      }),
      after: [...written].map((value) => ({ kind: "spill", rt: temporaries.get(value)!, value })),
    };
  };

  for (const block of machine.blocks) {
    const units: Unit[] = [];
    for (const old of block.units) {
      const { before, unit, after } = rewrite(old);
      units.push(...before);
      if (unit.length > 0) units.push(unit);
      units.push(...after.map((piece) => [piece]));
    }
    const { before, unit, after } = rewrite(block.test);
    units.push(...before);
    // Putting away doesn't touch the flags.
    block.test = [...unit, ...after];
    block.units = units;
    if (block.end.kind === "table") {
      const value = spilledAs(block.end.index);
      if (value !== undefined) {
        const index = temporary();
        block.test.push(fetch(value, index));
        block.end.index = index;
      }
    }
  }
  return made;
}
