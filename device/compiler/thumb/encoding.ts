import { LR, PC } from "./instruction.js";
import type { Instruction, Register, Target } from "./instruction.js";

/** Order of the operations in their opcode fields (ARM DDI 0419, A5.2). */
export const registerOps = "ands eors lsls lsrs asrs adcs sbcs rors tst rsbs cmp cmn orrs muls bics mvns".split(" ");
export const conditions = "eq ne hs lo mi pl vs vc hi ls ge lt gt le".split(" ");
export const registerOffsetOps = "str strh strb ldrsb ldr ldrh ldrb ldrsh".split(" ");
export const hintOps = "nop yield wfe wfi sev".split(" ");
/** SYSm numbers (ARM DDI 0419, B5.1.1). */
export const specialRegisters: Readonly<Record<string, number>> = {
  ...{ apsr: 0, iapsr: 1, eapsr: 2, xpsr: 3, ipsr: 5, epsr: 6, iepsr: 7 },
  ...{ msp: 8, psp: 9, primask: 16, control: 20 },
};
export const barrierCodes: Readonly<Record<string, number>> = { dsb: 4, dmb: 5, isb: 6 };

/** Bytes that the instruction takes: 2 or 4. */
export function sizeOf(instruction: Instruction): 2 | 4 {
  switch (instruction.kind) {
    case "bl":
    case "udfWide":
    case "mrs":
    case "msr":
    case "barrier":
      return 4;
    default:
      return 2;
  }
}

/** How far from its address + 4 (word-aligned for a literal) the target of an instruction may be, in bytes. */
export function reachOf(kind: "branchIf" | "b" | "bl" | "ldrLiteral" | "adr"): readonly [least: number, most: number] {
  switch (kind) {
    case "branchIf":
      return [-256, 254];
    case "b":
      return [-2048, 2046];
    case "bl":
      return [-(2 ** 24), 2 ** 24 - 2];
    default:
      return [0, 1020];
  }
}

/**
 * The instruction's one or two halfwords (ARM DDI 0419, A5-A6).
 * @param at the instruction's own byte offset from the start of the code; the code is 4-aligned
 * @throws RangeError when an operand doesn't fit the encoding or a label isn't resolved
 */
