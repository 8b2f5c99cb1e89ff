import { generic } from "../../../hal/boards/index.js";
import { VirtualClock } from "../../core/virtual-clock.js";
import { SimulatedBoard } from "../simulated-board.js";
import {
  analogInput,
  boardClock,
  boardRandom,
  boardWatchdog,
  i2cController,
  inputPin,
  outputPin,
  pwmOutput,
  spiDevice,
  uart,
} from "./index.js";

function makeBoard() {
  const clock = new VirtualClock();
  return { clock, board: new SimulatedBoard({ profile: generic, clock, seed: 1 }) };
}

test("an input has the pull that was asked for", () => {
  const { board } = makeBoard();
  expect(inputPin(board.pin("D1"), "up").isHigh()).toBe(true);
  expect(inputPin(board.pin("D2"), "down").isLow()).toBe(true);
  expect(board.pin("D2").mode).toBe("input_pulldown");
});

test("an output begins at its first level without a glitch, and knows what it was set to", () => {
  const { board } = makeBoard();
  const levels: string[] = [];
  board.pin("D1").onChange((level) => levels.push(level));
  const pin = outputPin(board.pin("D1"), true);
  pin.toggle();
  pin.setState(true);
  expect(levels).toEqual(["1", "0", "1"]);
  expect([pin.isSetHigh(), pin.isSetLow()]).toEqual([true, false]);
});

test("an open drain is set high, though another part pulls the wire low", () => {
  const { board } = makeBoard();
  const pin = outputPin(board.pin("D1"), true, "opendrain");
  board.pin("D1").connect("other").drive(false);
  expect([pin.isSetHigh(), board.pin("D1").read()]).toEqual([true, false]);
});

test("analog and PWM only where the board has them", () => {
  const { board } = makeBoard();
  expect(() => analogInput(board, "D1")).toThrow(expect.objectContaining({ kind: "Unsupported" }));
  expect(() => pwmOutput(board, "D0")).toThrow(expect.objectContaining({ kind: "Unsupported" }));
  board
    .pin("D24")
    .connect("battery")
    .voltage(() => 1234);
  const read = analogInput(board, "D24").readMillivolts();
  expect(Math.abs(read - 1234)).toBeLessThan(3300 / 4095);
});

test("a PWM's frequency may be set before and after its duty", () => {
  const { board } = makeBoard();
  const output = pwmOutput(board, "D14");
  output.setFrequency(50);
  expect(board.pin("D14").pwm).toBeUndefined();
  output.setDutyCycle(0.075);
  expect(board.pin("D14").pwm).toMatchObject({ duty: 0.075, hertz: 50 });
  output.setFrequency(100);
  expect(board.pin("D14").pwm).toMatchObject({ duty: 0.075, hertz: 100 });
  expect(() => output.setFrequency(0)).toThrow(expect.objectContaining({ kind: "Unsupported" }));
});

test("an SPI device releases its chip select also when the transfer throws", () => {
  const { board } = makeBoard();
  const device = spiDevice(board.spi("SPI1"), board.pin("D20"), { mode: 0, hertz: 1e6, bitOrder: "msb" });
  const seen: number[] = [];
  board.spi("SPI1").attach(board.pin("D20"), {
    name: "fuse",
    select: () => {},
    transfer: (byte) => {
      if (byte === 13) throw new Error("blown");
      seen.push(byte);
      return byte + 1;
    },
    deselect: () => {},
  });
  expect(device.writeRead([1], 2)).toEqual(Uint8Array.of(1, 1));
  expect(seen).toEqual([1, 0, 0]);
  expect(() => device.write([13])).toThrow("blown");
  expect(board.pin("D20").level).toBe("1");
});

test("an I2C controller sets the bus's rate", () => {
  const { board } = makeBoard();
  const bus = i2cController(board.i2c("I2C1"), 400_000);
  expect(board.i2c("I2C1").hertz).toBe(400_000);
  expect(() => bus.write(0x10, [])).toThrow(expect.objectContaining({ kind: "NoAcknowledgeAddress" }));
});

test("a serial port gets its settings", () => {
  const { board } = makeBoard();
  uart(board.uart("Serial2"), { baud: 115200, parity: "odd", stopBits: 2 });
  expect(board.uart("Serial2").config).toEqual({ baud: 115200, parity: "odd", stopBits: 2 });
});

test("the clock calls once, later, unless it was cancelled or the board was reset", () => {
  const { board, clock } = makeBoard();
  const time = boardClock(board);
  const seen: string[] = [];
  time.after(100, () => seen.push(`a@${time.monotonic()}`));
  const cancel = time.after(50, () => seen.push("cancelled"));
  cancel();
  cancel();
  clock.advanceTo(1000);
  time.after(100, () => seen.push("after a reset"));
  board.reset();
  clock.advanceTo(2000);
  expect(seen).toEqual(["a@100"]);
});

test("random bytes are the seed's", () => {
  const bytes = (board: SimulatedBoard) => {
    const target = new Uint8Array(8);
    boardRandom(board).fill(target, 2, 4);
    return [...target];
  };
  const first = bytes(makeBoard().board);
  expect(first).toEqual(bytes(makeBoard().board));
  expect([first[0], first[1], first[6], first[7]]).toEqual([0, 0, 0, 0]);
});

test("a watchdog resets a board that doesn't feed it", () => {
  const { board, clock } = makeBoard();
  const resets: string[] = [];
  board.events.listen((event) => event.type === "reset" && resets.push(`${event.cause}@${event.microseconds}`));
  const watchdog = boardWatchdog(board);
  watchdog.start(1000);
  clock.advanceTo(900);
  watchdog.feed();
  clock.advanceTo(1800);
  expect(resets).toEqual([]);
  clock.advanceTo(5000);
  expect(resets).toEqual(["watchdog@1900"]);
});
