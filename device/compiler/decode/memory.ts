import { combineEffects } from "../ir/effects.js";
import type { BulkOperator } from "../ir/types.js";
import { ModuleError } from "./errors.js";
import type { FunctionState } from "./function-state.js";
import { numeric } from "./numeric.js";
import { LOADS, numericOpcode, STORES } from "./opcodes.js";

/** A load or store, by its opcode. */
export function memoryAccess(state: FunctionState, opcode: number): void {
  const align = 1 << state.reader.u32();
  const offset = state.reader.u32();
  if (opcode <= 0x35) {
    const { type, bytes, signed } = LOADS[opcode - 0x28];
    return state.push({ kind: "load", type, bytes, signed, offset, align, address: state.pop() });
  }
  const { type, bytes } = STORES[opcode - 0x36];
  const [address, value] = state.popMany(2);
  const effects = combineEffects([address, value], { traps: true });
  state.emit({ kind: "store", type, bytes, offset, align, address, value }, effects, { state: true });
}

/** A bulk operation on memory or a table, or `table.set`. */
export function bulk(state: FunctionState, operator: BulkOperator, immediates: number[], count: number): void {
  const operands = state.popMany(count);
  const effects = combineEffects(operands, { traps: true });
  state.emit({ kind: "bulk", operator, immediates, operands }, effects, { state: true });
}

/** An instruction behind the prefix 0xfc: saturating conversions, and bulk memory and tables. */
export function prefixed(state: FunctionState, sub: number, at: number): void {
  const reader = state.reader;
  const conversion = numericOpcode(0xfc00 + sub);
  if (conversion && sub < 8) return numeric(state, conversion.name, 1, conversion.result);
  switch (sub) {
    case 8: {
      const segment = reader.u32();
      reader.byte();
      return bulk(state, "memory.init", [segment], 3);
    }
    case 9:
      return state.emit({ kind: "data.drop", segment: reader.u32() }, combineEffects([]), { state: true });
    case 10:
      reader.bytes(2);
      return bulk(state, "memory.copy", [], 3);
    case 11:
      reader.byte();
      return bulk(state, "memory.fill", [], 3);
    case 12: {
      const segment = reader.u32();
      return bulk(state, "table.init", [reader.u32(), segment], 3);
    }
    case 13:
      return state.emit({ kind: "elem.drop", segment: reader.u32() }, combineEffects([]), { state: true });
    case 14:
      return bulk(state, "table.copy", [reader.u32(), reader.u32()], 3);
    case 15: {
      const table = reader.u32();
      const [value, delta] = state.popMany(2);
      return state.push({ kind: "table.grow", type: "i32", table, value, delta });
    }
    case 16:
      return state.push({ kind: "table.size", type: "i32", table: reader.u32() });
    case 17:
      return bulk(state, "table.fill", [reader.u32()], 3);
    default:
      throw new ModuleError(`opcode 0xfc ${sub} in function ${state.index} is not supported`, at);
  }
}
