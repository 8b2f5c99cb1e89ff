import { effectsOf } from "../ir/effects.js";
import type { FunctionIr } from "../ir/types.js";
import { endBlock, enter, startBlock, startElse } from "./blocks.js";
import { arityOf, branchTo, brIf, brTable, skipRest, spillForLeaving, targetAt } from "./branches.js";
import { call, indexAfterOperands } from "./calls.js";
import { ModuleError } from "./errors.js";
import { FunctionState, type SuspendingCalls } from "./function-state.js";
import { bulk, memoryAccess, prefixed } from "./memory.js";
import { type Module, readValueType } from "./module.js";
import { numeric, select } from "./numeric.js";
import { numericOpcode } from "./opcodes.js";
import { unsupported } from "./skip.js";

/**
 * Decodes one function body to IR (core specification, section 5.4), keeping the invariants of `ir/types.ts`.
 * The module is taken to be valid.
 */
export function decodeFunction(module: Module, index: number, suspending: SuspendingCalls): FunctionIr {
  const { type, body } = module.functions[index];
  if (!body) throw new ModuleError(`function ${index} is imported`);
  const state = new FunctionState(module, index, type, body, suspending);
  const { reader, locals, frames } = state;
  reader.vector(() => {
    const at = reader.offset;
    const count = reader.u32();
    if (locals.length + count > 50_000) throw new ModuleError("too many locals", at);
    const local = readValueType(reader);
    for (let repeat = 0; repeat < count; repeat++) locals.push(local);
  });
  state.firstTemporary = locals.length;
  const { statements } = enter(state, "function", [], [], []);
  while (frames.length > 0) instruction(state);
  return { index, params: type.params, results: type.results, locals, body: statements };
}

/** Decodes one instruction. */
function instruction(state: FunctionState): void {
  const reader = state.reader;
  const at = reader.offset;
  const opcode = reader.byte();
  if (opcode >= 0x28 && opcode <= 0x3e) return memoryAccess(state, opcode);
  const operation = numericOpcode(opcode);
  if (operation) return numeric(state, operation.name, operation.operands.length, operation.result);
  switch (opcode) {
    case 0x00:
      state.spillEffects();
      state.frame.statements.push({ kind: "unreachable" });
      return skipRest(state);
    case 0x01:
      return;
    case 0x02:
      return startBlock(state, "block");
    case 0x03:
      return startBlock(state, "loop");
    case 0x04:
      return startBlock(state, "if");
    case 0x05:
      return startElse(state);
    case 0x0b:
      return endBlock(state);
    case 0x0c: {
      const target = targetAt(state, reader.u32());
      const values = state.popMany(arityOf(state, target));
      spillForLeaving(state, values);
      branchTo(state, target, values);
      return skipRest(state);
    }
    case 0x0d:
      return brIf(state);
    case 0x0e:
      return brTable(state);
    case 0x0f: {
      const values = state.popMany(state.type.results.length);
      spillForLeaving(state, values);
      state.frame.statements.push({ kind: "return", values });
      return skipRest(state);
    }
    case 0x10: {
      const index = reader.u32();
      return call(state, { kind: "direct", index }, state.module.functions[index].type, state.suspending.direct(index));
    }
    case 0x11: {
      const typeIndex = reader.u32();
      const table = reader.u32();
      const index = state.pop();
      const target = { kind: "indirect", table, typeIndex, index: indexAfterOperands(state, index) } as const;
      return call(state, target, state.module.types[typeIndex], state.suspending.indirect(typeIndex));
    }
    case 0x1a: {
      const value = state.pop();
      const effects = effectsOf(value);
      if (effects.calls || effects.traps) state.emit({ kind: "drop", value }, effects);
      return;
    }
    case 0x1b:
      return select(state);
    case 0x1c:
      reader.vector(() => readValueType(reader));
      return select(state);
    case 0x20: {
      const index = reader.u32();
      return state.push({ kind: "local", type: state.locals[index], index });
    }
    case 0x21:
      return state.setLocal(reader.u32(), state.pop());
    case 0x22: {
      const index = reader.u32();
      state.setLocal(index, state.pop());
      return state.push({ kind: "local", type: state.locals[index], index });
    }
    case 0x23: {
      const index = reader.u32();
      return state.push({ kind: "global", type: state.module.globals[index].type, index });
    }
    case 0x24: {
      const global = reader.u32();
      const value = state.pop();
      return state.emit({ kind: "set global", global, value }, effectsOf(value), { state: true });
    }
    case 0x25: {
      const table = reader.u32();
      return state.push({ kind: "table.get", type: state.module.tables[table].element, table, index: state.pop() });
    }
    case 0x26:
      return bulk(state, "table.set", [reader.u32()], 2);
    case 0x3f:
      reader.byte();
      return state.push({ kind: "memory.size", type: "i32" });
    case 0x40:
      reader.byte();
      return state.push({ kind: "memory.grow", type: "i32", pages: state.pop() });
    case 0x41: {
      const from = reader.offset;
      const value = reader.s32() | 0;
      // The linker pads what it relocates to five bytes: facts of allocators hang on that (see memory/).
      const padded = reader.offset - from === 5;
      return state.push({ kind: "const", type: "i32", value, padded });
    }
    case 0x42:
      return state.push({ kind: "const", type: "i64", value: reader.s64() });
    case 0x43:
      return state.push({ kind: "const", type: "f32", value: reader.bits32() });
    case 0x44:
      return state.push({ kind: "const", type: "f64", value: BigInt.asIntN(64, reader.bits64()) });
    case 0xd0:
      return state.push({ kind: "ref.null", type: readValueType(reader) });
    case 0xd1:
      return state.push({ kind: "ref.is_null", type: "i32", operand: state.pop() });
    case 0xd2:
      return state.push({ kind: "ref.func", type: "funcref", index: reader.u32() });
    case 0xfc:
      return prefixed(state, reader.u32(), at);
    default:
      throw unsupported(state, opcode, at);
  }
}
