import { assemble } from "../assembler/assemble.js";
import { contextOffsets as word } from "../context.js";
import { codeAddress, createProcessor, dataAddress } from "../testing/processor.js";
import { trapCodes, trapName } from "../traps.js";
import { linkRoutines, patchReference } from "./link.js";

const context = dataAddress;
/** Far enough for a literal to be needed. */
const memoryOffset = 1000;
const stackTop = dataAddress + 0x1000;

/** A guest in assembly behind the coroutine, and what a host does with it. */
function guest(text: string, stack: "process" | "plain") {
  const linked = linkRoutines(["entry"], { stack, memoryOffset });
  const own = assemble(`.global guest\n${text}`);
  const code = new Uint8Array(linked.code.length + own.code.length);
  code.set(linked.code);
  code.set(own.code, linked.code.length);
  for (const reference of linked.unresolved) patchReference(code, reference, linked.code.length);
  for (const reference of own.references) {
    const moved = { ...reference, at: reference.at + linked.code.length };
    patchReference(code, moved, linked.symbols.get(reference.to)!);
  }
  const processor = createProcessor(code);
  processor.writeWord(context + word.stackTop, stackTop);
  return {
    processor,
    /** `entry(context, value)`; checks that the host's r4-r11 and stack pointer come back. */
    enter: (value = 0) => processor.call(0, context, value)[0] | 0,
    symbol: (name: string) => linked.code.length + own.symbols.get(name)!,
  };
}

describe.each(["process", "plain"] as const)("with the %s stack", (stack) => {
  test("a guest that returns at once has had its context in r0, and a stack of its own", () => {
    const { enter, processor } = guest(
      `guest: str r0, [r0, #${word.transfer}]
         mov r1, sp
         str r1, [r0, #${word.transfer + 4}]
         bx lr`,
      stack,
    );
    expect(enter()).toBe(0);
    expect(processor.readWord(context + word.transfer)).toBe(context);
    expect(processor.readWord(context + word.transfer + 4)).toBe(stackTop - 8);
    expect(processor.readWord(context + word.guestStack)).toBe(0);
  });

  test("an import is a way out and back in, r4-r11 and the stack kept", () => {
    const { enter, processor } = guest(
      `guest: push {r4-r7, lr}
         mov  r9, r0
         movs r4, #1
         movs r5, #2
         movs r6, #3
         movs r7, #4
         mov  r8, r4
         mov  r10, r5
         mov  r11, r6
         movs r0, #7
         mov  r1, r9
         bl   yield
         adds r0, r0, r4
         adds r0, r0, r5
         adds r0, r0, r6
         adds r0, r0, r7
         add  r0, r8
         add  r0, r10
         add  r0, r11
         mov  r1, r9
         str  r0, [r1, #${word.transfer}]
         movs r0, #9
         mov  r1, r9
         bl   yield
         pop  {r4-r7, pc}`,
      stack,
    );
    expect(enter()).toBe(7);
    expect(enter(1000)).toBe(9);
    expect(processor.readWord(context + word.transfer)).toBe(1000 + 1 + 2 + 3 + 4 + 1 + 2 + 3);
    expect(enter()).toBe(0);
    expect(enter()).toBe(7);
  });

  test("when fuel is used up every register comes back, and the new fuel is in r8", () => {
    const { enter, processor } = guest(
      `guest: push {r4, lr}
         mov  r9, r0
         ldr  r1, =${memoryOffset}
         adds r1, r0, r1
         mov  r11, r1
         movs r0, #10
         movs r1, #11
         movs r2, #12
         movs r3, #13
         movs r4, #14
         mov  r12, r4
         bl   fuel
         mov  r4, r9
         adds r4, #${word.transfer}
         stmia r4!, {r0-r3}
         mov  r0, r12
         str  r0, [r4]
         mov  r0, r8
         str  r0, [r4, #4]
         pop  {r4, pc}`,
      stack,
    );
    expect(enter()).toBe(-1);
    processor.writeWord(context + word.fuel, 5000);
    expect(enter(12345)).toBe(0);
    const seen = [0, 4, 8, 12, 16, 20].map((offset) => processor.readWord(context + word.transfer + offset));
    expect(seen).toEqual([10, 11, 12, 13, 14, 5000]);
  });

  test("a trap says which, where, and where the guest's stack was", () => {
    const { enter, processor, symbol } = guest(
      `guest: push {r4, lr}
         mov  r1, r0
         movs r2, #77
         movs r0, #${~trapCodes["integer overflow"]}
         mvns r0, r0
         .global culprit
         culprit: bl trap`,
      stack,
    );
    expect(trapName(enter())).toBe("integer overflow");
    expect(processor.readWord(context + word.trapAddress)).toBe(symbol("culprit"));
    expect(processor.readWord(context + word.guestStack)).toBe(stackTop - 16);
    expect(processor.readWord(context + word.trapStack)).toBe(stackTop - 16);
    expect(processor.readWord(context + word.trapLink)).toBe(77);
  });

  test("a trap in a routine is where it was called", () => {
    const { enter, processor, symbol } = guest(
      `guest: push {r4, lr}
         ldr  r1, =${memoryOffset}
         adds r1, r0, r1
         mov  r11, r1
         .global culprit
         culprit: bl routine
         routine: mov r1, lr
         movs r0, #${~trapCodes.unreachable}
         mvns r0, r0
         bl trap_at`,
      stack,
    );
    expect(trapName(enter())).toBe("unreachable");
    expect(processor.readWord(context + word.trapAddress)).toBe(symbol("culprit"));
  });
});

test("interrupt handlers would stay on the host's stack: PSP is the guest's, and MSP is the host's", () => {
  const { enter, processor } = guest(
    `guest: mrs r1, msp
       mrs  r2, psp
       mrs  r3, control
       adds r0, #${word.transfer}
       stmia r0!, {r1-r3}
       bx   lr`,
    "process",
  );
  enter();
  const [msp, psp, control] = [0, 4, 8].map((offset) => processor.readWord(context + word.transfer + offset));
  expect(msp).toBeGreaterThan(codeAddress + 0x10000);
  expect([psp, control]).toEqual([stackTop - 8, 2]);
});

test("a call out and back costs less than a hundred cycles", () => {
  const { enter, processor } = guest(
    "guest: push {r4, lr}\n mov r1, r0\n movs r0, #1\n bl yield\n pop {r4, pc}",
    "process",
  );
  enter();
  expect(processor.cycles).toBeLessThan(100);
});
