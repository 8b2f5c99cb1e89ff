import fc from "fast-check";
import { generic } from "../../hal/boards/index.js";
import { SimulatedBoard } from "../board/index.js";
import { RandomGenerator } from "../core/random-generator.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { Bme280, type Bme280Options } from "./bme280.js";
import { type Bme280Calibration, randomCalibration, TYPICAL_CALIBRATION } from "./bme280-calibration.js";
import { fineTemperature, pressure } from "./bme280-compensation.js";

const ADDRESS = 0x76;

function makeSensor(options: Bme280Options = {}) {
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile: generic, clock, seed: 1 });
  const sensor = new Bme280(board, options).attachI2c("I2C1", ADDRESS);
  const bus = board.i2c("I2C1");
  bus.setup(400_000);
  const write = (register: number, value: number) => bus.write(ADDRESS, [register, value]);
  const read = (register: number, length = 1) => bus.transact(ADDRESS, [{ write: [register] }, { read: length }])[0];
  const wait = (milliseconds: number) => clock.advanceTo(clock.now() + milliseconds * 1000);
  return { clock, board, sensor, bus, write, read, wait };
}

type Sensor = ReturnType<typeof makeSensor>;

/**
 * The datasheet's own integer compensation (BST-BME280-DS002, 4.2.3), with calibration read from the part's
 * registers, as a driver does it: shares nothing with the model.
 */
function readCompensated({ read }: Pick<Sensor, "read">) {
  const low = read(0x88, 26);
  const high = read(0xe1, 7);
  const u16 = (at: number) => low[at] | (low[at + 1] << 8);
  const s16 = (at: number) => (u16(at) << 16) >> 16;
  const [t1, t2, t3] = [u16(0), s16(2), s16(4)];
  const [p1, ...p] = [u16(6), ...[8, 10, 12, 14, 16, 18, 20, 22].map(s16)].map(BigInt);
  const [p2, p3, p4, p5, p6, p7, p8, p9] = p;
  const h1 = low[25];
  const h2 = ((high[0] | (high[1] << 8)) << 16) >> 16;
  const h3 = high[2];
  const h4 = ((high[3] << 24) >> 20) | (high[4] & 15);
  const h5 = ((high[5] << 24) >> 20) | (high[4] >> 4);
  const h6 = (high[6] << 24) >> 24;

  const data = read(0xf7, 8);
  const adcP = (data[0] << 12) | (data[1] << 4) | (data[2] >> 4);
  const adcT = (data[3] << 12) | (data[4] << 4) | (data[5] >> 4);
  const adcH = (data[6] << 8) | data[7];

  const t = (((adcT >> 3) - (t1 << 1)) * t2) >> 11;
  const fine = t + ((((((adcT >> 4) - t1) * ((adcT >> 4) - t1)) >> 12) * t3) >> 14);
  const temperature = (fine * 5 + 128) >> 8;

  let v1 = BigInt(fine) - 128000n;
  let v2 = v1 * v1 * p6;
  v2 += (v1 * p5) << 17n;
  v2 += p4 << 35n;
  v1 = ((v1 * v1 * p3) >> 8n) + ((v1 * p2) << 12n);
  v1 = (((1n << 47n) + v1) * p1) >> 33n;
  let q = 0n;
  if (v1 !== 0n) {
    q = 1048576n - BigInt(adcP);
    q = (((q << 31n) - v2) * 3125n) / v1;
    v1 = (p9 * (q >> 13n) * (q >> 13n)) >> 25n;
    v2 = (p8 * q) >> 19n;
    q = ((q + v1 + v2) >> 8n) + (p7 << 4n);
  }

  let h = fine - 76800;
  const first = ((adcH << 14) - (h4 << 20) - h5 * h + 16384) >> 15;
  const second = (((((h * h6) >> 10) * (((h * h3) >> 11) + 32768)) >> 10) + 2097152) * h2 + 8192;
  h = Math.imul(first, second >> 14);
  h -= ((((h >> 15) * (h >> 15)) >> 7) * h1) >> 4;
  h = Math.min(419430400, Math.max(0, h));
  return { temperature: temperature / 100, pascals: Number(q) / 256, humidity: (h >> 12) / 1024, adcT, adcP, adcH };
}

/** Humidity, temperature and pressure all with the same oversampling, once. */
function measureOnce(sensor: Sensor, osrs: number) {
  sensor.write(0xf2, osrs);
  sensor.write(0xf4, (osrs << 5) | (osrs << 2) | 1);
  sensor.wait(200);
  return readCompensated(sensor);
}

