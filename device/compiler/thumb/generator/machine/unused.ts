import type { Register } from "../../instruction.js";
import { FIRST_VIRTUAL, type MachineFunction, type Unit } from "./function.js";
import { registersOf, usesOf } from "./registers.js";

/** Whether a unit does nothing but give values to virtual registers. */
function isPlain(unit: Unit): boolean {
  return unit.every((piece) => {
    switch (piece.kind) {
      case "call":
      case "callRegister":
      case "outgoing":
      case "trapIf":
      case "slowIf":
      case "fuel":
      case "stackCheck":
        return false;
      case "memoryRegister":
      case "memoryImmediate":
        return !piece.op.startsWith("str");
      default:
        return registersOf(piece).defs.every((register) => register >= FIRST_VIRTUAL);
    }
  });
}

/** Drops units whose values nothing reads. */
export function dropUnused(machine: MachineFunction): void {
  const readers = new Map<Register, number>();
  const count = (unit: Unit, by: number): void => {
    for (const piece of unit) {
      for (const use of registersOf(piece).uses) readers.set(use, (readers.get(use) ?? 0) + by);
    }
  };
  for (const { units, test, end } of machine.blocks) {
    for (const unit of units) count(unit, 1);
    count(test, 1);
    for (const use of usesOf(end)) readers.set(use, (readers.get(use) ?? 0) + 1);
  }
  for (let changed = true; changed;) {
    changed = false;
    for (const block of machine.blocks) {
      block.units = block.units.filter((unit) => {
        if (!isPlain(unit)) return true;
        // A unit's own reading of what it has made keeps nothing alive.
        count(unit, -1);
        const needed = unit.some((piece) => registersOf(piece).defs.some((def) => (readers.get(def) ?? 0) > 0));
        if (needed) count(unit, 1);
        else changed = true;
        return needed;
      });
    }
  }
}
