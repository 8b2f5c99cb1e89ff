import { fails, i2cWrite, i2cWriteRead, mockClock, mockI2c } from "../testing/index.js";
import type { Group, Step } from "../testing/index.js";
import { openBme280 } from "./bme280.js";
import type { Bme280Options, Bme280Reading } from "./bme280.js";

/** Calibration of the BMP280 datasheet's example, and of humidity H1 75, H2 355, H3 0, H4 342, H5 0, H6 30. */
const LOW = [
  0x70, 0x6b, 0x43, 0x67, 0x18, 0xfc, 0x7d, 0x8e, 0x43, 0xd6, 0xd0, 0x0b, 0x27, 0x0b, 0x8c, 0x00, 0xf9, 0xff, 0x8c,
  0x3c, 0xf8, 0xc6, 0x70, 0x17, 0x00, 75,
];
const HIGH = [0x63, 0x01, 0x00, 0x15, 0x06, 0x00, 0x1e];
/** Pressure 415148, temperature 519888, humidity 0x6E51. */
const DATA = [0x65, 0x5a, 0xc0, 0x7e, 0xed, 0x00, 0x6e, 0x51];

const FOUND = [i2cWriteRead(0x76, [0xd0], [0x60]), i2cWriteRead(0x76, [0x88], LOW), i2cWriteRead(0x76, [0xe1], HIGH)];
const STARTED = [i2cWrite(0x76, [0xf2, 0x01]), i2cWrite(0x76, [0xf4, 0x25])];

function measure(steps: readonly (Step | Group)[], options?: Bme280Options) {
  const bus = mockI2c(steps);
  const clock = mockClock();
  const results: { fault: string | undefined; reading: Bme280Reading | undefined; at: number }[] = [];
  openBme280(bus, clock, options).measure((fault, reading) =>
    results.push({ fault: fault?.kind, reading, at: clock.monotonic() }),
  );
  clock.advance(1_000_000);
  bus.done();
  expect(results).toHaveLength(1);
  return results[0];
}

describe("BME280", () => {
  it("measures once, after the time that it takes", () => {
    const { reading, at } = measure([
      ...FOUND,
      ...STARTED,
      i2cWriteRead(0x76, [0xf3], [0]),
      i2cWriteRead(0x76, [0xf7], DATA),
    ]);
    expect(at).toBe(9300);
    expect(reading?.celsius).toBeCloseTo(25.08, 2);
    expect(reading?.pascals).toBeCloseTo(100653.27, 0);
    expect(reading?.humidity).toBeCloseTo(35.03, 1);
  });

  it("waits on while the part is still measuring", () => {
    const { reading, at } = measure([
      ...FOUND,
      ...STARTED,
      i2cWriteRead(0x76, [0xf3], [8]),
      i2cWriteRead(0x76, [0xf3], [8]),
      i2cWriteRead(0x76, [0xf3], [0]),
      i2cWriteRead(0x76, [0xf7], DATA),
    ]);
    expect(at).toBe(11300);
    expect(reading?.celsius).toBeCloseTo(25.08, 2);
  });

  it("gives up on a part that never ends", () => {
    const busy = Array.from({ length: 11 }, () => i2cWriteRead(0x76, [0xf3], [8]));
    expect(measure([...FOUND, ...STARTED, ...busy]).fault).toBe("Other");
  });

  it("averages as many samples as it is told, and leaves out what it is told to", () => {
    const { reading, at } = measure(
      [
        i2cWriteRead(0x77, [0xd0], [0x60]),
        i2cWriteRead(0x77, [0x88], LOW),
        i2cWriteRead(0x77, [0xe1], HIGH),
        i2cWrite(0x77, [0xf2, 0]),
        i2cWrite(0x77, [0xf4, (5 << 5) | (3 << 2) | 1]),
        i2cWriteRead(0x77, [0xf3], [0]),
        i2cWriteRead(0x77, [0xf7], DATA),
      ],
      { address: 0x77, temperature: 16, pressure: 4, humidity: 0 },
    );
    expect(at).toBe(1250 + 2300 * 16 + 2300 * 4 + 575);
    expect(reading?.humidity).toBeNaN();
    expect(reading?.celsius).toBeCloseTo(25.08, 2);
  });

  it("refuses another part", () => {
    const bus = mockI2c([i2cWriteRead(0x76, [0xd0], [0x58])]);
    expect(() => openBme280(bus, mockClock())).toThrow("BME280 0x76: chip id is 0x58, not 0x60");
    bus.done();
  });

  it("lets nobody at the address be known", () => {
    const bus = mockI2c([fails(i2cWriteRead(0x76, [0xd0], [0x60]), "NoAcknowledgeAddress")]);
    expect(() => openBme280(bus, mockClock())).toThrow(expect.objectContaining({ kind: "NoAcknowledgeAddress" }));
  });

  it("tells a fault when starting at once", () => {
    const { fault, at } = measure([...FOUND, fails(STARTED[0], "Bus")]);
    expect([fault, at]).toEqual(["Bus", 0]);
  });

  it("tells a fault when reading, and can measure again", () => {
    const bus = mockI2c([
      ...FOUND,
      ...STARTED,
      fails(i2cWriteRead(0x76, [0xf3], [0]), "NoAcknowledgeData"),
      ...STARTED,
      i2cWriteRead(0x76, [0xf3], [0]),
      i2cWriteRead(0x76, [0xf7], DATA),
    ]);
    const clock = mockClock();
    const part = openBme280(bus, clock);
    const told: (string | number | undefined)[] = [];
    for (let run = 0; run < 2; run++) {
      part.measure((fault, reading) => told.push(fault?.kind ?? Math.round(reading!.celsius)));
      clock.advance(part.measurementMicroseconds);
    }
    expect(told).toEqual(["NoAcknowledgeData", 25]);
    bus.done();
  });
});
