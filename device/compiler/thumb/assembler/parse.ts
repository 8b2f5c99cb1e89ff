import { conditions, hintOps, registerOffsetOps, registerOps, specialRegisters } from "../encoding.js";
import * as make from "../instruction.js";
import type { Instruction, Register } from "../instruction.js";
import { AssemblyError } from "./assembly-error.js";
import { operandsOf } from "./operands.js";
import type { Operand } from "./operands.js";

/** `ldr rd, =value`: the layout finds a place for the value near by. */
export interface PooledLoad {
  readonly kind: "pooledLoad";
  readonly rd: Register;
  readonly value: number;
}

/**
 * One instruction in UAL, with labels as they stand.
 * @param text without label, directive or comment
 * @throws AssemblyError when ARMv6-M has no such instruction
 */
export function parseInstruction(text: string): Instruction | PooledLoad {
  const [, mnemonic, rest] = /^(\S+)\s*(.*)$/.exec(text.trim()) ?? [text, "", ""];
  const operands = operandsOf(rest, text);
  const instruction = match(mnemonic.toLowerCase(), operands);
  if (!instruction) throw new AssemblyError(`ARMv6-M has no "${text.trim()}"`);
  return instruction;
}

const extendOps = ["sxth", "sxtb", "uxth", "uxtb", "rev", "rev16", "revsh"];
const conditionNames = new Map([...conditions.map((name) => [name, name] as const), ["cs", "hs"], ["cc", "lo"]]);

