/**
 * From the BME280's raw values to temperature, pressure and humidity: the floating point formulas of Bosch's datasheet
 * BST-BME280-DS002 revision 1.6, appendix 8.1, with the calibration of section 4.2.2. Doubles are what JavaScript
 * computes with; the integer formulas of section 4.2.3 need 64 bits for pressure.
 */

/** The device's own constants, by the datasheet's names without `dig_`. */
export interface Calibration {
  T1: number;
  T2: number;
  T3: number;
  /** P1 to P9. */
  P: number[];
  H1: number;
  H2: number;
  H3: number;
  H4: number;
  H5: number;
  H6: number;
}

function unsigned16(bytes: ArrayLike<number>, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8);
}

function signed16(bytes: ArrayLike<number>, at: number): number {
  return (unsigned16(bytes, at) << 16) >> 16;
}

function signed8(byte: number): number {
  return (byte << 24) >> 24;
}

/**
 * @param low the 26 bytes of registers 0x88 to 0xA1
 * @param high the 7 bytes of registers 0xE1 to 0xE7
 */
export function readCalibration(low: ArrayLike<number>, high: ArrayLike<number>): Calibration {
  var pressure = [unsigned16(low, 6)];
  for (var at = 8; at < 24; at += 2) pressure.push(signed16(low, at));
  return {
    T1: unsigned16(low, 0),
    T2: signed16(low, 2),
    T3: signed16(low, 4),
    P: pressure,
    H1: low[25],
    H2: signed16(high, 0),
    H3: high[2],
    H4: (signed8(high[3]) << 4) | (high[4] & 15),
    H5: (signed8(high[5]) << 4) | (high[4] >> 4),
    H6: signed8(high[6]),
  };
}

/**
 * @param raw 20 bits
 * @returns `t_fine`: what the other two formulas call temperature, 5,120 to a degree Celsius
 */
export function fineTemperature(c: Calibration, raw: number): number {
  var difference = raw / 131072 - c.T1 / 8192;
  return (raw / 16384 - c.T1 / 1024) * c.T2 + difference * difference * c.T3;
}

/**
 * @param raw 20 bits
 * @param fine from `fineTemperature`
 * @returns pascals
 */
export function pressure(c: Calibration, raw: number, fine: number): number {
  var p = c.P;
  var x = fine / 2 - 64000;
  var y = (x * x * p[5]) / 32768 + x * p[4] * 2;
  y = y / 4 + p[3] * 65536;
  x = ((p[2] * x * x) / 524288 + p[1] * x) / 524288;
  x = (1 + x / 32768) * p[0];
  // Only a calibration of zeros, that is a broken part, gets here.
  if (x === 0) return NaN;
  var pascals = ((1048576 - raw - y / 4096) * 6250) / x;
  return pascals + ((p[8] * pascals * pascals) / 2147483648 + (pascals * p[7]) / 32768 + p[6]) / 16;
}

/**
 * @param raw 16 bits
 * @param fine from `fineTemperature`
 * @returns relative humidity in percent, 0 to 100
 */
export function humidity(c: Calibration, raw: number, fine: number): number {
  var x = fine - 76800;
  var percent =
    (raw - (c.H4 * 64 + (c.H5 / 16384) * x)) *
    ((c.H2 / 65536) * (1 + (c.H6 / 67108864) * x * (1 + (c.H3 / 67108864) * x)));
  percent *= 1 - (c.H1 * percent) / 524288;
  return percent < 0 ? 0 : percent > 100 ? 100 : percent;
}
