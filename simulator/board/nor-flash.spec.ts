import fc from "fast-check";
import { generic, pico } from "../../hal/boards/index.js";
import type { BoardProfile } from "../../hal/boards/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { PowerLoss } from "./board-host.js";
import { memoryBacking } from "./flash-backing.js";
import { flashGeometry, SimulatedBoard } from "./simulated-board.js";

/** Two regions of small blocks: Storage of 2 and free of 4 blocks of 1,024 bytes. */
function smallFlash(changes: Partial<BoardProfile["flash"]> = {}): BoardProfile {
  return {
    ...generic,
    flash: {
      blockBytes: 1024,
      writeBytes: 4,
      reprogrammable: true,
      endurance: 10_000,
      storage: { address: 0x1000, bytes: 2048 },
      free: [{ address: 0x8000, bytes: 4096 }],
      executeInPlace: true,
      ...changes,
    },
  };
}

function makeBoard(profile = smallFlash(), seed = 1, flashEndurance?: number) {
  const clock = new VirtualClock();
  const backing = memoryBacking(flashGeometry(profile));
  return { clock, backing, board: new SimulatedBoard({ profile, clock, seed, flash: backing, flashEndurance }) };
}

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("NOR flash", () => {
  test("is erased when new; a program clears bits and never sets any; an erase sets one block", () => {
    const { flash } = makeBoard().board;
    expect(flash.read(0x8000, 4)).toEqual(bytes(0xff, 0xff, 0xff, 0xff));
    flash.program(0x8000, bytes(0x0f, 0xff, 0x00, 0xaa));
    flash.program(0x8000, bytes(0xf5, 0x33, 0xff, 0xff));
    expect(flash.read(0x8000, 4)).toEqual(bytes(0x05, 0x33, 0x00, 0xaa));
    flash.program(0x8400, bytes(1, 2, 3, 4));
    flash.erase(0x8000);
    expect(flash.read(0x8000, 4)).toEqual(bytes(0xff, 0xff, 0xff, 0xff));
    expect(flash.read(0x8400, 4)).toEqual(bytes(1, 2, 3, 4));
  });

  test("what it read is a copy", () => {
    const { flash } = makeBoard().board;
    flash.read(0x8000, 4).fill(0);
    expect(flash.read(0x8000, 1)).toEqual(bytes(0xff));
  });

  test.each([
    [
      "a program that doesn't begin at a unit",
      "NotAligned",
      (f: SimulatedBoard["flash"]) => f.program(0x8002, bytes(1, 2, 3, 4)),
    ],
    [
      "a program that doesn't end at a unit",
      "NotAligned",
      (f: SimulatedBoard["flash"]) => f.program(0x8000, bytes(1, 2)),
    ],
    ["an erase within a block", "NotAligned", (f: SimulatedBoard["flash"]) => f.erase(0x8200)],
    ["an address in no region", "OutOfBounds", (f: SimulatedBoard["flash"]) => f.read(0x4000, 1)],
    [
      "a range that leaves its region",
      "OutOfBounds",
      (f: SimulatedBoard["flash"]) => f.program(0x8ffc, new Uint8Array(8)),
    ],
    ["an erase in no region", "OutOfBounds", (f: SimulatedBoard["flash"]) => f.erase(0x9000)],
  ])("refuses %s with %s, and changes nothing", (_, kind, work) => {
    const { board, backing } = makeBoard();
    expect(() => work(board.flash)).toThrow(expect.objectContaining({ kind }));
    expect(backing.cells.every((cell) => cell === 0xff)).toBe(true);
  });

  test("a part that forbids it doesn't program a unit twice, not even with what it holds", () => {
    const { flash } = makeBoard(smallFlash({ reprogrammable: false, writeBytes: 8 })).board;
    const unit = new Uint8Array(8).fill(0xff);
    flash.program(0x8000, unit);
    expect(() => flash.program(0x8000, unit)).toThrow(
      expect.objectContaining({ kind: "Other", message: expect.stringContaining("0x8000: programmed already") }),
    );
    flash.program(0x8008, unit);
    flash.erase(0x8000);
    flash.program(0x8000, unit);
  });

  test("takes the processor's time: an nRF52832's word 67.5 us, its page 85 ms", () => {
    const profile = { ...smallFlash(), processor: { ...generic.processor, name: "nRF52832" } };
    const { board, clock } = makeBoard(profile);
    board.flash.program(0x8000, new Uint8Array(8));
    expect(clock.now()).toBe(135);
    board.flash.erase(0x8000);
    expect(clock.now()).toBe(85_135);
    expect(board.energy.activeMicroseconds).toBe(85_135);
  });

  test("counts what was done, and the erases of each block", () => {
    const { flash } = makeBoard().board;
    flash.program(0x8000, new Uint8Array(8));
    flash.read(0x8000, 100);
    flash.erase(0x8400);
    flash.erase(0x8400);
    flash.erase(0x1000);
    expect(flash.counters).toEqual({ reads: 1, bytesRead: 100, programs: 1, bytesProgrammed: 8, erases: 3 });
    expect([...flash.wear]).toEqual([1, 0, 0, 2, 0, 0]);
  });

  test("blocks differ in size from region to region on an STM32F4", () => {
    const { flash } = makeBoard(pico).board;
    const [storage, free] = flash.geometry.regions;
    expect([storage.blockBytes, free.blockBytes]).toEqual([16384, 131072]);
    flash.program(free.address + 100_000, bytes(0, 0, 0, 0));
    flash.erase(free.address);
    expect(flash.read(free.address + 100_000, 1)).toEqual(bytes(0xff));
    expect(flash.area("storage").blockSize).toBe(16384);
    expect([...flash.wear]).toEqual([0, 0, 0, 1]);
  });
});