function match(mnemonic: string, operands: readonly Operand[]): Instruction | PooledLoad | undefined {
  const shape = operands.map((operand) => operand.kind).join(" ");
  const register = (index: number): Register => operands[index].register;
  const number = (index: number): number => operands[index].number;
  const target = (index: number): make.Target => operands[index].target;
  const low = (...indices: number[]): boolean => indices.every((index) => register(index) < 8);

  switch (mnemonic) {
    case "lsls":
    case "lsrs":
    case "asrs":
      if (shape === "register register number") return make.shift(mnemonic, register(0), register(1), number(2));
      if (shape === "register number") return make.shift(mnemonic, register(0), register(0), number(1));
      break;
    case "adds":
    case "subs":
      if (shape === "register register register") return make.add3(mnemonic, register(0), register(1), register(2));
      if (shape === "register register") return make.add3(mnemonic, register(0), register(0), register(1));
      if (shape === "register number") return make.imm8(mnemonic, register(0), number(1));
      if (shape !== "register register number") return undefined;
      // As GNU as does: the short immediate where it is enough.
      return register(0) === register(1) && number(2) > 7
        ? make.imm8(mnemonic, register(0), number(2))
        : make.imm3(mnemonic, register(0), register(1), number(2));
    case "movs":
      if (shape === "register number") return make.imm8("movs", register(0), number(1));
      return shape === "register register" ? make.shift("lsls", register(0), register(1), 0) : undefined;
    case "cmp":
      if (shape === "register number") return make.imm8("cmp", register(0), number(1));
      if (shape !== "register register") return undefined;
      return low(0, 1) ? make.register("cmp", register(0), register(1)) : make.high("cmp", register(0), register(1));
    case "mov":
      return shape === "register register" ? make.mov(register(0), register(1)) : undefined;
    case "add":
    case "sub":
      return matchAdd(mnemonic, shape, operands);
    case "rsbs":
    case "negs":
      if (mnemonic === "rsbs" && (shape !== "register register number" || number(2) !== 0)) return undefined;
      return make.register("rsbs", register(0), register(1));
    case "muls":
      if (shape === "register register register" && register(2) !== register(0)) {
        return register(1) === register(0) ? make.register("muls", register(0), register(2)) : undefined;
      }
      return make.register("muls", register(0), register(1));
    case "bx":
    case "blx":
      return shape !== "register" ? undefined : mnemonic === "bx" ? make.bx(register(0)) : make.blx(register(0));
    case "b":
    case "bl":
      return operands.length === 1 ? { kind: mnemonic, target: target(0) } : undefined;
    case "adr":
      return operands.length === 2 ? make.adr(register(0), target(1)) : undefined;
    case "push":
    case "pop":
      return shape === "list" ? { kind: mnemonic, registers: operands[0].list } : undefined;
    case "stm":
    case "stmia":
      return shape === "base list" ? make.stmia(register(0), operands[1].list) : undefined;
    case "ldm":
    case "ldmia":
      if (shape !== "base list" && shape !== "register list") return undefined;
      // Written back exactly when the base isn't loaded (A6.7.25).
      if (operands[1].list.includes(register(0)) !== (shape === "register list")) return undefined;
      return make.ldmia(register(0), operands[1].list);
    case "cpsie":
    case "cpsid":
      return operands.length === 1 && target(0) === "i" ? make.cps(mnemonic) : undefined;
    case "bkpt":
    case "svc":
    case "udf":
      return shape === "number" ? { kind: mnemonic, imm: number(0) } : undefined;
    case "udf.w":
      return shape === "number" ? make.udfWide(number(0)) : undefined;
    case "mrs":
      return shape === "register label" && isSpecial(target(1)) ? make.mrs(register(0), target(1) as never) : undefined;
    case "msr":
      return shape === "label register" && isSpecial(target(0)) ? make.msr(target(0) as never, register(1)) : undefined;
    case "dsb":
    case "dmb":
    case "isb":
      return operands.length === 0 || target(0) === "sy" ? make.barrier(mnemonic) : undefined;
    case "ldr":
      if (shape === "register literal") return { kind: "pooledLoad", rd: register(0), value: number(1) };
      if (shape === "register label" || shape === "register number") return make.ldrLiteral(register(0), target(1));
      break;
  }
  if (registerOffsetOps.includes(mnemonic)) return matchMemory(mnemonic as make.RegisterOffsetOp, shape, operands);
  if (extendOps.includes(mnemonic)) {
    return shape === "register register" ? make.extend(mnemonic as make.ExtendOp, register(0), register(1)) : undefined;
  }
  if (hintOps.includes(mnemonic)) return operands.length === 0 ? make.hint(mnemonic as make.HintOp) : undefined;
  if (registerOps.includes(mnemonic)) {
    if (shape === "register register") return make.register(mnemonic as make.RegisterOp, register(0), register(1));
    return shape === "register register register" && register(0) === register(1)
      ? make.register(mnemonic as make.RegisterOp, register(0), register(2))
      : undefined;
  }
  const condition = mnemonic.startsWith("b") ? conditionNames.get(mnemonic.slice(1)) : undefined;
  return condition && operands.length === 1 ? make.branchIf(condition as make.Condition, target(0)) : undefined;
}

const isSpecial = (target: make.Target): boolean => Object.hasOwn(specialRegisters, target);

function matchAdd(mnemonic: "add" | "sub", shape: string, operands: readonly Operand[]): Instruction | undefined {
  const [first, second, third] = operands;
  if (shape === "register number" && first.register === make.SP) return make.moveSp(mnemonic, second.number);
  if (shape === "register register number" && second.register === make.SP) {
    if (first.register === make.SP) return make.moveSp(mnemonic, third.number);
    return mnemonic === "add" ? make.addSp(first.register, third.number) : undefined;
  }
  if (mnemonic === "sub") return undefined;
  if (shape === "register register") return make.high("add", first.register, second.register);
  if (shape !== "register register register") return undefined;
  if (first.register === second.register) return make.high("add", first.register, third.register);
  return first.register === third.register ? make.high("add", first.register, second.register) : undefined;
}

function matchMemory(op: make.RegisterOffsetOp, shape: string, operands: readonly Operand[]): Instruction | undefined {
  if (shape !== "register address") return undefined;
  const rt = operands[0].register;
  const { register: rn, index, number } = operands[1];
  if (index !== undefined) return make.memoryRegister(op, rt, rn, index);
  if (op === "ldrsb" || op === "ldrsh") return undefined;
  if (rn !== make.SP) return make.memoryImmediate(op, rt, rn, number);
  return op === "ldr" || op === "str" ? make.memorySp(op, rt, number) : undefined;
}
