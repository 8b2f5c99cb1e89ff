import { boards, findBoard } from "./index.js";
import type { BoardProfile, FlashArea } from "./index.js";

const ROLES = { i2c: ["scl", "sda"], spi: ["miso", "mosi", "sck"], uart: ["rx", "tx"] } as const;
const BUS_NAMES = { i2c: /^I2C\d$/, spi: /^SPI\d$/, uart: /^Serial\d$/ } as const;

describe.each(boards.map((board) => [board.id, board] as const))("%s", (_id, board) => {
  const { flash, memory } = board;
  const areas = [flash.storage, ...flash.free];

  it("has variables of the size that Espruino gives to so many, and room for them and the stack", () => {
    expect(memory.jsVarBytes).toBe(bytesOfVariable(memory.jsVars));
    expect(memory.jsVars * memory.jsVarBytes + memory.stackBytes).toBeLessThan(memory.ramBytes);
  });

  it("has blocks that NOR flash can have", () => {
    for (const area of areas) {
      expect(blockOf(board, area)).toBeGreaterThanOrEqual(1024);
      expect(blockOf(board, area)).toBeLessThanOrEqual(131072);
      expect(isPowerOfTwo(blockOf(board, area))).toBe(true);
    }
    expect([1, 2, 4, 8, 16]).toContain(flash.writeBytes);
    expect(flash.endurance).toBeGreaterThanOrEqual(1000);
  });

  it("has areas that begin and end at blocks", () => {
    for (const area of areas) {
      expect(area.bytes).toBeGreaterThan(0);
      expect(area.address % blockOf(board, area)).toBe(0);
      expect(area.bytes % blockOf(board, area)).toBe(0);
    }
  });

  it("has areas that don't overlap", () => {
    const inOrder = [...areas].sort((a, b) => a.address - b.address);
    for (let index = 1; index < inOrder.length; index++)
      expect(inOrder[index - 1].address + inOrder[index - 1].bytes).toBeLessThanOrEqual(inOrder[index].address);
  });

  it("names every pin and alias once", () => {
    const names = board.pins.flatMap((pin) => [pin.name, ...(pin.aliases ?? [])]);
    expect(new Set(names).size).toBe(names.length);
    for (const pin of board.pins) expect(pin.name).toMatch(/^[A-Z]\d{1,2}$/);
  });

  it("has an alias for every part that is soldered on, and pins that can drive it", () => {
    for (const pin of board.pins) {
      if (!pin.part) continue;
      expect(pin.aliases?.some((alias) => /^(LED|BTN)\d$/.test(alias))).toBe(true);
      expect(pin.functions).toContain("digital");
    }
    expect(board.pins.some((pin) => pin.part?.kind === "led")).toBe(true);
  });

  it.each(["i2c", "spi", "uart"] as const)("has %s buses on pins that exist", (kind) => {
    const names = board.buses[kind].map((bus) => bus.name);
    expect(new Set(names).size).toBe(names.length);
    for (const bus of board.buses[kind]) {
      expect(bus.name).toMatch(BUS_NAMES[kind]);
      expect(Object.keys(bus.pins).sort()).toEqual([...ROLES[kind]]);
      const pins = Object.values(bus.pins);
      expect(new Set(pins).size).toBe(pins.length);
      for (const name of pins) expect(board.pins.map((pin) => pin.name)).toContain(name);
    }
  });

  it("runs native code only where the interpreter can call it", () => {
    expect(board.engines).toContain("js");
    expect(board.engines.includes("thumb")).toBe(board.nativeCall);
  });

  it("draws less asleep than awake", () => {
    expect(board.current.sleepMicroamperes).toBeGreaterThan(0);
    expect(board.current.sleepMicroamperes).toBeLessThan(board.current.activeMicroamperes);
  });
});

describe("all boards", () => {
  it("have different names", () => {
    for (const key of ["id", "name", "espruinoBoard"] as const)
      expect(new Set(boards.map((board) => board[key])).size).toBe(boards.length);
  });

  it("are found by id and by what Espruino calls them", () => {
    for (const board of boards) {
      expect(findBoard(board.id)).toBe(board);
      expect(findBoard(board.espruinoBoard)).toBe(board);
      expect(findBoard(board.id.toUpperCase())).toBe(board);
    }
  });

  it("are named when one isn't found, the nearest first", () => {
    expect(() => findBoard("puckj")).toThrow(
      'No board is called "puckj". Did you mean "puckjs"? ' +
        "Known boards: generic, puckjs, pico, espruino_wifi, rp2040_pico.",
    );
    expect(() => findBoard("arduino-uno")).toThrow(
      'No board is called "arduino-uno". Known boards: generic, puckjs, pico, espruino_wifi, rp2040_pico.',
    );
  });
});

function blockOf(board: BoardProfile, area: FlashArea): number {
  return area.blockBytes ?? board.flash.blockBytes;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}

/** sizeof(JsVar) on a 32-bit processor by the number of variables: Espruino's src/jsutils.h and src/jsvar.h. */
function bytesOfVariable(jsVars: number): number {
  if (jsVars <= 2047) return 12;
  if (jsVars <= 8191) return 13;
  if (jsVars <= 16383) return 14;
  return 16;
}
