import { generic, pico } from "../../hal/boards/index.js";
import { SimulatedBoard } from "../board/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { attachAnalogSource } from "./analog-source.js";
import { attachButton } from "./button.js";
import { attachLed } from "./led.js";
import { makeSignal } from "./signal.js";
import { attachSolderedParts } from "./soldered-parts.js";

function makeBoard(seed = 1) {
  const clock = new VirtualClock();
  return { clock, board: new SimulatedBoard({ profile: generic, clock, seed }) };
}

describe("an LED", () => {
  test("lights with its pin, active high or low, and counts its blinks", () => {
    const { board } = makeBoard();
    const led = attachLed(board, "D13", { color: "green" });
    const low = attachLed(board, "D13", { name: "low", activeLow: true });
    const pin = board.pin("D13");
    expect([led.brightness(), low.brightness()]).toEqual([0, 0]);
    pin.setMode("output");
    expect([led.brightness(), low.brightness()]).toEqual([0, 1]);
    pin.write(true);
    pin.write(false);
    pin.write(true);
    expect(led.state()).toEqual({ color: "green", brightness: 1, blinks: 2 });
    board.powerOff();
    expect(led.brightness()).toBe(0);
  });

  test("is as bright as a PWM's duty", () => {
    const { board } = makeBoard();
    const led = attachLed(board, "D13");
    const low = attachLed(board, "D13", { name: "low", activeLow: true });
    board.pin("D13").setPwm(0.25, 1000);
    expect([led.brightness(), low.brightness()]).toEqual([0.25, 0.75]);
    expect(() => led.set("brightness", 1)).toThrow("led D13 has no property brightness; nothing can be set on it");
  });
});

describe("a button", () => {
  test("gives its level when pressed, and its resistor's otherwise", () => {
    const { board } = makeBoard();
    const high = attachButton(board, "D0");
    const low = attachButton(board, "D5", { activeLow: true });
    const levels = () => [board.pin("D0").level, board.pin("D5").level];
    expect(levels()).toEqual(["0", "1"]);
    high.press();
    low.set("pressed", true);
    expect(levels()).toEqual(["1", "0"]);
    high.release();
    low.set("pressed", false);
    expect(levels()).toEqual(["0", "1"]);
  });

  test("without a resistor needs the processor's", () => {
    const { board } = makeBoard();
    attachButton(board, "D0", { activeLow: true, resistor: false });
    expect(board.pin("D0").level).toBe("z");
    board.pin("D0").setMode("input_pullup");
    expect(board.pin("D0").level).toBe("1");
  });

  test("bounces as the seed decides, then rests where it was moved to", () => {
    const bounce = (seed: number) => {
      const { board, clock } = makeBoard(seed);
      const button = attachButton(board, "D0", { bounceMicroseconds: 5000 });
      const edges: number[] = [];
      board.pin("D0").onChange(() => edges.push(clock.now()));
      button.press();
      clock.advanceTo(4_999.99);
      clock.advanceTo(1e6);
      expect(board.pin("D0").level).toBe("1");
      expect(edges.length).toBeGreaterThan(2);
      expect(edges.length % 2).toBe(1);
      expect(edges.at(-1)).toBeLessThan(5000);
      return edges;
    };
    expect(bounce(1)).toEqual(bounce(1));
    expect(bounce(1)).not.toEqual(bounce(2));
  });

  test("released while it still bounces, it rests released", () => {
    const { board, clock } = makeBoard();
    const button = attachButton(board, "D0", { bounceMicroseconds: 5000 });
    button.press();
    clock.advanceTo(100);
    button.release();
    clock.advanceTo(1e6);
    expect(board.pin("D0").level).toBe("0");
  });
});

describe("signals", () => {
  test("are constant, ramps and sines", () => {
    expect(makeSignal(7, 0, 1)(1e9)).toBe(7);
    const ramp = makeSignal({ ramp: { from: 10, to: 20, seconds: 2 } }, 1e6, 1);
    expect([0, 1e6, 2e6, 3e6, 9e6].map(ramp)).toEqual([10, 10, 15, 20, 20]);
    const sine = makeSignal({ sine: { mean: 5, amplitude: 2, period: 4 } }, 0, 1);
    expect([0, 1e6, 2e6, 3e6].map((at) => Math.round(sine(at) * 1e6) / 1e6)).toEqual([5, 7, 5, 3]);
  });

  test("have noise that the seed decides, new at each step, around any signal", () => {
    const description = { noise: { around: 100, deviation: 3, every: 0.1 } };
    const noise = makeSignal(description, 0, 5);
    expect(noise(123_456)).toBe(makeSignal(description, 0, 5)(123_456));
    expect(noise(100_000)).toBe(noise(199_999));
    expect(noise(100_000)).not.toBe(noise(200_000));
    expect(noise(100_000)).not.toBe(makeSignal(description, 0, 6)(100_000));
    const values = Array.from({ length: 2000 }, (_, i) => noise(i * 100_000));
    const mean = values.reduce((a, b) => a + b) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
    expect(mean).toBeCloseTo(100, 0);
    expect(deviation).toBeCloseTo(3, 0);
  });
});

test("two sources with the same noise are not noisy in step", () => {
  const { board } = makeBoard();
  const millivolts = { noise: { around: 1000, deviation: 50 } };
  const one = attachAnalogSource(board, "D24", { name: "one", millivolts });
  const two = attachAnalogSource(board, "D25", { name: "two", millivolts });
  expect(one.millivolts()).not.toBe(two.millivolts());
  expect(one.millivolts()).toBe(attachAnalogSource(makeBoard().board, "D24", { name: "one", millivolts }).millivolts());
});

test("an analog source puts its signal on a pin, and can be set", () => {
  const { board, clock } = makeBoard();
  const battery = attachAnalogSource(board, "D24", { millivolts: { ramp: { from: 3000, to: 2000, seconds: 10 } } });
  clock.advanceTo(5e6);
  expect(board.pin("D24").millivolts).toBe(2500);
  battery.set("millivolts", 1000);
  expect(board.pin("D24").millivolts).toBe(1000);
  expect(battery.state()).toEqual({ millivolts: 1000 });
  expect(() => battery.set("volts", 1)).toThrow("analog D24 has no property volts; it has millivolts");
  battery.detach();
  expect(board.pin("D24").millivolts).toBe(0);
});

test("what the profile says is soldered on is there", () => {
  const board = new SimulatedBoard({ profile: pico, clock: new VirtualClock(), seed: 1 });
  const { leds, buttons } = attachSolderedParts(board);
  expect(leds.map((led) => [led.name, led.pin, led.color])).toEqual(
    pico.pins.filter((pin) => pin.part?.kind === "led").map((pin) => [pin.aliases?.[0], pin.name, pin.part?.color]),
  );
  expect(buttons.length).toBe(1);
  buttons[0].press();
  expect(board.pin("BTN1").read()).toBe(!pico.pins.find((pin) => pin.aliases?.includes("BTN1"))?.part?.activeLow);
});
