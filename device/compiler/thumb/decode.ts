import { barrierCodes, conditions, hintOps, registerOffsetOps, registerOps, specialRegisters } from "./encoding.js";
import * as make from "./instruction.js";
import type { Instruction } from "./instruction.js";

const shiftOps = ["lsls", "lsrs", "asrs"] as const;
const immediate8Ops = ["movs", "cmp", "adds", "subs"] as const;
const highOps = ["add", "cmp", "mov"] as const;
const immediateOffsetOps = ["str", "ldr", "strb", "ldrb", "strh", "ldrh"] as const;
const extendOps: Readonly<Record<number, make.ExtendOp>> = {
  ...{ 0xb200: "sxth", 0xb240: "sxtb", 0xb280: "uxth", 0xb2c0: "uxtb" },
  ...{ 0xba00: "rev", 0xba40: "rev16", 0xbac0: "revsh" },
};

const nameOf = (codes: Readonly<Record<string, number>>, code: number): string | undefined =>
  Object.keys(codes).find((name) => codes[name] === code);

function registersOf(bits: number, extra: make.Register): make.Register[] {
  const registers = [0, 1, 2, 3, 4, 5, 6, 7].filter((register) => bits & (1 << register));
  return bits & 0x100 ? [...registers, extra] : registers;
}

/**
 * The instruction that `encode` makes these halfwords of (ARM DDI 0419, A5), targets resolved.
 * @param at the instruction's byte offset from the start of the code
 * @param second the halfword behind it, which 32-bit instructions need
 * @returns undefined for what is undefined, unpredictable or reserved on ARMv6-M
 */
export function decode(half: number, at: number, second?: number): Instruction | undefined {
  return half >= 0xf000
    ? second === undefined
      ? undefined
      : decodeWide(half, second, at)
    : half >= 0xe800
      ? undefined
      : decodeNarrow(half, at);
}

function decodeNarrow(half: number, at: number): Instruction | undefined {
  const r0 = half & 7;
  const r3 = (half >> 3) & 7;
  const r6 = (half >> 6) & 7;
  const r8 = (half >> 8) & 7;
  const imm5 = (half >> 6) & 31;
  const imm8 = half & 255;
  switch (half >> 12) {
    case 0x0:
    case 0x1: {
      const op = half >> 11;
      if (op < 3) return make.shift(shiftOps[op], r0, r3, op === 0 ? imm5 : imm5 || 32);
      const addSub = half & 0x200 ? "subs" : "adds";
      return half & 0x400 ? make.imm3(addSub, r0, r3, r6) : make.add3(addSub, r0, r3, r6);
    }
    case 0x2:
    case 0x3:
      return make.imm8(immediate8Ops[(half >> 11) & 3], r8, imm8);
    case 0x4:
      if (half & 0x800) return make.ldrLiteral(r8, ((at + 4) & ~3) + imm8 * 4);
      if (half & 0x400) return decodeHigh(half);
      return make.register(registerOps[(half >> 6) & 15] as make.RegisterOp, r0, r3);
    case 0x5:
      return make.memoryRegister(registerOffsetOps[(half >> 9) & 7] as make.RegisterOffsetOp, r0, r3, r6);
    case 0x6:
    case 0x7:
    case 0x8: {
      const op = (half >> 11) - 12;
      return make.memoryImmediate(immediateOffsetOps[op], r0, r3, imm5 * [4, 1, 2][op >> 1]);
    }
    case 0x9:
      return make.memorySp(half & 0x800 ? "ldr" : "str", r8, imm8 * 4);
    case 0xa:
      return half & 0x800 ? make.addSp(r8, imm8 * 4) : make.adr(r8, ((at + 4) & ~3) + imm8 * 4);
    case 0xb:
      return decodeMiscellaneous(half);
    case 0xc: {
      const registers = registersOf(imm8, 0);
      if (registers.length === 0) return undefined;
      if (half & 0x800) return make.ldmia(r8, registers);
      return registers.includes(r8) && registers[0] !== r8 ? undefined : make.stmia(r8, registers);
    }
    case 0xd: {
      const condition = (half >> 8) & 15;
      if (condition === 14) return make.udf(imm8);
      if (condition === 15) return make.svc(imm8);
      return make.branchIf(conditions[condition] as make.Condition, at + 4 + ((half << 24) >> 23));
    }
    default:
      return make.b(at + 4 + ((half << 21) >> 20));
  }
}

function decodeHigh(half: number): Instruction | undefined {
  const rm = (half >> 3) & 15;
  const rd = (half & 7) | ((half >> 4) & 8);
  const op = (half >> 8) & 3;
  if (op === 3) {
    if (half & 7 || rm === make.PC) return undefined;
    return half & 0x80 ? make.blx(rm) : make.bx(rm);
  }
  if (op === 0 && rd === make.PC && rm === make.PC) return undefined;
  if (op === 1 && (rd === make.PC || rm === make.PC || (rd < 8 && rm < 8))) return undefined;
  return make.high(highOps[op], rd, rm);
}

function decodeMiscellaneous(half: number): Instruction | undefined {
  const extend = extendOps[half & 0xffc0];
  if (extend) return make.extend(extend, half & 7, (half >> 3) & 7);
  if (half === 0xb662) return make.cps("cpsie");
  if (half === 0xb672) return make.cps("cpsid");
  switch (half & 0xff00) {
    case 0xb000:
      return make.moveSp(half & 0x80 ? "sub" : "add", (half & 127) * 4);
    case 0xb400:
    case 0xb500:
      return half & 0x1ff ? make.push(registersOf(half & 0x1ff, make.LR)) : undefined;
    case 0xbc00:
    case 0xbd00:
      return half & 0x1ff ? make.pop(registersOf(half & 0x1ff, make.PC)) : undefined;
    case 0xbe00:
      return make.bkpt(half & 255);
    case 0xbf00: {
      const op = hintOps[(half >> 4) & 15];
      return half & 15 || !op ? undefined : make.hint(op as make.HintOp);
    }
    default:
      return undefined;
  }
}

function decodeWide(first: number, second: number, at: number): Instruction | undefined {
  if (first < 0xf800 && (second & 0xd000) === 0xd000) {
    const sign = (first >> 10) & 1;
    const i1 = ~((second >> 13) ^ sign) & 1;
    const i2 = ~((second >> 11) ^ sign) & 1;
    const offset = (-sign << 24) | (i1 << 23) | (i2 << 22) | ((first & 0x3ff) << 12) | ((second & 0x7ff) << 1);
    return make.bl(at + 4 + offset);
  }
  if ((first & 0xfff0) === 0xf7f0 && (second & 0xf000) === 0xa000) {
    return make.udfWide(((first & 15) << 12) | (second & 0xfff));
  }
  const low = second & 255;
  if (first === 0xf3bf && (second & 0xff0f) === 0x8f0f) {
    const op = nameOf(barrierCodes, low >> 4);
    return op === undefined ? undefined : make.barrier(op as make.BarrierOp);
  }
  const special = nameOf(specialRegisters, low) as make.SpecialRegister | undefined;
  const usable = (register: number): boolean => register !== make.SP && register !== make.PC;
  if (special === undefined) return undefined;
  if (first === 0xf3ef && (second & 0xf000) === 0x8000 && usable((second >> 8) & 15)) {
    return make.mrs((second >> 8) & 15, special);
  }
  if ((first & 0xfff0) === 0xf380 && (second & 0xff00) === 0x8800 && usable(first & 15)) {
    return make.msr(special, first & 15);
  }
  return undefined;
}
