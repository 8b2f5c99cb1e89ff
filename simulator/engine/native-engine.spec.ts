import { jest } from "@jest/globals";
import { assemble } from "../../device/compiler/thumb/assembler/assemble.js";
import { contextOffsets as word } from "../../device/compiler/thumb/context.js";
import { linkRoutines, patchReference } from "../../device/compiler/thumb/routines/link.js";
import { trapCodes } from "../../device/compiler/thumb/traps.js";
import {
  arenaBytes,
  handOverWrites,
  layOut,
  type NativeImport,
  runNative,
  withdraw,
} from "../../device/engine/native.js";
import type { Guest } from "../../device/wasi/index.js";
import { memoryRegion } from "./processor/memory-map.js";
import { Processor } from "./processor/processor.js";

const layout = { stack: 512, reserve: 64, writeBuffer: 16, memoryOffset: 200, memory: 1024 };
/** Of the arena: a flat string is aligned to 4 bytes, not to 8. */
const ARENA = 0x20002004;
const CODE = 0x101c0020;
const reasons = Object.keys(trapCodes);

/** Milliseconds, of which none pass by themselves. */
let now = 0;
beforeEach(() => {
  now = 0;
  jest.spyOn(Date, "now").mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

/** A guest in assembly, run by the engine on the simulator's core. */
function start(text: string, imports: readonly ((words: Int32Array, guest: Guest) => number)[] = []) {
  const linked = linkRoutines(["entry"], { stack: "process", memoryOffset: layout.memoryOffset });
  const own = assemble(`.global guest\n${text}`);
  const code = new Uint8Array(linked.code.length + own.code.length);
  code.set(linked.code);
  code.set(own.code, linked.code.length);
  for (const reference of linked.unresolved) patchReference(code, reference, linked.code.length);
  for (const reference of own.references)
    patchReference(code, { ...reference, at: reference.at + linked.code.length }, linked.symbols.get(reference.to)!);

  const bytes = new Uint8Array(arenaBytes(layout));
  const arena = layOut(bytes.buffer, ARENA, layout, Uint8Array.of(9, 8), 0);
  const processor = new Processor({
    stackBytes: 1024,
    regions: () => [memoryRegion("arena", ARENA, bytes, true), memoryRegion("code", CODE, code, false)],
    passed: () => {},
  });
  const turns: (() => void)[] = [];
  const places = { arena: ARENA, code: CODE };
  const ends: { code: number; trap?: Error }[] = [];
  let printed = "";
  const stream = (number: number) => ({
    kind: 2,
    rights: 0,
    write(source: Uint8Array, start: number, length: number) {
      printed += `${number}:${Buffer.from(source.subarray(start, start + length)).toString()} `;
      return length;
    },
  });
  const guest = { memory: arena.memory, descriptors: [undefined, stream(1), stream(2)] } as unknown as Guest;
  const served: NativeImport[] = imports.map((serve) => (words) => serve(words, guest));
  const stop = runNative(
    guest,
    {
      enter: (context, value) => processor.call(CODE | 1, [context, value]),
      arenaAddress: () => places.arena,
      codeAddress: () => places.code,
      later: (action) => void turns.push(action),
    },
    arena,
    served,
    code.length,
    reasons,
    (exitCode, trap) => void ends.push({ code: exitCode, trap }),
    50,
    handOverWrites,
  );
  return {
    printed: () => printed,
    arena,
    bytes,
    guest,
    turns,
    places,
    ends,
    stop,
    symbol: (name: string) => linked.code.length + own.symbols.get(name)!,
  };
}

/** Calls import 0 once, with 41 and what the first byte of memory holds. */
const CALLS = `guest: push {r4, lr}
  mov  r4, r0
  movs r1, #41
  str  r1, [r0, #${word.transfer}]
  movs r0, #1
  mov  r1, r4
  bl   yield
  ldr  r2, =${layout.memoryOffset}
  adds r2, r4, r2
  str  r0, [r2, #4]
  pop  {r4, pc}`;

/** Leaves for want of fuel for ever. */
const SPINS = `guest: push {r4, lr}
  ldr  r1, =${layout.memoryOffset}
  adds r1, r0, r1
  mov  r11, r1
  loop: bl fuel
  b    loop`;

/** Leaves two bytes in the buffer, as the routine that gathers them does. @param context its register */
const gathers = (text: string, owner: number, context = "r4") => `
  movs r0, #${text.charCodeAt(0)}
  movs r1, ${context}
  subs r1, #${layout.writeBuffer}
  strb r0, [r1]
  movs r0, #${text.charCodeAt(1)}
  strb r0, [r1, #1]
  movs r0, #2
  str  r0, [${context}, #${word.buffered}]
  movs r0, #${owner}
  str  r0, [${context}, #${word.bufferOwner}]`;

describe("what a native guest has gathered is written", () => {
  const begin = `guest: push {r4, lr}
    movs r4, r0
    ldr  r1, =${layout.memoryOffset}
    adds r1, r0, r1
    mov  r11, r1`;
  const calls = "movs r0, #1\n mov r1, r4\n bl yield";

  test("before a call that it makes is served, to the descriptor that it was for, and once", () => {
    const writes = (_words: Int32Array, guest: Guest) => guest.descriptors[1]!.write!(Uint8Array.of(33), 0, 1);
    const { printed, ends } = start(
      `${begin}${gathers("ab", 2)}\n${calls}${gathers("cd", 1)}\n${calls}\n${calls}\n pop {r4, pc}`,
      [writes],
    );
    expect([printed(), ends[0].code]).toEqual(["2:ab 1:! 1:cd 1:! 1:! ", 0]);
  });

  test("at its end, at an exit and at a trap", () => {
    const trap = `movs r0, #${~trapCodes["integer overflow"]}\n mvns r0, r0\n mov r1, r4\n movs r2, #0\n bl trap`;
    const ended = start(`${begin}${gathers("ab", 1)}\n pop {r4, pc}`);
    const exited = start(`${begin}${gathers("ab", 1)}\n${calls}`, [
      () => {
        throw { exitCode: 3 };
      },
    ]);
    const trapped = start(`${begin}${gathers("ab", 1)}\n${trap}`);
    for (const [{ printed, ends }, code] of [
      [ended, 0],
      [exited, 3],
      [trapped, 134],
    ] as const)
      expect([printed(), ends[0].code]).toEqual(["1:ab ", code]);
    expect(trapped.ends[0].trap?.message).toBe("trap: integer overflow");
  });

  test("at the end of each slice, so that nothing is late by more", () => {
    const { printed, turns } = start(`${begin}
      loop:${gathers("ab", 1)}
      bl   fuel
      b    loop`);
    expect(printed()).toBe("1:ab ");
    turns.shift()!();
    expect(printed()).toBe("1:ab 1:ab ");
  });

  test("when it is stopped where a turn was interrupted", () => {
    const run = start(SPINS);
    run.bytes.set(Buffer.from("yz"), run.arena.words.byteOffset - layout.writeBuffer);
    run.arena.words.set([2, 1], word.buffered / 4);
    run.stop();
    expect([run.printed(), run.ends[0].code]).toEqual(["1:yz ", 130]);
  });

  test("as long as the descriptor is what it was", () => {
    const { arena } = start("guest: bx lr");
    const offered = () => arena.words[word.bufferedDescriptors / 4];
    expect(offered()).toBe(0b110);
    withdraw(arena.words, 1);
    expect(offered()).toBe(0b100);
    withdraw(arena.words, 7);
    withdraw(arena.words, 2);
    expect(offered()).toBe(0);
  });
});

describe("a native guest", () => {
  test("runs in an arena of any alignment, finds its image in it, and ends", () => {
    const { ends, arena } = start("guest: bx lr");
    expect(ends).toEqual([{ code: 0, trap: undefined }]);
    expect(arena.context % 8).toBe(0);
    expect(arena.words[1]).toBe(arena.context + layout.memoryOffset);
    expect(new Uint8Array(arena.words.buffer, arena.words.byteOffset + 192, 2)).toEqual(Uint8Array.of(9, 8));
  });

  test("is served what it imports, in memory that both see", () => {
    const seen: number[] = [];
    const { ends, arena } = start(CALLS, [
      (words, { memory }) => {
        seen.push(words[16]);
        memory[0] = 7;
        return 1234;
      },
    ]);
    expect([seen, ends[0].code]).toEqual([[41], 0]);
    expect([arena.memory[0], arena.memory[4] | (arena.memory[5] << 8)]).toEqual([7, 1234]);
  });

  test("waits, and goes on with what it waited for", () => {
    let done: (errno: number) => void = () => {};
    const run = start(CALLS, [
      (_words, guest) =>
        guest.wait((finish) => {
          done = finish;
          return () => {};
        }),
    ]);
    expect(run.ends).toEqual([]);
    done(6);
    expect(run.ends[0].code).toBe(0);
    expect(run.arena.memory[4]).toBe(6);
  });

  test("gives the event loop its turn when its fuel is used up, and can be stopped there", () => {
    const { turns, ends, stop } = start(SPINS);
    for (let turn = 0; turn < 5; turn++) turns.shift()!();
    expect([turns.length, ends]).toEqual([1, []]);
    stop();
    turns.shift()!();
    expect([turns.length, ends]).toEqual([0, [{ code: 130, trap: undefined }]]);
  });

  test("gives up what it waits for when it is stopped", () => {
    let givenUp = 0;
    const { stop, ends } = start(CALLS, [(_words, guest) => guest.wait(() => () => void givenUp++)]);
    stop();
    expect([givenUp, ends]).toEqual([1, [{ code: 130, trap: undefined }]]);
  });

  test.each([
    ["that only calls", ""],
    ["that only writes and calls", "written"],
  ])("%s gives the event loop its turn too, once its slice is over", (_what, written) => {
    let calls = 0;
    const run = start(
      `guest: push {r4, lr}
         mov  r4, r0
         loop: ${written && gathers("ab", 1)}
         movs r0, #1
         mov  r1, r4
         bl   yield
         b    loop`,
      [
        () => {
          now += 5;
          return ++calls;
        },
      ],
    );
    // The time isn't looked at after each call, but whenever something was written.
    const [first, second] = written ? [11, 22] : [18, 36];
    expect([calls, run.turns.length]).toEqual([first, 1]);
    run.turns.shift()!();
    expect([calls, run.turns.length, run.ends]).toEqual([second, 1, []]);
  });

  test("ends by proc_exit", () => {
    const { ends } = start(CALLS, [
      () => {
        throw { exitCode: 3 };
      },
    ]);
    expect(ends).toEqual([{ code: 3, trap: undefined }]);
  });

  test("traps with the reason, where, and who called", () => {
    const { ends, symbol } = start(`guest: push {r4, lr}
      mov  r4, r0
      bl   inner
      .global back
      back: pop {r4, pc}
      inner: push {r4, lr}
      movs r0, #${~trapCodes["integer divide by zero"]}
      mvns r0, r0
      mov  r1, r4
      movs r2, #0
      .global culprit
      culprit: bl trap`);
    expect(ends[0].code).toBe(134);
    expect(ends[0].trap?.message).toBe("trap: integer divide by zero");
    const places = ends[0].trap!.stack!.split("\n").map((line) => Number(line.split(":")[1]));
    expect(places.slice(0, 2)).toEqual([symbol("culprit"), symbol("back")]);
  });

  test.each(["arena", "code"] as const)("isn't entered when its %s has moved", (what) => {
    const { turns, places, ends } = start(SPINS);
    places[what] += 64;
    turns.shift()!();
    expect(ends[0].code).toBe(134);
    expect(ends[0].trap?.message).toMatch(/was moved/);
  });
});
