import { generic } from "../../hal/boards/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import type { BoardEvent } from "./events.js";
import type { I2cTarget } from "./i2c-bus.js";
import { SimulatedBoard } from "./simulated-board.js";
import type { SpiTarget } from "./spi-bus.js";
import { loopback } from "./uart.js";

function makeBoard() {
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile: generic, clock, seed: 1 });
  const events: BoardEvent[] = [];
  board.events.listen((event) => events.push(event));
  return { clock, board, events };
}

/** A memory of 256 bytes with one address byte, like a 24C02, that writes down every condition on the wire. */
function memory(name = "memory"): I2cTarget & { log: string[]; cells: Uint8Array } {
  const cells = new Uint8Array(256);
  const log: string[] = [];
  let pointer = 0;
  let first = false;
  return {
    name,
    log,
    cells,
    start: (direction) => {
      first = direction === "write";
      log.push(direction);
      return true;
    },
    write: (byte) => {
      if (first) pointer = byte;
      else cells[pointer++ & 0xff] = byte;
      first = false;
      return byte !== 0xee;
    },
    read: () => cells[pointer++ & 0xff],
    stop: () => log.push("stop"),
  };
}

describe("I2C", () => {
  test("write, read, and a read after a repeated start", () => {
    const { board, events } = makeBoard();
    const chip = memory();
    const bus = board.i2c("I2C1");
    bus.attach(0x50, chip);
    bus.write(0x50, [0x10, 1, 2, 3]);
    expect(bus.transact(0x50, [{ write: [0x11] }, { read: 2 }])).toEqual([Uint8Array.of(2, 3)]);
    expect(chip.log).toEqual(["write", "stop", "write", "read", "stop"]);
    expect(events.filter((event) => event.type === "i2c")).toMatchObject([
      { bus: "I2C1", address: 0x50, segments: [{ direction: "write", bytes: Uint8Array.of(0x10, 1, 2, 3) }] },
      { segments: [{ direction: "write" }, { direction: "read", bytes: Uint8Array.of(2, 3) }] },
    ]);
  });

  test("a write without a stop is followed by a repeated start", () => {
    const { board } = makeBoard();
    const chip = memory();
    const bus = board.i2c("I2C1");
    bus.attach(0x50, chip);
    bus.write(0x50, [0], false);
    bus.read(0x50, 1);
    expect(chip.log).toEqual(["write", "read", "stop"]);
  });

  test("takes the time of its bits: 100 kHz, then 400 kHz", () => {
    const { board, clock } = makeBoard();
    const bus = board.i2c("I2C1");
    bus.attach(0x50, memory());
    bus.write(0x50, [0, 1]);
    expect(clock.now()).toBeCloseTo(290);
    bus.setup(400_000);
    bus.write(0x50, [0, 1]);
    expect(clock.now()).toBeCloseTo(290 + 72.5);
  });

  test("nobody at the address is NoAcknowledgeAddress, with bus and address in words", () => {
    const { board } = makeBoard();
    expect(() => board.i2c("I2C2").write(0x76, [])).toThrow(
      expect.objectContaining({ kind: "NoAcknowledgeAddress", message: "I2C2 0x76: no acknowledge of the address" }),
    );
  });

  test("a byte that the part refuses is NoAcknowledgeData, and the part sees a stop", () => {
    const { board } = makeBoard();
    const chip = memory();
    board.i2c("I2C1").attach(0x50, chip);
    expect(() => board.i2c("I2C1").write(0x50, [0, 0xee, 1])).toThrow(
      expect.objectContaining({ kind: "NoAcknowledgeData", message: "I2C1 0x50: no acknowledge of byte 1" }),
    );
    expect(chip.log).toEqual(["write", "stop"]);
    expect(chip.cells[1]).toBe(0);
  });

  test("injected faults: by kind, by address, after some bytes, so many times", () => {
    const { board } = makeBoard();
    const bus = board.i2c("I2C1");
    const chip = memory();
    bus.attach(0x50, chip);
    bus.attach(0x51, memory("other"));
    bus.inject({ kind: "NoAcknowledgeAddress", address: 0x50, count: 2 });
    const kind = (work: () => unknown) => {
      try {
        work();
        return "none";
      } catch (error) {
        return (error as { kind: string }).kind;
      }
    };
    expect(kind(() => bus.write(0x51, [0]))).toBe("none");
    expect(kind(() => bus.write(0x50, [0]))).toBe("NoAcknowledgeAddress");
    expect(kind(() => bus.read(0x50, 1))).toBe("NoAcknowledgeAddress");
    expect(kind(() => bus.write(0x50, [0]))).toBe("none");
    bus.inject({ kind: "ArbitrationLoss", afterBytes: 2 });
    expect(kind(() => bus.write(0x50, [5, 1, 2, 3]))).toBe("ArbitrationLoss");
    expect([...chip.cells.subarray(5, 8)]).toEqual([1, 0, 0]);
    bus.inject({ kind: "Bus", count: Infinity });
    expect(kind(() => bus.write(0x51, [0]))).toBe("Bus");
    expect(kind(() => bus.write(0x50, [0]))).toBe("Bus");
    bus.clearFaults();
    expect(kind(() => bus.write(0x50, [0]))).toBe("none");
  });

  test("an address is given once, and is free again after", () => {
    const bus = makeBoard().board.i2c("I2C1");
    const detach = bus.attach(0x50, memory("first"));
    expect(() => bus.attach(0x50, memory("second"))).toThrow("I2C1 0x50 is taken by first");
    detach();
    detach();
    bus.attach(0x50, memory("second"));
    expect(bus.targets.get(0x50)?.name).toBe("second");
  });
});

