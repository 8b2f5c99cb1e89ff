import { boards } from "../../hal/boards/index.js";
import type { BoardProfile } from "../../hal/boards/profile.js";
import { SimulatedBoard } from "../board/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { Espruino } from "./espruino.js";
import { ProcessorFault } from "./processor/processor-fault.js";

/** Halfwords of ARMv6-M, as bytes in a JavaScript string. */
function code(...halfwords: readonly number[]): string {
  return halfwords.map((word) => String.fromCharCode(word & 255, word >> 8)).join("");
}

const BX_LR = 0x4770;
/** r0 += r1 */
const ADD = code(0x1840, BX_LR);
/** r0 = *r0, *r0 = r1 */
const EXCHANGE = code(0x6802, 0x6001, 0x0010, BX_LR);
/** Counts r0 down to 0. */
const COUNT_DOWN = code(0x3801, 0xd1fd, BX_LR);

async function start(changes: Partial<BoardProfile> = {}, id = "rp2040_pico") {
  const profile = { ...boards.find((each) => each.id === id)!, ...changes };
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile, clock, seed: 1 });
  let text = "";
  const nothing = () => {};
  const espruino = await Espruino.create({
    board,
    console: {
      print: (printed) => void (text += printed),
      transmit: nothing,
      receive: nothing,
      echo: nothing,
      echoes: false,
      edit: nothing,
      idle: nothing,
      restarted: nothing,
    },
  });
  espruino.powerOn();
  const run = (source: string): string => {
    text = "";
    espruino.run(source, "test");
    return text.trim();
  };
  return { clock, board, espruino, run };
}

