import { generic } from "../../hal/boards/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import type { BoardEvent } from "./events.js";
import { SimulatedBoard } from "./simulated-board.js";

function makeBoard() {
  const clock = new VirtualClock();
  return { clock, board: new SimulatedBoard({ profile: generic, clock, seed: 1 }) };
}

describe("a pin's level", () => {
  test.each([
    ["analog", true, "z"],
    ["input", true, "z"],
    ["input_pullup", false, "1"],
    ["input_pulldown", true, "0"],
    ["output", true, "1"],
    ["output", false, "0"],
    ["opendrain", true, "z"],
    ["opendrain", false, "0"],
    ["opendrain_pullup", true, "1"],
    ["opendrain_pullup", false, "0"],
  ] as const)("alone on its wire, %s with latch %s is %s", (mode, latch, level) => {
    const pin = makeBoard().board.pin("D1");
    pin.setMode(mode);
    pin.write(latch);
    expect(pin.level).toBe(level);
    expect(pin.read()).toBe(level === "1");
  });

  test("a driver outside beats a resistor, and a resistor outside beats the processor's own", () => {
    const pin = makeBoard().board.pin("D1");
    pin.setMode("input_pullup");
    const outside = pin.connect("divider");
    outside.pull(false);
    expect(pin.level).toBe("0");
    outside.drive(true);
    expect(pin.level).toBe("1");
    outside.drive(undefined);
    outside.pull(undefined);
    expect(pin.level).toBe("1");
  });

  test("several open drains on one wire: low while any pulls it down", () => {
    const pin = makeBoard().board.pin("D1");
    pin.setMode("opendrain_pullup");
    pin.write(true);
    const other = pin.connect("other");
    other.drive(false);
    expect(pin.level).toBe("0");
    other.disconnect();
    expect(pin.level).toBe("1");
  });

  test("two drivers that disagree are contention, which reads low and is told as a fault", () => {
    const { board } = makeBoard();
    const faults: BoardEvent[] = [];
    board.events.listen((event) => event.type === "fault" && faults.push(event));
    const pin = board.pin("D1");
    pin.setMode("output");
    pin.write(true);
    pin.connect("a button without a resistor").drive(false);
    expect(pin.level).toBe("x");
    expect(pin.read()).toBe(false);
    expect(faults).toMatchObject([{ where: "D1", what: "driven both ways, also by a button without a resistor" }]);
  });
});

describe("a pin's edges", () => {
  test("are told from the event loop, with level and time, and only those asked for", () => {
    const { board, clock } = makeBoard();
    const pin = board.pin("D1");
    pin.setMode("input");
    const button = pin.connect("button");
    button.drive(false);
    const rising: [boolean, number][] = [];
    const both: boolean[] = [];
    pin.watch("rising", (high, at) => rising.push([high, at]));
    const stop = pin.watch("both", (high) => both.push(high));
    clock.advanceTo(100);
    button.drive(true);
    expect(rising).toEqual([]);
    clock.advanceTo(200);
    button.drive(false);
    clock.advanceTo(300);
    expect(rising).toEqual([[true, 100]]);
    expect(both).toEqual([true, false]);
    stop();
    stop();
    button.drive(true);
    clock.advanceTo(400);
    expect(both).toEqual([true, false]);
    expect(rising.length).toBe(2);
  });

  test("a watch that ends between an edge and its event isn't called", () => {
    const { board, clock } = makeBoard();
    const pin = board.pin("D1");
    pin.setMode("output");
    let calls = 0;
    const stop = pin.watch("both", () => calls++);
    pin.write(true);
    stop();
    clock.advanceTo(10);
    expect(calls).toBe(0);
  });

  test("floating to low isn't an edge, since both read low", () => {
    const { board, clock } = makeBoard();
    const pin = board.pin("D1");
    pin.setMode("input");
    let calls = 0;
    pin.watch("both", () => calls++);
    pin.connect("button").drive(false);
    clock.advanceTo(10);
    expect(calls).toBe(0);
  });
});

describe("pulses", () => {
  function record(board: SimulatedBoard) {
    const seen: string[] = [];
    board.events.listen((event) => event.type === "pin" && seen.push(`${event.level}@${event.microseconds}`));
    return seen;
  }

  test("go on by themselves, one after the other, and a second call waits for the first", () => {
    const { board, clock } = makeBoard();
    const pin = board.pin("LED1");
    pin.setMode("output");
    const seen = record(board);
    expect(pin.pulse(true, [100, 50, 100])).toBe(250);
    expect(pin.pulse(true, [10])).toBe(260);
    clock.advanceTo(1000);
    expect(seen).toEqual(["1@0", "0@100", "1@150", "0@250", "1@250", "0@260"]);
  });

  test("end when the program writes", () => {
    const { board, clock } = makeBoard();
    const pin = board.pin("LED1");
    pin.setMode("output");
    const seen = record(board);
    pin.pulse(true, [100, 100, 100]);
    clock.advanceTo(50);
    pin.write(false);
    clock.advanceTo(1000);
    expect(seen).toEqual(["1@0", "0@50"]);
  });
});

describe("PWM", () => {
  test("has a duty and a frequency, and the level follows the phase when it is looked at", () => {
    const { board, clock } = makeBoard();
    const pin = board.pin("D14");
    pin.setPwm(0.25, 1000);
    expect(pin.pwm).toMatchObject({ duty: 0.25, hertz: 1000 });
    expect(pin.mode).toBe("af_output");
    let high = 0;
    for (let at = 0; at < 10_000; at += 10) {
      clock.advanceTo(at);
      if (pin.read()) high++;
    }
    expect(high).toBe(250);
  });

  test("ends with a write; its duty is clamped", () => {
    const { board } = makeBoard();
    const pin = board.pin("D14");
    pin.setPwm(7, 1000);
    expect(pin.pwm?.duty).toBe(1);
    pin.write(false);
    expect(pin.pwm).toBeUndefined();
    expect(pin.mode).toBe("output");
    expect(pin.level).toBe("0");
  });
});

describe("voltages", () => {
  test("of a source change with time, are converted to 12 bits, and clip at the supply", () => {
    const { board, clock } = makeBoard();
    const pin = board.pin("D24");
    const source = pin.connect("ramp");
    source.voltage((now) => now);
    clock.advanceTo(1650);
    expect(pin.millivolts).toBe(1650);
    expect(pin.convert()).toBe(2048 / 4095);
    clock.advanceTo(5000);
    expect(pin.millivolts).toBe(3300);
    expect(pin.read()).toBe(true);
  });

  test("of a driven pin are those of its level", () => {
    const pin = makeBoard().board.pin("D24");
    expect(pin.millivolts).toBe(0);
    pin.setMode("output");
    pin.write(true);
    expect(pin.millivolts).toBe(3300);
  });
});

test("a reset lets go of everything that the processor did, and of nothing else", () => {
  const { board, clock } = makeBoard();
  const pin = board.pin("D1");
  const outside = pin.connect("resistor");
  let calls = 0;
  pin.watch("both", () => calls++);
  pin.setMode("output");
  pin.write(true);
  pin.pulse(false, [1000]);
  outside.pull(true);
  pin.reset();
  expect([pin.mode, pin.output, pin.level]).toEqual(["analog", false, "1"]);
  clock.advanceTo(10_000);
  expect(pin.level).toBe("1");
  expect(calls).toBe(0);
});