describe("an area", () => {
  test("counts from 0 over all regions of its name", () => {
    const profile = smallFlash({
      free: [
        { address: 0x8000, bytes: 1024 },
        { address: 0xc000, bytes: 2048 },
      ],
    });
    const { board } = makeBoard(profile);
    const area = board.flash.area("free");
    expect([area.size, area.blockSize, area.writeSize, area.reprogrammable]).toEqual([3072, 1024, 4, true]);
    area.program(1020, bytes(1, 2, 3, 4, 5, 6, 7, 8));
    expect(board.flash.peek(0x83fc, 4)).toEqual(bytes(1, 2, 3, 4));
    expect(board.flash.peek(0xc000, 4)).toEqual(bytes(5, 6, 7, 8));
    expect(area.read(1018, 8)).toEqual(bytes(0xff, 0xff, 1, 2, 3, 4, 5, 6));
    area.erase(1024);
    expect(area.read(1020, 8)).toEqual(bytes(1, 2, 3, 4, 0xff, 0xff, 0xff, 0xff));
  });

  test("ends where it ends", () => {
    const area = makeBoard().board.flash.area("free");
    expect(() => area.read(4095, 2)).toThrow(expect.objectContaining({ kind: "OutOfBounds" }));
    expect(() => area.erase(4096)).toThrow(expect.objectContaining({ kind: "OutOfBounds" }));
    expect(() => area.erase(100)).toThrow(expect.objectContaining({ kind: "NotAligned" }));
    expect(area.read(4096, 0)).toEqual(bytes());
  });

  test("can be a window of whole blocks inside a region, as where Storage must lend some", () => {
    const { flash } = makeBoard().board;
    const window = flash.window(0x1400, 1024);
    window.program(0, bytes(1, 2, 3, 4));
    expect(flash.peek(0x1400, 4)).toEqual(bytes(1, 2, 3, 4));
    expect(() => flash.window(0x1200, 1024)).toThrow("whole blocks");
    expect(() => flash.area("nothing")).toThrow("the flash has no region nothing");
  });
});

