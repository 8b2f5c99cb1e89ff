import { type Instruction, LR, type Register } from "../../instruction.js";
import type { End, Piece } from "./function.js";

/** Registers that a call may change, beside those it gives results in. */
const CALL_CLOBBERS: readonly Register[] = [0, 1, 2, 3, 12, LR];
const NONE: readonly Register[] = [];

/** The registers that a piece reads and writes, virtual ones and real ones. */
export function registersOf(piece: Piece): { uses: readonly Register[]; defs: readonly Register[] } {
  switch (piece.kind) {
    case "move":
    case "shift":
    case "extend":
      return { uses: [piece.rm], defs: [piece.rd] };
    case "moveIf":
      return { uses: [piece.rd, piece.rm], defs: [piece.rd] };
    case "setIf":
      return { uses: [piece.rd], defs: [piece.rd] };
    case "constant":
    case "codeAddress":
    case "codeOffset":
    case "memoryAddress":
    case "borrow":
    case "incoming":
    case "reload":
      return { uses: NONE, defs: [piece.rd] };
    case "fuel":
      return { uses: NONE, defs: [piece.rd, LR] };
    case "call":
      return { uses: piece.uses, defs: [...CALL_CLOBBERS, ...piece.defs] };
    case "callRegister":
      return { uses: [piece.rm, ...piece.uses], defs: [...CALL_CLOBBERS, ...piece.defs] };
    case "outgoing":
    case "spill":
      return { uses: [piece.rt], defs: NONE };
    case "slowIf":
      return { uses: NONE, defs: [LR] };
    case "trapIf":
    case "stackCheck":
      return { uses: NONE, defs: NONE };
    default:
      return ofInstruction(piece);
  }
}

function ofInstruction(piece: Instruction): { uses: readonly Register[]; defs: readonly Register[] } {
  switch (piece.kind) {
    case "add3":
      return { uses: [piece.rn, piece.rm], defs: [piece.rd] };
    case "imm3":
      return { uses: [piece.rn], defs: [piece.rd] };
    case "imm8":
      return {
        uses: piece.op === "movs" ? NONE : [piece.rd],
        defs: piece.op === "cmp" ? NONE : [piece.rd],
      };
    case "register": {
      const compares = piece.op === "cmp" || piece.op === "tst" || piece.op === "cmn";
      const replaces = piece.op === "rsbs" || piece.op === "mvns";
      return { uses: replaces ? [piece.rm] : [piece.rd, piece.rm], defs: compares ? NONE : [piece.rd] };
    }
    case "high":
      return {
        uses: piece.op === "mov" ? [piece.rm] : [piece.rd, piece.rm],
        defs: piece.op === "cmp" ? NONE : [piece.rd],
      };
    case "memoryRegister":
      return piece.op.startsWith("str")
        ? { uses: [piece.rt, piece.rn, piece.rm], defs: NONE }
        : { uses: [piece.rn, piece.rm], defs: [piece.rt] };
    case "memoryImmediate":
      return piece.op.startsWith("str")
        ? { uses: [piece.rt, piece.rn], defs: NONE }
        : { uses: [piece.rn], defs: [piece.rt] };
    default:
      throw new Error(`${piece.kind} isn't selected before registers are known`);
  }
}

/** Whether a piece computes a register and leaves the flags as a comparison of it with zero would leave Z. */
export function setsFlagsOf(piece: Piece, register: Register): boolean {
  switch (piece.kind) {
    case "shift":
    case "add3":
    case "imm3":
      return piece.rd === register;
    case "imm8":
      return piece.op !== "cmp" && piece.rd === register;
    case "register":
      return !["cmp", "tst", "cmn"].includes(piece.op) && piece.rd === register;
    default:
      return false;
  }
}

/** The registers that a block's end reads. */
export function usesOf(end: End): readonly Register[] {
  if (end.kind === "return") return end.uses;
  return end.kind === "table" ? [end.index] : NONE;
}

/** The same piece with other registers in its register fields. */
export function withRegisters(piece: Piece, map: (register: Register) => Register): Piece {
  const changed: Record<string, unknown> = {};
  for (const field of ["rd", "rn", "rm", "rt"] as const) {
    const register = (piece as unknown as Record<string, unknown>)[field];
    if (typeof register === "number") changed[field] = map(register);
  }
  return { ...piece, ...changed } as Piece;
}
