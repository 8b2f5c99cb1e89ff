import { boards, generic } from "../../hal/boards/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { BoardReset, PowerLoss } from "./board-host.js";
import { SimulatedBoard } from "./simulated-board.js";

function makeBoard(seed = 1) {
  const clock = new VirtualClock();
  return { clock, board: new SimulatedBoard({ profile: generic, clock, seed, epochMicroseconds: 1_000_000 }) };
}

test.each(boards.map((profile) => [profile.id, profile] as const))("%s can be put on the desk", (_, profile) => {
  const board = new SimulatedBoard({ profile, clock: new VirtualClock(), seed: 1 });
  expect(board.pins.map((pin) => pin.name)).toEqual(profile.pins.map((pin) => pin.name));
  expect(board.flash.area("storage").size).toBe(profile.flash.storage.bytes);
});

describe("names", () => {
  test("aliases lead to the same pin", () => {
    const { board } = makeBoard();
    expect(board.pin("LED1")).toBe(board.pin("D13"));
    expect(board.findPin("Z9")).toBeUndefined();
  });

  test("that don't exist give an error that lists those that do", () => {
    const { board } = makeBoard();
    expect(() => board.pin("Z9")).toThrow(/generic has no pin Z9; it has D0 BTN1 D1/);
    expect(() => board.i2c("I2C9")).toThrow("generic has no I2C bus I2C9; it has I2C1 I2C2");
    expect(() => board.spi("X")).toThrow("generic has no SPI bus X; it has SPI1 SPI2");
    expect(() => board.uart("X")).toThrow("generic has no serial port X; it has Serial1 Serial2");
  });
});

describe("chance", () => {
  test("is the seed's: entropy, serial number", () => {
    const draw = (seed: number) => {
      const { board } = makeBoard(seed);
      return [board.serialNumber, board.entropy.uint32(), board.entropy.uint32()];
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(makeBoard().board.serialNumber).toMatch(/^[0-9a-f]{10}$/);
  });
});

describe("energy", () => {
  test("what the processor spent is awake, the rest asleep, at the profile's currents", () => {
    const { board, clock } = makeBoard();
    board.spend(3600e6 / 2);
    clock.advanceTo(3600e6);
    const energy = board.energy;
    expect(energy.activeMicroseconds).toBe(1800e6);
    expect(energy.asleepMicroseconds).toBe(1800e6);
    // Half an hour at 10 mA, half an hour at 10 uA.
    expect(energy.activeMicroampereHours).toBeCloseTo(5000);
    expect(energy.asleepMicroampereHours).toBeCloseTo(5);
    expect(energy.averageMicroamperes).toBeCloseTo(5005);
  });

  test("isn't drawn while the board is off", () => {
    const { board, clock } = makeBoard();
    clock.advanceTo(1e6);
    board.powerOff();
    clock.advanceTo(10e6);
    board.powerOn();
    clock.advanceTo(11e6);
    expect(board.energy.asleepMicroseconds).toBe(2e6);
  });
});

describe("power", () => {
  test("off: the processor's timers are forgotten, its pins float, and touching anything is PowerLoss", () => {
    const { board, clock } = makeBoard();
    const happened: string[] = [];
    board.events.listen((event) => event.type === "power" && happened.push(`${event.on} ${event.cause}`));
    board.pin("D1").setMode("output");
    board.schedule(100, () => happened.push("timer"));
    board.powerOff("the cable was pulled");
    board.powerOff("again");
    board.schedule(10, () => happened.push("timer of a dead board"));
    clock.advanceTo(1000);
    expect(board.pin("D1").level).toBe("z");
    expect(happened).toEqual(["false the cable was pulled"]);
    expect(() => board.spend(1)).toThrow(PowerLoss);
    expect(() => board.flash.read(generic.flash.storage.address, 1)).toThrow("the cable was pulled");
    expect(() => board.uart("Serial1").write([1])).toThrow(PowerLoss);
    expect(() => board.spi("SPI1").transfer([1])).toThrow(PowerLoss);
    expect(() => board.i2c("I2C1").write(1, [])).toThrow(PowerLoss);
    board.powerOn();
    board.powerOn();
    board.spend(1);
    expect(happened).toEqual(["false the cable was pulled", "true switched on"]);
  });

  test("may go away in the middle of what the processor does, which then stops there", () => {
    const { board, clock } = makeBoard();
    clock.scheduleOutside(300, () => board.powerOff("brown-out"));
    clock.scheduleOutside(400, () => board.powerOn());
    expect(() => board.spend(1000)).toThrow(PowerLoss);
    expect(clock.now()).toBe(300);
    expect(board.energy.activeMicroseconds).toBe(300);
    clock.advanceTo(500);
    expect(board.powered).toBe(true);
  });

  test("a reset from outside stops the processor as well", () => {
    const { board, clock } = makeBoard();
    clock.scheduleOutside(300, () => board.reset("reset button"));
    expect(() => board.spend(1000)).toThrow(BoardReset);
    expect(board.powered).toBe(true);
    board.spend(10);
    expect(clock.now()).toBe(310);
  });

  test("sets the real-time clock back, a reset doesn't", () => {
    const { board, clock } = makeBoard();
    expect(board.realtime()).toBe(1_000_000);
    board.setRealtime(5e9);
    clock.advanceTo(10);
    board.reset();
    expect(board.realtime()).toBe(5e9 + 10);
    board.powerOff();
    clock.advanceTo(20);
    board.powerOn();
    expect(board.realtime()).toBe(1_000_000);
    expect(board.uptime()).toBe(0);
  });

  test("flash keeps what it had", () => {
    const { board } = makeBoard();
    const area = board.flash.area("free");
    area.program(0, Uint8Array.of(1, 2, 3, 4));
    board.powerOff();
    board.powerOn();
    expect(area.read(0, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
  });
});