describe("power cuts", () => {
  test.each([
    ["before", 0xff],
    ["after", 0x00],
  ] as const)("%s the n-th operation: the others happened", (moment, third) => {
    const { board, backing } = makeBoard();
    const { flash } = board;
    flash.planPowerCut({ operation: 3, moment });
    flash.program(0x8000, bytes(0, 0, 0, 0));
    flash.erase(0x8400);
    expect(() => flash.program(0x8010, bytes(0, 0, 0, 0))).toThrow(PowerLoss);
    expect(board.powered).toBe(false);
    expect(() => flash.read(0x8000, 1)).toThrow(PowerLoss);
    expect(() => flash.program(0x8020, bytes(0, 0, 0, 0))).toThrow(PowerLoss);
    expect(backing.cells[2048 + 0x20]).toBe(0xff);
    board.powerOn();
    expect(flash.read(0x8000, 1)).toEqual(bytes(0));
    expect(flash.read(0x8010, 1)).toEqual(bytes(third));
  });

  test("a torn program leaves whole bytes, one half-written unit, and the rest untouched", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(64), (seed, wholeBytes) => {
        const { board } = makeBoard(smallFlash(), seed);
        const data = new Uint8Array(64).fill(0x5a);
        board.flash.planPowerCut({ operation: 1, moment: "torn", wholeBytes });
        expect(() => board.flash.program(0x8000, data)).toThrow(PowerLoss);
        const cells = board.flash.peek(0x8000, 64);
        const unitEnd = Math.ceil((wholeBytes + 1) / 4) * 4;
        cells.forEach((cell, i) => {
          if (i < wholeBytes) expect(cell).toBe(0x5a);
          else if (i < unitEnd) expect(cell & 0x5a).toBe(0x5a);
          else expect(cell).toBe(0xff);
        });
      }),
    );
  });

  test("a torn program without a place tears at a place that the seed decides", () => {
    const tear = (seed: number) => {
      const { board } = makeBoard(smallFlash(), seed);
      board.flash.planPowerCut({ operation: 1, moment: "torn" });
      expect(() => board.flash.program(0x8000, new Uint8Array(256))).toThrow(PowerLoss);
      return [...board.flash.peek(0x8000, 256)];
    };
    expect(tear(5)).toEqual(tear(5));
    expect(new Set([1, 2, 3, 4, 5].map((seed) => tear(seed).indexOf(0xff))).size).toBeGreaterThan(1);
  });

  test("at a moment rather than an operation: what the flash was doing then is torn", () => {
    const { board, clock } = makeBoard();
    board.flash.program(0x8000, new Uint8Array(1024));
    clock.scheduleOutside(20_000, () => board.powerOff("the battery fell out"));
    expect(() => board.flash.erase(0x8000)).toThrow("the battery fell out");
    const cells = board.flash.peek(0x8000, 1024);
    expect(cells.some((cell) => cell !== 0)).toBe(true);
    expect(cells.some((cell) => cell !== 0xff)).toBe(true);
  });

  test("a torn erase only sets bits, some of them", () => {
    const { board } = makeBoard();
    const pattern = Uint8Array.from({ length: 1024 }, (_, i) => i & 0xff);
    board.flash.program(0x8000, pattern);
    board.flash.planPowerCut({ operation: 1, moment: "torn" });
    expect(() => board.flash.erase(0x8000)).toThrow(PowerLoss);
    const cells = board.flash.peek(0x8000, 1024);
    cells.forEach((cell, i) => expect(cell & pattern[i]).toBe(pattern[i]));
    expect(cells.some((cell, i) => cell !== pattern[i])).toBe(true);
    expect(cells.some((cell) => cell !== 0xff)).toBe(true);
  });
});

describe("worn blocks", () => {
  test("with an erase defect keep zeros, with a program defect keep ones, and tell nobody", () => {
    const { flash } = makeBoard().board;
    flash.setDefect(0x8000, "program");
    flash.program(0x8000, new Uint8Array(256));
    expect(flash.read(0x8000, 256).some((cell) => cell !== 0)).toBe(true);
    flash.setDefect(0x8400, "erase");
    flash.program(0x8400, new Uint8Array(1024));
    flash.erase(0x8400);
    expect(flash.read(0x8400, 1024).some((cell) => cell !== 0xff)).toBe(true);
    flash.setDefect(0x8400, undefined);
    flash.erase(0x8400);
    expect(flash.read(0x8400, 1024).every((cell) => cell === 0xff)).toBe(true);
  });

  test("come of as many erases as the endurance allows", () => {
    const { flash } = makeBoard(smallFlash(), 1, 3).board;
    const cycle = () => {
      flash.program(0x8000, new Uint8Array(1024));
      flash.erase(0x8000);
      return flash.read(0x8000, 1024).every((cell) => cell === 0xff);
    };
    expect([cycle(), cycle(), cycle(), cycle()]).toEqual([true, true, true, false]);
  });
});

test("random operations do what a plain model of NOR does", () => {
  const operation = fc.oneof(
    fc.record({ erase: fc.nat(3) }),
    fc.record({ program: fc.nat(1023), bytes: fc.uint8Array({ minLength: 4, maxLength: 32 }) }),
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const area = makeBoard().board.flash.area("free");
      const model = new Uint8Array(4096).fill(0xff);
      for (const step of operations) {
        if ("erase" in step) {
          area.erase(step.erase * 1024);
          model.fill(0xff, step.erase * 1024, step.erase * 1024 + 1024);
        } else {
          const address = Math.min(step.program * 4, 4096 - 32);
          const data = step.bytes.slice(0, step.bytes.length & ~3);
          area.program(address, data);
          data.forEach((byte, i) => (model[address + i] &= byte));
        }
      }
      expect(area.read(0, 4096)).toEqual(model);
    }),
  );
});
