import { ModuleError } from "./errors.js";
import type { FunctionState } from "./function-state.js";
import { numericOpcode } from "./opcodes.js";

/** Steps over what follows an opcode in code that is never reached. */
export function skipImmediates(state: FunctionState, opcode: number, at: number): void {
  const reader = state.reader;
  if (opcode === 0x0e) {
    reader.vector(() => reader.u32());
    reader.u32();
  } else if (opcode === 0x0c || opcode === 0x0d || opcode === 0x10 || opcode === 0xd2) reader.u32();
  else if (opcode >= 0x20 && opcode <= 0x26) reader.u32();
  else if (opcode === 0x11 || (opcode >= 0x28 && opcode <= 0x3e)) {
    reader.u32();
    reader.u32();
  } else if (opcode === 0x1c) reader.vector(() => reader.byte());
  else if (opcode === 0x3f || opcode === 0x40 || opcode === 0xd0) reader.byte();
  else if (opcode === 0x41) reader.s32();
  else if (opcode === 0x42) reader.s64();
  else if (opcode === 0x43) reader.bytes(4);
  else if (opcode === 0x44) reader.bytes(8);
  else if (opcode === 0xfc) {
    const sub = reader.u32();
    const immediates = sub < 8 ? 0 : sub === 8 || sub === 10 || sub === 12 || sub === 14 ? 2 : 1;
    for (let count = 0; count < immediates; count++) reader.u32();
  } else if (!numericOpcode(opcode) && ![0x00, 0x01, 0x05, 0x0f, 0x1a, 0x1b, 0xd1].includes(opcode)) {
    throw unsupported(state, opcode, at);
  }
}

/** The error for an opcode that is not supported, naming its proposal. */
export function unsupported(state: FunctionState, opcode: number, at: number): ModuleError {
  const known: Readonly<Record<number, string>> = {
    0x06: "exception handling",
    0x07: "exception handling",
    0x08: "exception handling",
    0x09: "exception handling",
    0x12: "tail calls",
    0x13: "tail calls",
    0x14: "typed function references",
    0xfb: "garbage collection",
    0xfd: "SIMD",
    0xfe: "threads",
  };
  const what = known[opcode] ? `${known[opcode]} (opcode 0x${opcode.toString(16)})` : `opcode 0x${opcode.toString(16)}`;
  return new ModuleError(`${what} in function ${state.index} is not supported`, at);
}
