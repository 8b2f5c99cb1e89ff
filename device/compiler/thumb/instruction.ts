/**
 * The instructions of ARMv6-M as data (ARM DDI 0419, chapter A6), one constructor each, named as in UAL.
 *
 * For whoever makes code: registers are numbers 0-15 (`SP`, `LR`, `PC` are 13-15). A branch, `ldrLiteral` and `adr`
 * have a target: a label (any string; the layout pass replaces it, see `resolve`) or, resolved, the byte offset of the
 * target from the start of the same code. Nothing is checked here: `encode` checks ranges, when it is all known.
 */

/** A register's number, 0-15. Most instructions take 0-7 alone. */
export type Register = number;
export const SP = 13;
export const LR = 14;
export const PC = 15;

/** Where a branch or a literal load goes: a label, or the byte offset from the start of the code. */
export type Target = string | number;

export type ShiftOp = "lsls" | "lsrs" | "asrs";
export type AddSub = "adds" | "subs";
export type Immediate8Op = "movs" | "cmp" | AddSub;
export type RegisterOp =
  | ("ands" | "eors" | ShiftOp | "adcs" | "sbcs" | "rors" | "tst" | "rsbs" | "cmp" | "cmn" | "orrs")
  | ("muls" | "bics" | "mvns");
export type HighOp = "add" | "cmp" | "mov";
export type ExtendOp = "sxth" | "sxtb" | "uxth" | "uxtb" | "rev" | "rev16" | "revsh";
export type ImmediateOffsetOp = "str" | "ldr" | "strb" | "ldrb" | "strh" | "ldrh";
export type RegisterOffsetOp = ImmediateOffsetOp | "ldrsb" | "ldrsh";
export type Condition = "eq" | "ne" | "hs" | "lo" | "mi" | "pl" | "vs" | "vc" | "hi" | "ls" | "ge" | "lt" | "gt" | "le";
export type HintOp = "nop" | "yield" | "wfe" | "wfi" | "sev";
export type BarrierOp = "dsb" | "dmb" | "isb";
export type SpecialRegister =
  ("apsr" | "iapsr" | "eapsr" | "xpsr" | "ipsr" | "epsr" | "iepsr") | ("msp" | "psp" | "primask" | "control");

export type Instruction =
  | { readonly kind: "shift"; readonly op: ShiftOp; readonly rd: Register; readonly rm: Register; readonly imm: number }
  | { readonly kind: "add3"; readonly op: AddSub; readonly rd: Register; readonly rn: Register; readonly rm: Register }
  | { readonly kind: "imm3"; readonly op: AddSub; readonly rd: Register; readonly rn: Register; readonly imm: number }
  | { readonly kind: "imm8"; readonly op: Immediate8Op; readonly rd: Register; readonly imm: number }
  | { readonly kind: "register"; readonly op: RegisterOp; readonly rd: Register; readonly rm: Register }
  | { readonly kind: "high"; readonly op: HighOp; readonly rd: Register; readonly rm: Register }
  | { readonly kind: "extend"; readonly op: ExtendOp; readonly rd: Register; readonly rm: Register }
  | { readonly kind: "bx" | "blx"; readonly rm: Register }
  | { readonly kind: "ldrLiteral" | "adr"; readonly rd: Register; readonly target: Target }
  | {
      readonly kind: "memoryRegister";
      readonly op: RegisterOffsetOp;
      readonly rt: Register;
      readonly rn: Register;
      readonly rm: Register;
    }
  | {
      readonly kind: "memoryImmediate";
      readonly op: ImmediateOffsetOp;
      readonly rt: Register;
      readonly rn: Register;
      readonly imm: number;
    }
  | { readonly kind: "memorySp"; readonly op: "ldr" | "str"; readonly rt: Register; readonly imm: number }
  | { readonly kind: "addSp"; readonly rd: Register; readonly imm: number }
  | { readonly kind: "moveSp"; readonly op: "add" | "sub"; readonly imm: number }
  | { readonly kind: "push" | "pop"; readonly registers: readonly Register[] }
  | { readonly kind: "stmia" | "ldmia"; readonly rn: Register; readonly registers: readonly Register[] }
  | { readonly kind: "cps"; readonly op: "cpsie" | "cpsid" }
  | { readonly kind: "bkpt" | "svc" | "udf" | "udfWide"; readonly imm: number }
  | { readonly kind: "hint"; readonly op: HintOp }
  | { readonly kind: "branchIf"; readonly condition: Condition; readonly target: Target }
  | { readonly kind: "b" | "bl"; readonly target: Target }
  | { readonly kind: "mrs"; readonly rd: Register; readonly special: SpecialRegister }
  | { readonly kind: "msr"; readonly special: SpecialRegister; readonly rn: Register }
  | { readonly kind: "barrier"; readonly op: BarrierOp };

