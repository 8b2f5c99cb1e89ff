import { readFileSync } from "node:fs";
import { halError } from "../contract/index.js";
import type { Clock, HalError, I2c, OutputPin, SpiDevice } from "../contract/index.js";
import {
  anyOrder,
  describeConformance,
  fails,
  flashConformance,
  i2cRead,
  i2cWrite,
  i2cWriteRead,
  mockClock,
  mockI2c,
  mockOutputPin,
  mockSequence,
  mockSpi,
  on,
  pinSet,
  spiWrite,
} from "./index.js";
import { openBme280, openButton } from "../drivers/index.js";
import { openRamFlash } from "../ports/ecmascript/flash.js";
import { mockPin, pinGet } from "./index.js";

// Everything between `#region` and `#endregion` is quoted in docs/testing-drivers.md; the last test here compares them.

// #region driver
/** TI's TMP102: the temperature is in register 0, 12 bits in 1/16 degree. */
function readCelsius(bus: I2c, address = 0x48): number {
  const [high, low] = bus.writeRead(address, [0], 2);
  return ((high << 24) | (low << 16)) / 2 ** 24;
}
// #endregion

// #region first
test("reads degrees below zero", () => {
  const bus = mockI2c([i2cWriteRead(0x48, [0], [0xe7, 0x00])]);
  expect(readCelsius(bus)).toBe(-25);
  bus.done();
});
// #endregion

// #region mismatch
test("speaks to the address that it is told", () => {
  const bus = mockI2c([i2cWriteRead(0x49, [0], [0x19, 0x00])]);
  expect(() => readCelsius(bus)).toThrow(
    "Call 1 of 1 is not what was expected.\n" +
      "  expected: I2C.writeRead(0x49, [0x00], 2)\n" +
      "  actual:   I2C.writeRead(0x48, [0x00], 2)",
  );
});
// #endregion

// #region faults
function readTwice(bus: I2c): number {
  try {
    return readCelsius(bus);
  } catch (fault) {
    if ((fault as HalError).kind !== "NoAcknowledgeAddress") throw fault;
    return readCelsius(bus);
  }
}

test("tries again when the sensor doesn't answer, but not on a stuck bus", () => {
  const reading = i2cWriteRead(0x48, [0], [0x19, 0x00]);
  const bus = mockI2c([fails(reading, "NoAcknowledgeAddress"), reading, fails(reading, "Bus")]);
  expect(readTwice(bus)).toBe(25);
  expect(() => readTwice(bus)).toThrow(expect.objectContaining({ kind: "Bus" }));
  bus.done();
});
// #endregion

// #region time
test("a press counts when the contacts have been still for 20 ms", () => {
  const pin = mockPin([pinGet(false)]);
  const clock = mockClock();
  const presses: number[] = [];
  openButton(pin, clock, {}, (pressed, microseconds) => presses.push(pressed ? microseconds : -microseconds));
  pin.edge(true, 0);
  clock.advance(3_000);
  pin.edge(false, 3_000);
  clock.advance(1_000);
  pin.edge(true, 4_000);
  clock.advance(19_999);
  expect(presses).toEqual([]);
  clock.advance(1);
  expect(presses).toEqual([4_000]);
  pin.done();
});
// #endregion

// #region order
function startDisplay(panel: SpiDevice, reset: OutputPin, expander: I2c, clock: Clock): void {
  reset.setLow();
  clock.after(10_000, () => {
    reset.setHigh();
    expander.write(0x20, [0x01, 0xff]);
    panel.write([0x11]);
    panel.write([0x29]);
  });
}

test("resets the panel before it speaks to it, and lights it at any time in between", () => {
  const sequence = mockSequence([
    on("reset", pinSet(false), pinSet(true)),
    anyOrder(...on("panel", spiWrite([0x11])), ...on("expander", i2cWrite(0x20, [0x01, 0xff]))),
    on("panel", spiWrite([0x29])),
  ]);
  const clock = mockClock();
  startDisplay(
    mockSpi(sequence, "panel"),
    mockOutputPin(sequence, "reset", true),
    mockI2c(sequence, "expander"),
    clock,
  );
  clock.advance(10_000);
  sequence.done();
});
// #endregion

// #region conformance
describeConformance("my flash", flashConformance, () => openRamFlash(2 * 4096, 4096, 4));
// #endregion

// #region own
test("a fake of your own is as good as a mock", () => {
  const registers: Record<number, number[]> = { 0xd0: [0x58] };
  const bus: I2c = {
    read: () => new Uint8Array(0),
    write: () => {},
    writeRead: (address, bytes) => {
      if (address !== 0x76) throw halError("NoAcknowledgeAddress", `0x${address.toString(16)}: no acknowledge`);
      return new Uint8Array(registers[bytes[0]]);
    },
  };
  expect(() => openBme280(bus, mockClock())).toThrow("chip id is 0x58, not 0x60");
});
// #endregion

test("reads of a plain register are mocked alike", () => {
  const bus = mockI2c([i2cRead(0x48, [0x19, 0x00])]);
  expect(bus.read(0x48, 2)[0]).toBe(0x19);
  bus.done();
});

test("docs/testing-drivers.md quotes this file", () => {
  const regions = [
    ...readFileSync("hal/testing/testing-drivers.spec.ts", "utf8").matchAll(
      /^\/\/ #region .*\n([^]*?)^\/\/ #endregion/gm,
    ),
  ];
  const quoted = [...readFileSync("docs/testing-drivers.md", "utf8").matchAll(/^```ts\n([^]*?)^```/gm)].map(
    ([, code]) => code,
  );
  expect(quoted.filter((code) => !code.startsWith("import "))).toEqual(regions.map(([, code]) => code));
});