const literal = (text: string): string =>
  JSON.stringify(text)
    .replace(/[^ -~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .replace(/\\u00/g, "\\x");

describe("native code", () => {
  test("runs from a flat string", async () => {
    const { run } = await start();
    const call = `E.nativeCall(1, "int(int,int)", E.toFlatString(${literal(ADD + "\0".repeat(16))}))`;
    expect(run(`print(${call}(2, -5), ${call}(0x7fffffff, 1))`)).toBe("-3 -2147483648");
  });

  test("runs from Storage, in place, whatever part of a file it is", async () => {
    const { run } = await start();
    run(`require("Storage").write("code", "before--" + ${literal(ADD)})`);
    const address = `E.getAddressOf(require("Storage").read("code", 8, 4), true)`;
    expect(run(`print(E.nativeCall(${address} | 1, "int(int,int)")(40, 2), ${address} >>> 20)`)).toBe("42 257");
  });

  test("shares memory with the script: flat strings, buffers and views of them", async () => {
    const { run } = await start();
    expect(
      run(`
        var buffer = E.toArrayBuffer(E.toFlatString({ data: 0, count: 4000 })), words = new Int32Array(buffer);
        var other = new Uint8Array(100);
        words[999] = 7;
        var exchange = E.nativeCall(1, "int(int,int)", ${literal(EXCHANGE + "\0".repeat(16))});
        var at = E.getAddressOf(buffer, true) + 3996;
        print(exchange(at, 70000), words[999], E.getAddressOf(new Int32Array(buffer, 8), true) - at);
        exchange(E.getAddressOf(other, true) + 4, -2);
        print(other[3], other[4], other[7], other[8]);
        var big = [];
        for (var i = 0; i < 200; i++) big.push(new Uint8Array(500));
        print(exchange(at, 1), words[999]);
      `).split("\n"),
    ).toEqual(["7 70000 -3988", "0 254 255 0", "70000 1"]);
  });

  test("two flat strings of the same content are two places", async () => {
    const { run } = await start();
    expect(
      run(`
        var a = E.toArrayBuffer(E.toFlatString({ data: 0, count: 64 }));
        var b = E.toArrayBuffer(E.toFlatString({ data: 0, count: 64 }));
        new Uint8Array(a)[0] = 1;
        print(new Uint8Array(b)[0], E.getAddressOf(a, true) !== E.getAddressOf(b, true));
      `),
    ).toBe("0 true");
  });

  test("takes its cycles of virtual time, and they are counted", async () => {
    const { run, espruino, clock, board } = await start();
    run(`var count = E.nativeCall(1, "int(int)", ${literal(COUNT_DOWN + "\0".repeat(16))})`);
    const before = clock.now();
    run("count(1000000)");
    // A subtraction and a branch that is taken: 3 cycles.
    expect(espruino.processor).toEqual({ instructions: 2_000_001, cycles: 3_000_001 });
    const seconds = (clock.now() - before) / 1e6;
    expect(seconds).toBeGreaterThan(3e6 / board.profile.processor.hertz);
    expect(seconds).toBeLessThan(3.1e6 / board.profile.processor.hertz);
  });

  test("is given no more memory than the board has in one piece", async () => {
    const { run } = await start({}, "puckjs");
    expect(run("print(E.toFlatString({ data: 0, count: 70000 }))")).toBe("undefined");
    expect(run("print(E.getAddressOf(new ArrayBuffer(70000), true))")).toBe("0");
    expect(run("print(E.toFlatString({ data: 0, count: 20000 }).length)")).toBe("20000");
  });

  test("isn't there on boards without it, and Storage has no address where it can't be executed", async () => {
    const profile = boards.find(({ id }) => id === "puckjs")!;
    const { run } = await start({ nativeCall: false, flash: { ...profile.flash, executeInPlace: false } }, "puckjs");
    expect(run(`require("Storage").write("code", "12345678"); print(typeof E.nativeCall)`)).toBe("undefined");
    expect(run(`print(E.getAddressOf(require("Storage").read("code"), true))`)).toBe("0");
  });

  test("refuses signatures as Espruino does", async () => {
    const { run } = await start();
    expect(run(`E.nativeCall(1, "int(int,int,int,int,int)")`)).toContain("Error Parsing signature at argument number");
    expect(run(`E.nativeCall(1, "int(long)")`)).toContain("Error Parsing signature at argument number");
    expect(run(`E.nativeCall(1, 5)`)).toContain("Invalid Signature");
  });

  describe("stops the board, with where and what, when it", () => {
    const faults: readonly (readonly [string, string, RegExp])[] = [
      ["has an unknown instruction", code(0xe800, 0), /RAM \+ 0x0\): .*not implemented/],
      ["has a breakpoint", code(0xbe00, BX_LR), /breakpoint or undefined instruction 0/],
      [
        "reads where nothing is",
        code(0x2000, 0x6800, BX_LR),
        /RAM \+ 0x2\): reads 4 bytes at 0x00000000, where nothing/,
      ],
      ["reads unaligned", code(0x4678, 0x3003, 0x6800, BX_LR), /reads 4 bytes at .*, which isn't aligned/],
      ["runs into nothing", code(0x2101, 0x0789, 0x4708), /at 0x40000000: reads 2 bytes at 0x40000000/],
      ["returns with a register changed", code(0x2400, BX_LR), /returned with r4 changed to 0x00000000/],
      ["leaves something on the stack", code(0xb401, BX_LR), /returned with r13 changed/],
    ];
    test.each(faults)("%s", async (_what, bytes, message) => {
      const { run } = await start();
      const call = () => run(`E.nativeCall(1, "int(int)", ${literal(bytes + "\0".repeat(16))})(0)`);
      expect(call).toThrow(ProcessorFault);
      const again = await start();
      expect(() => again.run(`E.nativeCall(1, "int(int)", ${literal(bytes + "\0".repeat(16))})(0)`)).toThrow(message);
    });

    test("writes to flash", async () => {
      const { run } = await start();
      run(`require("Storage").write("code", ${literal(EXCHANGE)})`);
      expect(() =>
        run(`var a = E.getAddressOf(require("Storage").read("code"), true); E.nativeCall(a | 1, "int(int,int)")(a, 0)`),
      ).toThrow(/writes to 0x101c0020 \(storage \+ 0x20\), which is flash/);
    });

    test("is entered without the Thumb bit", async () => {
      const { run } = await start();
      expect(() => run(`E.nativeCall(0, "int(int)", ${literal(ADD + "\0".repeat(16))})(0)`)).toThrow(/must be odd/);
    });
  });
});