/** `lsls rd, rm, #0-31`, `lsrs` and `asrs rd, rm, #1-32`. */
export const shift = (op: ShiftOp, rd: Register, rm: Register, imm: number): Instruction => ({
  kind: "shift",
  op,
  rd,
  rm,
  imm,
});
/** `adds rd, rn, rm`, low registers. */
export const add3 = (op: AddSub, rd: Register, rn: Register, rm: Register): Instruction => ({
  kind: "add3",
  op,
  rd,
  rn,
  rm,
});
/** `adds rd, rn, #0-7`, low registers. */
export const imm3 = (op: AddSub, rd: Register, rn: Register, imm: number): Instruction => ({
  kind: "imm3",
  op,
  rd,
  rn,
  imm,
});
/** `movs rd, #0-255`, `cmp rd, #`, `adds rd, #`, `subs rd, #`, low register. */
export const imm8 = (op: Immediate8Op, rd: Register, imm: number): Instruction => ({ kind: "imm8", op, rd, imm });
/** `ands rd, rm` and its like, low registers; `rsbs rd, rm, #0` negates, `muls rd, rm, rd` multiplies. */
export const register = (op: RegisterOp, rd: Register, rm: Register): Instruction => ({ kind: "register", op, rd, rm });
/** `mov`, `add` (no flags) and `cmp` on any registers. */
export const high = (op: HighOp, rd: Register, rm: Register): Instruction => ({ kind: "high", op, rd, rm });
/** `mov rd, rm` on any registers; flags stay. */
export const mov = (rd: Register, rm: Register): Instruction => high("mov", rd, rm);
/** `sxth`, `sxtb`, `uxth`, `uxtb`, `rev`, `rev16`, `revsh`, low registers. */
export const extend = (op: ExtendOp, rd: Register, rm: Register): Instruction => ({ kind: "extend", op, rd, rm });
/** `bx rm`: goes to an address whose lowest bit is set. */
export const bx = (rm: Register): Instruction => ({ kind: "bx", rm });
/** `blx rm`: as `bx`, with the return address in LR. */
export const blx = (rm: Register): Instruction => ({ kind: "blx", rm });
/** `ldr rd, target`: a word at most 1020 bytes ahead of the next word boundary; the target is 4-aligned. */
export const ldrLiteral = (rd: Register, target: Target): Instruction => ({ kind: "ldrLiteral", rd, target });
/** `adr rd, target`: an address, same reach as `ldrLiteral`. */
export const adr = (rd: Register, target: Target): Instruction => ({ kind: "adr", rd, target });
/** `ldr rt, [rn, rm]` and its like. */
export const memoryRegister = (op: RegisterOffsetOp, rt: Register, rn: Register, rm: Register): Instruction => ({
  kind: "memoryRegister",
  op,
  rt,
  rn,
  rm,
});
/** `ldr rt, [rn, #imm]` and its like; imm in bytes, at most 31 times the access's size. */
export const memoryImmediate = (op: ImmediateOffsetOp, rt: Register, rn: Register, imm: number): Instruction => ({
  kind: "memoryImmediate",
  op,
  rt,
  rn,
  imm,
});
/** `ldr rt, [sp, #0-1020]`. */
export const memorySp = (op: "ldr" | "str", rt: Register, imm: number): Instruction => ({
  kind: "memorySp",
  op,
  rt,
  imm,
});
/** `add rd, sp, #0-1020`. */
export const addSp = (rd: Register, imm: number): Instruction => ({ kind: "addSp", rd, imm });
/** `add sp, #0-508` or `sub sp, #0-508`. */
export const moveSp = (op: "add" | "sub", imm: number): Instruction => ({ kind: "moveSp", op, imm });
/** `push {...}`: low registers and LR. */
export const push = (registers: readonly Register[]): Instruction => ({ kind: "push", registers });
/** `pop {...}`: low registers and PC. */
export const pop = (registers: readonly Register[]): Instruction => ({ kind: "pop", registers });
/** `stmia rn!, {...}`. */
export const stmia = (rn: Register, registers: readonly Register[]): Instruction => ({ kind: "stmia", rn, registers });
/** `ldmia rn!, {...}`; rn isn't written back when it is loaded. */
export const ldmia = (rn: Register, registers: readonly Register[]): Instruction => ({ kind: "ldmia", rn, registers });
/** `cpsie i` lets interrupts in, `cpsid i` keeps them out. */
export const cps = (op: "cpsie" | "cpsid"): Instruction => ({ kind: "cps", op });
/** `bkpt #0-255`: stops for a debugger. */
export const bkpt = (imm: number): Instruction => ({ kind: "bkpt", imm });
/** `svc #0-255`: a supervisor call. */
export const svc = (imm: number): Instruction => ({ kind: "svc", imm });
/** `udf #0-255`: undefined for good, so it faults. */
export const udf = (imm: number): Instruction => ({ kind: "udf", imm });
/** The 32-bit form of `udf`, imm 0-65535. */
export const udfWide = (imm: number): Instruction => ({ kind: "udfWide", imm });
/** `nop`, `yield`, `wfe`, `wfi`, `sev`. */
export const hint = (op: HintOp): Instruction => ({ kind: "hint", op });
/** `nop`. */
export const nop = (): Instruction => hint("nop");
/** `beq target` and its like, from -256 to 254 bytes from the instruction's address + 4. */
export const branchIf = (condition: Condition, target: Target): Instruction => ({
  kind: "branchIf",
  condition,
  target,
});
/** `b target`, from -2048 to 2046 bytes from the instruction's address + 4. */
export const b = (target: Target): Instruction => ({ kind: "b", target });
/** `bl target`, 16 MiB either way; LR is lost, so it serves as a far branch too where LR is saved. */
export const bl = (target: Target): Instruction => ({ kind: "bl", target });
/** `mrs rd, special`: reads a special register. */
export const mrs = (rd: Register, special: SpecialRegister): Instruction => ({ kind: "mrs", rd, special });
/** `msr special, rn`: writes a special register. */
export const msr = (special: SpecialRegister, rn: Register): Instruction => ({ kind: "msr", special, rn });
/** `dmb`, `dsb`, `isb`, over the whole system. */
export const barrier = (op: BarrierOp): Instruction => ({ kind: "barrier", op });

const opposites: readonly (readonly [Condition, Condition])[] = [
  ["eq", "ne"],
  ["hs", "lo"],
  ["mi", "pl"],
  ["vs", "vc"],
  ["hi", "ls"],
  ["ge", "lt"],
  ["gt", "le"],
];
const inverse = new Map(opposites.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]));

/** The condition that holds exactly when the other doesn't. */
export function invert(condition: Condition): Condition {
  return inverse.get(condition)!;
}

/** The same instruction with its label, if it has one, replaced by the byte offset that `offsetOf` tells. */
export function resolve(instruction: Instruction, offsetOf: (label: string) => number): Instruction {
  return "target" in instruction && typeof instruction.target === "string"
    ? { ...instruction, target: offsetOf(instruction.target) }
    : instruction;
}
