import { boards, generic } from "../../../hal/boards/index.js";
import {
  analogConformance,
  clockConformance,
  digitalConformance,
  flashConformance,
  i2cConformance,
  pwmConformance,
  randomConformance,
  spiConformance,
  uartConformance,
  watchdogConformance,
} from "../../../hal/testing/conformance/index.js";
import { describeConformance } from "../../../hal/testing/describe-conformance.js";
import type { Clock } from "../../../hal/contract/index.js";
import { VirtualClock } from "../../core/virtual-clock.js";
import type { BoardEvent } from "../events.js";
import { flashGeometry, SimulatedBoard } from "../simulated-board.js";
import { loopback } from "../uart.js";
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

/** The suite that every port and every fake of the contract must pass, on each capability of a simulated board. */

/** Of the board that was made last: cases run one after the other. */
let time: VirtualClock;

function makeBoard(profile = generic) {
  time = new VirtualClock();
  return new SimulatedBoard({ profile, clock: time, seed: 1 });
}

function advance(_: unknown, microseconds: number) {
  time.advanceTo(time.now() + microseconds);
}

describeConformance(
  "digital pins",
  digitalConformance,
  () => {
    const board = makeBoard();
    const output = outputPin(board.pin("D1"), false);
    const input = inputPin(board.pin("D2"));
    const wire = board.pin("D2").connect("a wire from D1");
    board.pin("D1").onChange((level) => wire.drive(level === "1"));
    wire.drive(false);
    return { output, input, clock: boardClock(board) };
  },
  advance,
);

describeConformance("analog input", analogConformance, () => {
  const board = makeBoard();
  const source = board.pin("D24").connect("bench supply");
  const apply = (millivolts: number) => source.voltage(() => millivolts);
  apply(1650);
  return { input: analogInput(board, "D24"), apply, millivolts: 1650, tolerance: 3300 / 4095 };
});

describeConformance("PWM", pwmConformance, () => {
  const board = makeBoard();
  const pwm = () => board.pin("D14").pwm;
  return { output: pwmOutput(board, "D14"), duty: () => pwm()?.duty ?? 0, frequency: () => pwm()?.hertz ?? 0 };
});

describeConformance("I2C", i2cConformance, () => {
  const board = makeBoard();
  const registers = new Uint8Array(256);
  registers[0xd0] = 0x60;
  let pointer = 0;
  let first = true;
  board.i2c("I2C1").attach(0x20, {
    name: "registers",
    start: () => (first = true),
    write: (byte) => {
      if (first) pointer = byte;
      else registers[pointer++ & 0xff] = byte;
      first = false;
      return true;
    },
    read: () => registers[pointer++ & 0xff],
    stop: () => {},
  });
  const known = { register: 0xd0, value: 0x60 };
  return { bus: i2cController(board.i2c("I2C1")), address: 0x20, absent: 0x21, known, scratch: 0x10 };
});

describeConformance("SPI", spiConformance, () => {
  const board = makeBoard();
  let selections = 0;
  const select = board.pin("D20");
  const device = spiDevice(board.spi("SPI1"), select, { mode: 0, hertz: 1e6, bitOrder: "msb" });
  board.spi("SPI1").attach(select, {
    name: "a wire from MOSI to MISO",
    select: () => selections++,
    transfer: (byte) => byte,
    deselect: () => {},
  });
  return { device, selected: () => select.level === "0", selections: () => selections };
});

describeConformance(
  "serial port",
  uartConformance,
  () => {
    const board = makeBoard();
    board.uart("Serial1").connect(loopback);
    const port = uart(board.uart("Serial1"), { baud: 9600, parity: "none", stopBits: 1 });
    return { port, clock: boardClock(board) };
  },
  advance,
);

for (const profile of boards)
  for (const area of flashGeometry(profile).regions)
    if (area.bytes >= 2 * area.blockBytes)
      describeConformance(`flash of ${profile.id}, ${area.name}`, flashConformance, () =>
        makeBoard(profile).flash.window(area.address, area.bytes),
      );

describeConformance("flash that is programmed once", flashConformance, () => {
  const flash = { ...generic.flash, writeBytes: 8, reprogrammable: false };
  return makeBoard({ ...generic, flash }).flash.area("free");
});

describeConformance("clock", clockConformance, () => boardClock(makeBoard()), advance);

describeConformance("random", randomConformance, () => boardRandom(makeBoard()));

describeConformance(
  "watchdog",
  watchdogConformance,
  () => {
    const board = makeBoard();
    const resets: BoardEvent[] = [];
    board.events.listen((event) => event.type === "reset" && resets.push(event));
    // The bench's own clock: the board's timers don't survive a restart.
    const bench: Clock = {
      ...boardClock(board),
      after: (microseconds, handler) => {
        const event = board.clock.schedule(microseconds, handler);
        return () => board.clock.cancel(event);
      },
    };
    return { watchdog: boardWatchdog(board), clock: bench, restarts: () => resets.length };
  },
  advance,
);