describe("identity and trimming", () => {
  test("the id is 0x60, and an untouched part sleeps with the data's reset values", () => {
    const { read } = makeSensor();
    expect(read(0xd0)[0]).toBe(0x60);
    expect([...read(0xf2, 4)]).toEqual([0, 0, 0, 0]);
    expect([...read(0xf7, 8)]).toEqual([0x80, 0, 0, 0x80, 0, 0, 0x80, 0]);
  });

  test("the double formulas give Bosch's worked example (BST-BMP280-DS001, 3.12)", () => {
    const fine = fineTemperature(TYPICAL_CALIBRATION, 519888);
    expect(fine).toBeCloseTo(128422, -1);
    expect(fine / 5120).toBeCloseTo(25.08, 2);
    expect(pressure(TYPICAL_CALIBRATION, 415148, fine)).toBeCloseTo(100653.27, 0);
  });

  test("signed parameters of 12 bits share a register", () => {
    const calibration: Bme280Calibration = { ...TYPICAL_CALIBRATION, H4: -683, H5: -1366, H6: -2 };
    const { read } = makeSensor({ calibration });
    // -683 is 0xd55, -1366 is 0xaaa.
    expect([...read(0xe4, 4)]).toEqual([0xd5, 0xa5, 0xaa, 0xfe]);
  });
});

describe("what a driver reads is what the world is", () => {
  test("at full resolution to the last digit that the integer formulas give", () => {
    const sensor = makeSensor({ temperature: 21.5, pressure: 1013.25, humidity: 45 });
    const seen = measureOnce(sensor, 5);
    expect(seen.temperature).toBe(21.5);
    expect(seen.pascals).toBeCloseTo(101325, 0);
    expect(seen.humidity).toBeCloseTo(45, 1);
  });

  test("for any part, any weather and any oversampling, within the resolution", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: -40, max: 85, noNaN: true }),
        fc.double({ min: 300, max: 1100, noNaN: true }),
        fc.double({ min: 5, max: 95, noNaN: true }),
        fc.integer({ min: 1, max: 7 }),
        (batch, temperature, hectopascals, humidity, osrs) => {
          const calibration = randomCalibration(new RandomGenerator(batch));
          const sensor = makeSensor({ calibration, temperature, pressure: hectopascals, humidity });
          const seen = measureOnce(sensor, osrs);
          // 16 bits and one more for each doubling (3.4.2, 3.4.3): half a step, and the integer formulas' own rounding.
          const steps = 1 << Math.min(osrs - 1, 4);
          expect(Math.abs(seen.temperature - temperature)).toBeLessThanOrEqual(0.0075 + 0.0035 / steps);
          expect(Math.abs(seen.pascals - hectopascals * 100)).toBeLessThanOrEqual(0.8 + 2 / steps);
          expect(Math.abs(seen.humidity - humidity)).toBeLessThanOrEqual(0.05);
        },
      ),
      { numRuns: 500 },
    );
  }, 30_000);

  test("without the filter the low bits are 0, as far as oversampling doesn't fill them", () => {
    const sensor = makeSensor({ temperature: 21.2345, pressure: 987.654 });
    for (const [osrs, step] of [
      [1, 16],
      [2, 8],
      [3, 4],
      [4, 2],
    ]) {
      const { adcT, adcP } = measureOnce(sensor, osrs);
      expect([adcT % step, adcP % step]).toEqual([0, 0]);
    }
  });

  test("a skipped measurement gives its reset value", () => {
    const sensor = makeSensor();
    sensor.write(0xf4, (1 << 5) | 1);
    sensor.wait(20);
    const seen = readCompensated(sensor);
    expect(seen.adcP).toBe(0x80000);
    expect(seen.adcH).toBe(0x8000);
    expect(seen.temperature).toBeCloseTo(25, 1);
  });
});