export function encode(instruction: Instruction, at: number): readonly number[] {
  const fail = (message: string): never => {
    throw new RangeError(`${message} in ${JSON.stringify(instruction)} at 0x${at.toString(16)}`);
  };
  const low = (register: Register): number =>
    Number.isInteger(register) && register >= 0 && register <= 7 ? register : fail(`r${register} isn't one of r0-r7`);
  const any = (register: Register): number =>
    Number.isInteger(register) && register >= 0 && register <= 15 ? register : fail(`There is no r${register}`);
  const general = (register: Register): number =>
    any(register) === 13 || register === 15 ? fail("SP and PC can't be used here") : register;
  const number = (value: number, least: number, most: number, scale = 1): number =>
    Number.isInteger(value) && value >= least && value <= most && value % scale === 0
      ? value / scale
      : fail(`${value} isn't a ${scale === 1 ? "number" : `multiple of ${scale}`} from ${least} to ${most}`);
  const list = (registers: readonly Register[], extra?: Register): number => {
    if (registers.length === 0) fail("A list of registers can't be empty");
    let bits = 0;
    for (const register of registers) bits |= register === extra ? 0x100 : 1 << low(register);
    return bits;
  };
  const distance = (target: Target, kind: "branchIf" | "b" | "bl" | "ldrLiteral" | "adr"): number => {
    if (typeof target === "string") return fail(`The label ${target} has no place yet`);
    const literal = kind === "ldrLiteral" || kind === "adr";
    const base = literal ? (at + 4) & ~3 : at + 4;
    const [least, most] = reachOf(kind);
    return number(target - base, least, most, literal ? 4 : 2);
  };
  const i = instruction;
  switch (i.kind) {
    case "shift": {
      const count = i.op === "lsls" ? number(i.imm, 0, 31) : number(i.imm, 1, 32) & 31;
      const op = { lsls: 0x0000, lsrs: 0x0800, asrs: 0x1000 }[i.op];
      return [op | (count << 6) | (low(i.rm) << 3) | low(i.rd)];
    }
    case "add3":
      return [(i.op === "adds" ? 0x1800 : 0x1a00) | (low(i.rm) << 6) | (low(i.rn) << 3) | low(i.rd)];
    case "imm3":
      return [(i.op === "adds" ? 0x1c00 : 0x1e00) | (number(i.imm, 0, 7) << 6) | (low(i.rn) << 3) | low(i.rd)];
    case "imm8": {
      const op = { movs: 0x2000, cmp: 0x2800, adds: 0x3000, subs: 0x3800 }[i.op];
      return [op | (low(i.rd) << 8) | number(i.imm, 0, 255)];
    }
    case "register":
      return [0x4000 | (registerOps.indexOf(i.op) << 6) | (low(i.rm) << 3) | low(i.rd)];
    case "high": {
      const op = { add: 0x4400, cmp: 0x4500, mov: 0x4600 }[i.op];
      const rd = any(i.rd);
      // Unpredictable (A6.7.3, A6.7.17): ADD of PC to PC; CMP of two low registers (T1 is for those) or with PC.
      if (i.op === "add" && i.rd === PC && i.rm === PC) fail("PC can't be added to PC");
      if (i.op === "cmp" && (i.rd === PC || i.rm === PC || (i.rd < 8 && i.rm < 8))) {
        fail("cmp of high registers needs one of r8-r14 and no PC");
      }
      return [op | ((rd & 8) << 4) | (any(i.rm) << 3) | (rd & 7)];
    }
    case "bx":
      return [0x4700 | ((i.rm === PC ? fail("bx can't take PC") : any(i.rm)) << 3)];
    case "blx":
      return [0x4780 | ((i.rm === PC ? fail("blx can't take PC") : any(i.rm)) << 3)];
    case "ldrLiteral":
      return [0x4800 | (low(i.rd) << 8) | distance(i.target, i.kind)];
    case "adr":
      return [0xa000 | (low(i.rd) << 8) | distance(i.target, i.kind)];
    case "memoryRegister":
      return [0x5000 | (registerOffsetOps.indexOf(i.op) << 9) | (low(i.rm) << 6) | (low(i.rn) << 3) | low(i.rt)];
    case "memoryImmediate": {
      const op = { str: 0x6000, ldr: 0x6800, strb: 0x7000, ldrb: 0x7800, strh: 0x8000, ldrh: 0x8800 }[i.op];
      const size = i.op.endsWith("b") ? 1 : i.op.endsWith("h") ? 2 : 4;
      return [op | (number(i.imm, 0, 31 * size, size) << 6) | (low(i.rn) << 3) | low(i.rt)];
    }
    case "memorySp":
      return [(i.op === "str" ? 0x9000 : 0x9800) | (low(i.rt) << 8) | number(i.imm, 0, 1020, 4)];
    case "addSp":
      return [0xa800 | (low(i.rd) << 8) | number(i.imm, 0, 1020, 4)];
    case "moveSp":
      return [(i.op === "add" ? 0xb000 : 0xb080) | number(i.imm, 0, 508, 4)];
    case "extend": {
      const op = { sxth: 0xb200, sxtb: 0xb240, uxth: 0xb280, uxtb: 0xb2c0, rev: 0xba00, rev16: 0xba40, revsh: 0xbac0 };
      return [op[i.op] | (low(i.rm) << 3) | low(i.rd)];
    }
    case "push":
      return [0xb400 | list(i.registers, LR)];
    case "pop":
      return [0xbc00 | list(i.registers, PC)];
    case "stmia":
    case "ldmia": {
      const bits = list(i.registers);
      // Unpredictable (A6.7.58): storing a base that isn't the lowest of the list.
      const below = (1 << low(i.rn)) - 1;
      if (i.kind === "stmia" && bits & (1 << i.rn) && bits & below) fail("The base stored must be the lowest register");
      return [(i.kind === "stmia" ? 0xc000 : 0xc800) | (i.rn << 8) | bits];
    }
    case "cps":
      return [i.op === "cpsie" ? 0xb662 : 0xb672];
    case "bkpt":
      return [0xbe00 | number(i.imm, 0, 255)];
    case "svc":
      return [0xdf00 | number(i.imm, 0, 255)];
    case "udf":
      return [0xde00 | number(i.imm, 0, 255)];
    case "udfWide": {
      const imm = number(i.imm, 0, 65535);
      return [0xf7f0 | (imm >> 12), 0xa000 | (imm & 0xfff)];
    }
    case "hint":
      return [0xbf00 | (hintOps.indexOf(i.op) << 4)];
    case "branchIf":
      return [0xd000 | (conditions.indexOf(i.condition) << 8) | (distance(i.target, i.kind) & 0xff)];
    case "b":
      return [0xe000 | (distance(i.target, i.kind) & 0x7ff)];
    case "bl": {
      // A6.7.13: S, I1 and I2 are bits 24-22 of the distance; J = not (I xor S).
      const offset = distance(i.target, i.kind);
      const sign = (offset >> 23) & 1;
      const j1 = ~((offset >> 22) ^ sign) & 1;
      const j2 = ~((offset >> 21) ^ sign) & 1;
      return [0xf000 | (sign << 10) | ((offset >> 11) & 0x3ff), 0xd000 | (j1 << 13) | (j2 << 11) | (offset & 0x7ff)];
    }
    case "mrs":
      return [0xf3ef, 0x8000 | (general(i.rd) << 8) | specialRegisters[i.special]];
    case "msr":
      return [0xf380 | general(i.rn), 0x8800 | specialRegisters[i.special]];
    case "barrier":
      return [0xf3bf, 0x8f0f | (barrierCodes[i.op] << 4)];
  }
}
