import type { RandomGenerator } from "../core/random-generator.js";

/** Trimming parameters by the datasheet's names (BST-BME280-DS002, 4.2.2, table 16). */
export interface Bme280Calibration {
  /** Unsigned 16 bits. */ readonly T1: number;
  /** Signed 16 bits, as T3 and P2 to P9. */ readonly T2: number;
  readonly T3: number;
  /** Unsigned 16 bits. */ readonly P1: number;
  readonly P2: number;
  readonly P3: number;
  readonly P4: number;
  readonly P5: number;
  readonly P6: number;
  readonly P7: number;
  readonly P8: number;
  readonly P9: number;
  /** Unsigned 8 bits. */ readonly H1: number;
  /** Signed 16 bits. */ readonly H2: number;
  /** Unsigned 8 bits. */ readonly H3: number;
  /** Signed 12 bits, as H5. */ readonly H4: number;
  readonly H5: number;
  /** Signed 8 bits. */ readonly H6: number;
}

/** T and P are the worked example of Bosch's BMP280 datasheet (BST-BMP280-DS001, 3.12); H is as parts are sold. */
export const TYPICAL_CALIBRATION: Bme280Calibration = {
  T1: 27504,
  T2: 26435,
  T3: -1000,
  P1: 36477,
  P2: -10685,
  P3: 3024,
  P4: 2855,
  P5: 140,
  P6: -7,
  P7: 15500,
  P8: -14600,
  P9: 6000,
  H1: 75,
  H2: 370,
  H3: 0,
  H4: 313,
  H5: 50,
  H6: 30,
};

/** A part from another batch: every parameter within some percent of the typical one. */
export function randomCalibration(random: RandomGenerator): Bme280Calibration {
  const near = (value: number, spread: number) => Math.round(value + (2 * random.float() - 1) * spread);
  const t = TYPICAL_CALIBRATION;
  return {
    T1: near(t.T1, 900),
    T2: near(t.T2, 600),
    T3: near(t.T3, 1000),
    P1: near(t.P1, 1500),
    P2: near(t.P2, 300),
    P3: near(t.P3, 100),
    P4: near(t.P4, 4000),
    P5: near(t.P5, 200),
    P6: near(t.P6, 2),
    P7: near(t.P7, 5000),
    P8: near(t.P8, 4000),
    P9: near(t.P9, 3000),
    H1: near(t.H1, 1),
    H2: near(t.H2, 20),
    H3: near(t.H3, 0),
    H4: near(t.H4, 30),
    H5: near(t.H5, 20),
    H6: near(t.H6, 2),
  };
}

/** The parameters as the part's memory holds them, by register: 0x88 to 0xA1 and 0xE1 to 0xE7. */
export function calibrationRegisters(c: Bme280Calibration): Map<number, number> {
  const registers = new Map<number, number>();
  [c.T1, c.T2, c.T3, c.P1, c.P2, c.P3, c.P4, c.P5, c.P6, c.P7, c.P8, c.P9].forEach((word, i) => {
    registers.set(0x88 + 2 * i, word & 0xff);
    registers.set(0x89 + 2 * i, (word >> 8) & 0xff);
  });
  registers.set(0xa0, 0);
  registers.set(0xa1, c.H1);
  registers.set(0xe1, c.H2 & 0xff);
  registers.set(0xe2, (c.H2 >> 8) & 0xff);
  registers.set(0xe3, c.H3);
  registers.set(0xe4, (c.H4 >> 4) & 0xff);
  registers.set(0xe5, (c.H4 & 0xf) | ((c.H5 & 0xf) << 4));
  registers.set(0xe6, (c.H5 >> 4) & 0xff);
  registers.set(0xe7, c.H6 & 0xff);
  return registers;
}