describe("modes", () => {
  test("forced: measuring for the typical time, data only at its end, then asleep", () => {
    const { write, read, wait, clock } = makeSensor({ temperature: 30 });
    write(0xf2, 1);
    write(0xf4, 0x25);
    const start = clock.now();
    expect(read(0xf3)[0] & 8).toBe(8);
    expect(read(0xf4)[0] & 3).toBe(1);
    expect([...read(0xfa, 2)]).toEqual([0x80, 0]);
    // 1 + 2 + 2.5 + 2.5 ms (9.1).
    wait((start + 7900 - clock.now()) / 1000);
    expect(read(0xf3)[0] & 8).toBe(8);
    wait(1);
    expect(read(0xf3)[0] & 8).toBe(0);
    expect(read(0xf4)[0]).toBe(0x24);
    expect([...read(0xfa, 2)]).not.toEqual([0x80, 0]);
    const before = [...read(0xf7, 8)];
    wait(1000);
    expect([...read(0xf7, 8)]).toEqual(before);
  });

  test("humidity's oversampling counts from the next write of ctrl_meas", () => {
    const sensor = makeSensor();
    sensor.write(0xf4, 0x25);
    sensor.write(0xf2, 1);
    sensor.wait(20);
    expect(readCompensated(sensor).adcH).toBe(0x8000);
    sensor.write(0xf4, 0x25);
    sensor.wait(20);
    expect(readCompensated(sensor).adcH).not.toBe(0x8000);
  });

  test("normal: goes on by itself, with the standby time between", () => {
    const sensor = makeSensor({ temperature: 10 });
    sensor.write(0xf5, 5 << 5);
    sensor.write(0xf4, 0x27);
    sensor.wait(10);
    expect(readCompensated(sensor).temperature).toBeCloseTo(10, 1);
    sensor.sensor.set("temperature", 20);
    sensor.wait(900);
    expect(readCompensated(sensor).temperature).toBeCloseTo(10, 1);
    sensor.wait(200);
    expect(readCompensated(sensor).temperature).toBeCloseTo(20, 1);
    expect(sensor.read(0xf4)[0] & 3).toBe(3);
  });

  test("a write of ctrl_meas during a conversion waits for its end, and further ones are ignored", () => {
    const { write, read, wait } = makeSensor();
    write(0xf4, 0x25);
    write(0xf2, 1);
    write(0xf4, 0x24);
    write(0xf4, 0x27);
    write(0xf2, 5);
    expect(read(0xf4)[0]).toBe(0x25);
    wait(20);
    expect(read(0xf4)[0]).toBe(0x24);
    expect(read(0xf2)[0]).toBe(1);
  });

  test("config is ignored in normal mode, and that is told", () => {
    const { write, read, board } = makeSensor();
    const faults: string[] = [];
    board.events.listen((event) => event.type === "fault" && faults.push(event.what));
    write(0xf4, 0x27);
    write(0xf5, 0x10);
    expect(read(0xf5)[0]).toBe(0);
    expect(faults).toEqual(["config written in normal mode, where the part may ignore it; go to sleep mode first"]);
  });

  test("the filter follows slowly, from the first value on", () => {
    const sensor = makeSensor({ temperature: 10 });
    sensor.write(0xf5, 2 << 2);
    const once = () => {
      sensor.write(0xf4, 0x25);
      sensor.wait(20);
      return readCompensated(sensor).temperature;
    };
    expect(once()).toBeCloseTo(10, 1);
    sensor.sensor.set("temperature", 20);
    // A coefficient of 4: a quarter of the way each time.
    expect(once()).toBeCloseTo(12.5, 1);
    expect(once()).toBeCloseTo(14.375, 1);
    for (let i = 0; i < 60; i++) once();
    expect(once()).toBe(20);
  });

  test("a long sleep of the board in normal mode with the filter ends at the world's value, in no time", () => {
    const sensor = makeSensor({ temperature: 10 });
    sensor.write(0xf5, 4 << 2);
    sensor.write(0xf4, 0x27);
    sensor.wait(10);
    sensor.sensor.set("temperature", 20);
    sensor.wait(24 * 3600 * 1000);
    expect(readCompensated(sensor).temperature).toBe(20);
  });
});

describe("resets", () => {
  test("the reset word restores everything, and the trimming is copied for 2 ms; other words do nothing", () => {
    const { write, read, wait } = makeSensor();
    write(0xf2, 3);
    write(0xe0, 0x12);
    expect(read(0xf2)[0]).toBe(3);
    write(0xe0, 0xb6);
    expect(read(0xf3)[0] & 1).toBe(1);
    expect([...read(0x88, 2)]).toEqual([0, 0]);
    wait(2);
    expect(read(0xf3)[0] & 1).toBe(0);
    expect([...read(0x88, 2)]).toEqual([27504 & 0xff, 27504 >> 8]);
    expect(read(0xf2)[0]).toBe(0);
  });

  test("a power cut forgets the settings", () => {
    const { write, read, board } = makeSensor();
    write(0xf4, 0x24);
    board.powerOff();
    board.powerOn();
    expect(read(0xf4)[0]).toBe(0);
  });
});

test("writes come in pairs of register and value, and reads count up", () => {
  const { bus, read } = makeSensor();
  bus.write(ADDRESS, [0xf5, 0x14, 0xf2, 0x02]);
  expect([...read(0xf2, 4)]).toEqual([2, 0, 0, 0x14]);
});

test("on SPI bit 7 says read", () => {
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile: generic, clock, seed: 1 });
  new Bme280(board, { temperature: -12.5 }).attachSpi("SPI1", "D20");
  const select = board.pin("D20");
  select.write(true);
  select.setMode("output");
  const transfer = (...bytes: number[]) => {
    select.write(false);
    const answer = board.spi("SPI1").transfer(bytes);
    select.write(true);
    return answer;
  };
  expect(transfer(0xd0, 0)[1]).toBe(0x60);
  transfer(0x72, 1, 0x74, 0x25);
  clock.advanceTo(1e6);
  const read = (register: number, length = 1) => transfer(register | 0x80, ...new Uint8Array(length)).slice(1);
  expect(readCompensated({ read }).temperature).toBeCloseTo(-12.5, 1);
});

test("values that the part can't measure, and properties that it hasn't, are refused in words", () => {
  const { sensor } = makeSensor({ name: "climate" });
  expect(() => sensor.set("temperature", 200)).toThrow(
    "bme280 climate: the part measures temperature from -40 to 85 degrees Celsius, not 200",
  );
  expect(() => sensor.set("altitude", 1)).toThrow(
    "bme280 climate has no property altitude; it has temperature, pressure, humidity",
  );
  expect(() => sensor.set("humidity", "wet")).toThrow("bme280 climate: humidity is a number or a signal, not wet");
});
