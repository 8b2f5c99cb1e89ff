import { decode } from "./decode.js";
import { sizeOf } from "./encoding.js";
import type { Instruction, Register, Target } from "./instruction.js";

const name = (register: Register): string => ["sp", "lr", "pc"][register - 13] ?? `r${register}`;

function listOf(registers: readonly Register[]): string {
  const parts: string[] = [];
  for (let first = 0; first < registers.length;) {
    let last = first;
    while (registers[last + 1] === registers[last] + 1 && registers[last + 1] < 8) last++;
    parts.push(last > first + 1 ? `${name(registers[first])}-${name(registers[last])}` : name(registers[first]));
    first = last > first + 1 ? last + 1 : first + 1;
  }
  return `{${parts.join(", ")}}`;
}

/**
 * An instruction in unified assembly language (UAL), as the assembler here reads it.
 * @param labelAt name for a resolved target; an address in hexadecimal where it knows none
 */
export function format(
  instruction: Instruction,
  labelAt: (target: number) => string | undefined = () => undefined,
): string {
  const i = instruction;
  const place = (target: Target): string =>
    typeof target === "string" ? target : (labelAt(target) ?? `0x${target.toString(16)}`);
  switch (i.kind) {
    case "shift":
      return i.op === "lsls" && i.imm === 0
        ? `movs ${name(i.rd)}, ${name(i.rm)}`
        : `${i.op} ${name(i.rd)}, ${name(i.rm)}, #${i.imm}`;
    case "add3":
      return `${i.op} ${name(i.rd)}, ${name(i.rn)}, ${name(i.rm)}`;
    case "imm3":
      return `${i.op} ${name(i.rd)}, ${name(i.rn)}, #${i.imm}`;
    case "imm8":
      return `${i.op} ${name(i.rd)}, #${i.imm}`;
    case "register":
      if (i.op === "rsbs") return `rsbs ${name(i.rd)}, ${name(i.rm)}, #0`;
      if (i.op === "muls") return `muls ${name(i.rd)}, ${name(i.rm)}, ${name(i.rd)}`;
      return `${i.op} ${name(i.rd)}, ${name(i.rm)}`;
    case "high":
    case "extend":
      return `${i.op} ${name(i.rd)}, ${name(i.rm)}`;
    case "bx":
    case "blx":
      return `${i.kind} ${name(i.rm)}`;
    case "ldrLiteral":
      return `ldr ${name(i.rd)}, ${place(i.target)}`;
    case "adr":
      return `adr ${name(i.rd)}, ${place(i.target)}`;
    case "memoryRegister":
      return `${i.op} ${name(i.rt)}, [${name(i.rn)}, ${name(i.rm)}]`;
    case "memoryImmediate":
      return `${i.op} ${name(i.rt)}, [${name(i.rn)}${i.imm ? `, #${i.imm}` : ""}]`;
    case "memorySp":
      return `${i.op} ${name(i.rt)}, [sp${i.imm ? `, #${i.imm}` : ""}]`;
    case "addSp":
      return `add ${name(i.rd)}, sp, #${i.imm}`;
    case "moveSp":
      return `${i.op} sp, #${i.imm}`;
    case "push":
    case "pop":
      return `${i.kind} ${listOf(i.registers)}`;
    case "stmia":
      return `stmia ${name(i.rn)}!, ${listOf(i.registers)}`;
    case "ldmia":
      return `ldmia ${name(i.rn)}${i.registers.includes(i.rn) ? "" : "!"}, ${listOf(i.registers)}`;
    case "cps":
      return `${i.op} i`;
    case "bkpt":
    case "svc":
    case "udf":
      return `${i.kind} #${i.imm}`;
    case "udfWide":
      return `udf.w #${i.imm}`;
    case "hint":
      return i.op;
    case "branchIf":
      return `b${i.condition} ${place(i.target)}`;
    case "b":
    case "bl":
      return `${i.kind} ${place(i.target)}`;
    case "mrs":
      return `mrs ${name(i.rd)}, ${i.special}`;
    case "msr":
      return `msr ${i.special}, ${name(i.rn)}`;
    case "barrier":
      return `${i.op} sy`;
  }
}

/** One line of a listing. */
export interface ListedInstruction {
  /** Byte offset from the start of the code. */
  readonly at: number;
  /** One or two halfwords. */
  readonly halfwords: readonly number[];
  /** UAL; `.hword 0x...` where the halfword is no instruction, `.word 0x...` where it is data. */
  readonly text: string;
  /** Undefined for data. */
  readonly instruction?: Instruction;
}

/**
 * Code as UAL text.
 * @param code little-endian halfwords, from offset 0
 * @param options.from and options.to the part to list, bytes; all when left out
 * @param options.labelAt names of targets
 * @param options.isData says which 4-aligned words aren't code (literal pools)
 */
export function disassemble(
  code: Uint8Array,
  options: {
    readonly from?: number;
    readonly to?: number;
    readonly labelAt?: (target: number) => string | undefined;
    readonly isData?: (at: number) => boolean;
  } = {},
): ListedInstruction[] {
  const { from = 0, to = code.length, labelAt, isData = () => false } = options;
  const half = (at: number): number => code[at] | (code[at + 1] << 8);
  const lines: ListedInstruction[] = [];
  for (let at = from; at + 2 <= to;) {
    const second = at + 4 <= to ? half(at + 2) : undefined;
    if (second !== undefined && at % 4 === 0 && isData(at)) {
      const word = (half(at) | (second << 16)) >>> 0;
      lines.push({ at, halfwords: [half(at), second], text: `.word 0x${word.toString(16).padStart(8, "0")}` });
      at += 4;
      continue;
    }
    const instruction = decode(half(at), at, second);
    const wide = instruction !== undefined && sizeOf(instruction) === 4;
    const halfwords = wide ? [half(at), second!] : [half(at)];
    const text = instruction ? format(instruction, labelAt) : `.hword 0x${half(at).toString(16).padStart(4, "0")}`;
    lines.push(instruction ? { at, halfwords, text, instruction } : { at, halfwords, text });
    at += halfwords.length * 2;
  }
  return lines;
}
