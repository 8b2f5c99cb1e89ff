import { fineTemperature, humidity, pressure, readCalibration } from "./bme280-compensation.js";
import type { Calibration } from "./bme280-compensation.js";

// The example in Bosch's BMP280 datasheet (BST-BMP280-DS001, section 3.12), whose temperature and pressure are
// compensated by the same formulas; humidity's constants are typical ones.
const EXAMPLE: Calibration = {
  T1: 27504,
  T2: 26435,
  T3: -1000,
  P: [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000],
  H1: 75,
  H2: 355,
  H3: 0,
  H4: 342,
  H5: 0,
  H6: 30,
};

describe("compensation", () => {
  it("gives what the datasheet's example gives", () => {
    const fine = fineTemperature(EXAMPLE, 519888);
    expect(Math.trunc(fine)).toBe(128422);
    expect(fine / 5120).toBeCloseTo(25.08, 2);
    expect(pressure(EXAMPLE, 415148, fine)).toBeCloseTo(100653.27, 0);
  });

  it("agrees with the datasheet's integer formula for humidity", () => {
    let seed = 20260101;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 4294967296) * below);
    };
    for (let run = 0; run < 1000; run++) {
      const raw = 20000 + random(20000);
      const rawTemperature = 420000 + random(200000);
      const calibration = { ...EXAMPLE, H2: 300 + random(100), H4: 280 + random(100), H5: random(60), H6: random(60) };
      const fine = fineTemperature(calibration, rawTemperature);
      const difference = humidity(calibration, raw, fine) - integerHumidity(calibration, raw, Math.trunc(fine)) / 1024;
      expect(Math.abs(difference)).toBeLessThan(0.05);
    }
  });

  it("keeps humidity between 0 and 100 percent", () => {
    const fine = fineTemperature(EXAMPLE, 519888);
    expect(humidity(EXAMPLE, 0, fine)).toBe(0);
    expect(humidity(EXAMPLE, 65535, fine)).toBe(100);
  });

  it("has no pressure for a part without calibration", () => {
    expect(pressure({ ...EXAMPLE, P: Array<number>(9).fill(0) }, 415148, 128422)).toBeNaN();
  });
});

describe("calibration", () => {
  it("is read with the signs and nibbles of the datasheet's table 16", () => {
    const low = new Uint8Array(26);
    const view = new DataView(low.buffer);
    [27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000].forEach((value, index) =>
      view.setInt16(2 * index, value, true),
    );
    low[25] = 75;
    // H4 = 0x156 = 342 and H5 = -2 share register 0xE5: H4's low nibble below, H5's above.
    const high = [0x63, 0x01, 200, 0x15, 0xe6, 0xff, 0xe2];
    expect(readCalibration(low, high)).toEqual({ ...EXAMPLE, H3: 200, H5: -2, H6: -30 });
  });
});

/** Section 4.2.3, bme280_compensate_H_int32: percent times 1024. */
function integerHumidity(c: Calibration, raw: number, fine: number): number {
  let v = fine - 76800;
  v =
    (((raw << 14) - (c.H4 << 20) - Math.imul(c.H5, v) + 16384) >> 15) *
    (((((((Math.imul(v, c.H6) >> 10) * ((Math.imul(v, c.H3) >> 11) + 32768)) >> 10) + 2097152) * c.H2 + 8192) | 0) >>
      14);
  v = (v | 0) - ((Math.imul(((v >> 15) * (v >> 15)) >> 7, c.H1) | 0) >> 4);
  v = Math.min(Math.max(v, 0), 419430400);
  return v >>> 12;
}
