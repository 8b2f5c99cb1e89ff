import { encode, sizeOf } from "./encoding.js";
import * as make from "./instruction.js";
import type { Instruction } from "./instruction.js";

const { LR, PC, SP } = make;
const hex = (instruction: Instruction, at = 0) =>
  encode(instruction, at)
    .map((half) => half.toString(16).padStart(4, "0"))
    .join(" ");

/** What an assembler that isn't ours (LLVM's) makes of the same text. */
const known: readonly (readonly [text: string, halfwords: string, instruction: Instruction])[] = [
  ["lsls r1, r2, #31", "07d1", make.shift("lsls", 1, 2, 31)],
  ["asrs r7, r0, #32", "1007", make.shift("asrs", 7, 0, 32)],
  ["adds r1, r2, r3", "18d1", make.add3("adds", 1, 2, 3)],
  ["subs r1, r2, #7", "1fd1", make.imm3("subs", 1, 2, 7)],
  ["movs r3, #255", "23ff", make.imm8("movs", 3, 255)],
  ["cmp r3, #1", "2b01", make.imm8("cmp", 3, 1)],
  ["adds r3, #128", "3380", make.imm8("adds", 3, 128)],
  ["sbcs r1, r7", "41b9", make.register("sbcs", 1, 7)],
  ["rsbs r1, r2, #0", "4251", make.register("rsbs", 1, 2)],
  ["muls r1, r2, r1", "4351", make.register("muls", 1, 2)],
  ["add r8, r1", "4488", make.high("add", 8, 1)],
  ["cmp r9, r10", "45d1", make.high("cmp", 9, 10)],
  ["mov sp, r3", "469d", make.mov(SP, 3)],
  ["bx lr", "4770", make.bx(LR)],
  ["blx r12", "47e0", make.blx(12)],
  ["ldrsb r1, [r2, r3]", "56d1", make.memoryRegister("ldrsb", 1, 2, 3)],
  ["str r1, [r2, r3]", "50d1", make.memoryRegister("str", 1, 2, 3)],
  ["ldr r1, [r2, #124]", "6fd1", make.memoryImmediate("ldr", 1, 2, 124)],
  ["ldrh r1, [r2, #62]", "8fd1", make.memoryImmediate("ldrh", 1, 2, 62)],
  ["strb r1, [r2, #31]", "77d1", make.memoryImmediate("strb", 1, 2, 31)],
  ["ldr r4, [sp, #1020]", "9cff", make.memorySp("ldr", 4, 1020)],
  ["add r4, sp, #8", "ac02", make.addSp(4, 8)],
  ["add sp, #508", "b07f", make.moveSp("add", 508)],
  ["sub sp, #8", "b082", make.moveSp("sub", 8)],
  ["push {r0, r7, lr}", "b581", make.push([0, 7, LR])],
  ["pop {r1, pc}", "bd02", make.pop([1, PC])],
  ["stm r3!, {r3, r4}", "c318", make.stmia(3, [3, 4])],
  ["ldm r3!, {r0, r7}", "cb81", make.ldmia(3, [0, 7])],
  ["cpsid i", "b672", make.cps("cpsid")],
  ["bkpt #171", "beab", make.bkpt(171)],
  ["svc #5", "df05", make.svc(5)],
  ["udf #1", "de01", make.udf(1)],
  ["udf.w #4660", "f7f1 a234", make.udfWide(0x1234)],
  ["wfi", "bf30", make.hint("wfi")],
  ["revsh r1, r2", "bad1", make.extend("revsh", 1, 2)],
  ["uxtb r1, r2", "b2d1", make.extend("uxtb", 1, 2)],
  ["mrs r3, psp", "f3ef 8309", make.mrs(3, "psp")],
  ["msr control, r12", "f38c 8814", make.msr("control", 12)],
  ["dsb sy", "f3bf 8f4f", make.barrier("dsb")],
  ["isb sy", "f3bf 8f6f", make.barrier("isb")],
];

test.each(known)("%s is %s", (_text, halfwords, instruction) => {
  expect(hex(instruction)).toBe(halfwords);
  expect(sizeOf(instruction)).toBe(encode(instruction, 0).length * 2);
});

describe("targets are byte offsets from the start of the code", () => {
  test.each([
    ["b to itself", make.b(0x100), "e7fe"],
    ["b as far back as it goes", make.b(0x104 - 2048), "e400"],
    ["beq as far ahead as it goes", make.branchIf("eq", 0x104 + 254), "d07f"],
    ["bl just behind itself", make.bl(0x104), "f000 f800"],
    ["bl to itself", make.bl(0x100), "f7ff fffe"],
    ["bl 16 MiB ahead", make.bl(0x104 + 2 ** 24 - 2), "f3ff d7ff"],
    ["bl 16 MiB back", make.bl(0x104 - 2 ** 24), "f400 d000"],
    ["a literal", make.ldrLiteral(2, 0x108), "4a01"],
  ])("%s", (_name, instruction, halfwords) => {
    expect(hex(instruction, 0x100)).toBe(halfwords);
  });

  test("a literal is reached from the next word boundary", () => {
    expect(hex(make.ldrLiteral(2, 0x108), 0x102)).toBe("4a01");
    expect(hex(make.adr(0, 0x104), 0x102)).toBe("a000");
  });

  test("a label must have been resolved", () => {
    const branch = make.b("loop");
    expect(() => encode(branch, 0)).toThrow("The label loop has no place yet");
    expect(hex(make.resolve(branch, (label) => (label === "loop" ? 4 : NaN)))).toBe("e000");
  });
});

describe("what doesn't fit is refused", () => {
  test.each([
    ["a high register where only low ones go", make.add3("adds", 8, 0, 0)],
    ["an immediate too large", make.imm8("movs", 0, 256)],
    ["an offset that isn't a multiple of the access", make.memoryImmediate("ldr", 0, 0, 2)],
    ["an offset too large", make.memoryImmediate("strh", 0, 0, 64)],
    ["asrs by nothing", make.shift("asrs", 0, 0, 0)],
    ["lsls by 32", make.shift("lsls", 0, 0, 32)],
    ["a branch too far", make.branchIf("ne", 260)],
    ["a branch to an odd address", make.b(5)],
    ["a literal that isn't aligned", make.ldrLiteral(0, 6)],
    ["a literal behind", make.ldrLiteral(0, 0)],
    ["an empty list", make.push([])],
    ["PC pushed", make.push([PC])],
    ["LR popped", make.pop([LR])],
    ["storing a base changed before", make.stmia(3, [2, 3])],
    ["high cmp of low registers", make.high("cmp", 1, 2)],
    ["blx pc", make.blx(PC)],
  ])("%s", (_name, instruction) => {
    expect(() => encode(instruction, 0)).toThrow(RangeError);
  });
});

test("each condition's opposite is the one whose code differs in its last bit", () => {
  const code = (condition: make.Condition) => encode(make.branchIf(condition, 4), 0)[0] >> 8;
  for (const condition of ["eq", "hs", "mi", "vs", "hi", "ge", "gt"] as const) {
    expect(code(make.invert(condition))).toBe(code(condition) ^ 1);
    expect(make.invert(make.invert(condition))).toBe(condition);
  }
});