/** Answers with the byte before it, as a shift register does. */
function shiftRegister(name: string, modes?: number[]): SpiTarget & { log: string[] } {
  const log: string[] = [];
  let held = 0;
  return {
    name,
    modes,
    log,
    select: () => log.push("select"),
    transfer: (byte) => {
      const out = held;
      held = byte;
      log.push(byte.toString(16));
      return out;
    },
    deselect: () => log.push("deselect"),
  };
}

describe("SPI", () => {
  test("reaches the part whose chip select is low, and nobody else", () => {
    const { board } = makeBoard();
    const bus = board.spi("SPI1");
    const one = shiftRegister("one");
    const two = shiftRegister("two");
    for (const [name, part] of [
      ["D20", one],
      ["D21", two],
    ] as const) {
      const pin = board.pin(name);
      pin.write(true);
      pin.setMode("output");
      bus.attach(pin, part);
    }
    expect(bus.transfer([1])).toEqual(Uint8Array.of(0xff));
    board.pin("D20").write(false);
    expect(bus.transfer([0xa, 0xb, 0xc])).toEqual(Uint8Array.of(0, 0xa, 0xb));
    board.pin("D20").write(true);
    expect(one.log).toEqual(["select", "a", "b", "c", "deselect"]);
    expect(two.log).toEqual([]);
  });

  test("takes the time of its bits, and has its bits in either order", () => {
    const { board, clock } = makeBoard();
    const bus = board.spi("SPI1");
    const part = shiftRegister("part");
    bus.attach(undefined, part);
    bus.setup({ mode: 0, hertz: 1_000_000, bitOrder: "lsb" });
    expect(bus.transfer([0x01, 0])).toEqual(Uint8Array.of(0, 0x01));
    expect(part.log).toEqual(["select", "80", "0"]);
    expect(clock.now()).toBe(16);
  });

  test("a part in a mode that it doesn't know answers nothing, and that is told", () => {
    const { board, events } = makeBoard();
    const bus = board.spi("SPI1");
    bus.attach(undefined, shiftRegister("sensor", [0, 3]));
    bus.setup({ mode: 1, hertz: 1_000_000, bitOrder: "msb" });
    expect(bus.transfer([1, 2])).toEqual(Uint8Array.of(0xff, 0xff));
    expect(events).toContainEqual(
      expect.objectContaining({ type: "fault", where: "SPI1", what: "sensor can't follow mode 1; it takes 0 or 3" }),
    );
  });

  test("two parts at once are told", () => {
    const { board, events } = makeBoard();
    const bus = board.spi("SPI1");
    bus.attach(undefined, shiftRegister("one"));
    bus.attach(undefined, shiftRegister("two"));
    bus.transfer([1]);
    expect(events).toContainEqual(expect.objectContaining({ type: "fault", what: "one and two are selected at once" }));
  });
});

describe("a serial port", () => {
  test("sends after the time of its bits, and a loopback sends the same back", () => {
    const { board, clock } = makeBoard();
    const port = board.uart("Serial1");
    port.setup({ baud: 10_000, parity: "even", stopBits: 1 });
    port.connect(loopback);
    const got: string[] = [];
    port.onData((bytes) => got.push(`${[...bytes]}@${Math.round(clock.now())}`));
    port.write([1, 2]);
    clock.advanceTo(2199);
    expect(got).toEqual([]);
    clock.advanceTo(10_000);
    expect(got).toEqual(["1@2200", "2@3300"]);
    port.write([3, 4, 5]);
    board.spend(10_000);
    clock.advanceTo(30_000);
    expect(got.slice(2)).toEqual(["3,4,5@20000"]);
  });

  test("keeps what arrives while nobody listens, up to its buffer", () => {
    const { board, clock, events } = makeBoard();
    const port = board.uart("Serial1");
    port.deliver(new Uint8Array(1000).fill(7));
    port.deliver(new Uint8Array(100).fill(8));
    clock.advanceTo(10e6);
    expect(events).toContainEqual(
      expect.objectContaining({ type: "fault", where: "Serial1", what: "76 bytes lost: nobody reads" }),
    );
    const got: number[] = [];
    port.onData((bytes) => got.push(...bytes));
    expect(got).toEqual([]);
    clock.advanceTo(11e6);
    expect(got.length).toBe(1024);
  });

  test("a second listener replaces the first, whose end then does nothing", () => {
    const { board, clock } = makeBoard();
    const port = board.uart("Serial1");
    const seen: string[] = [];
    const endFirst = port.onData(() => seen.push("first"));
    port.onData(() => seen.push("second"));
    endFirst();
    port.deliver([1]);
    clock.advanceTo(10_000);
    expect(seen).toEqual(["second"]);
  });

  test("refuses more than its buffer takes with Overrun", () => {
    const { board, clock } = makeBoard();
    const port = board.uart("Serial1");
    port.write(new Uint8Array(1024));
    expect(() => port.write([1])).toThrow(expect.objectContaining({ kind: "Overrun" }));
    clock.advanceTo(10e6);
    port.write([1]);
  });
});
