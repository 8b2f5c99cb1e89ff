import type { Bme280Calibration } from "./bme280-calibration.js";

/*
 * The datasheet's compensation in double precision (BST-BME280-DS002, appendix A, 8.1), and its inverse: which raw
 * value the converter has to give so that a driver computes what the world is. The inverse searches, since the
 * formulas can't be solved by hand and are monotonic over the part's range.
 */

/** Temperature in the fine steps of `t_fine`: 5,120 to the degree. @param raw 20 bits */
export function fineTemperature(c: Bme280Calibration, raw: number): number {
  const first = (raw / 16384 - c.T1 / 1024) * c.T2;
  const second = raw / 131072 - c.T1 / 8192;
  return first + second * second * c.T3;
}

/** Pascals. @param raw 20 bits; @param fine of the same measurement */
export function pressure(c: Bme280Calibration, raw: number, fine: number): number {
  let var1 = fine / 2 - 64000;
  let var2 = (var1 * var1 * c.P6) / 32768;
  var2 += var1 * c.P5 * 2;
  var2 = var2 / 4 + c.P4 * 65536;
  var1 = ((c.P3 * var1 * var1) / 524288 + c.P2 * var1) / 524288;
  var1 = (1 + var1 / 32768) * c.P1;
  if (var1 === 0) return 0;
  let p = 1048576 - raw;
  p = ((p - var2 / 4096) * 6250) / var1;
  var1 = (c.P9 * p * p) / 2147483648;
  var2 = (p * c.P8) / 32768;
  return p + (var1 + var2 + c.P7) / 16;
}

/** Percent of relative humidity, before it is clipped to 0 to 100. @param raw 16 bits; @param fine as above */
function humidity(c: Bme280Calibration, raw: number, fine: number): number {
  const above = fine - 76800;
  const h =
    (raw - (c.H4 * 64 + (c.H5 / 16384) * above)) *
    ((c.H2 / 65536) * (1 + (c.H6 / 67108864) * above * (1 + (c.H3 / 67108864) * above)));
  return h * (1 - (c.H1 * h) / 524288);
}

/** The raw temperature that comes nearest to `celsius`. */
export function rawTemperature(c: Bme280Calibration, celsius: number): number {
  return nearest((raw) => fineTemperature(c, raw) / 5120, celsius, 0xfffff);
}

/** The raw pressure that comes nearest to `pascals`. */
export function rawPressure(c: Bme280Calibration, pascals: number, fine: number): number {
  return nearest((raw) => pressure(c, raw, fine), pascals, 0xfffff);
}

/** The raw humidity that comes nearest to `percent`. */
export function rawHumidity(c: Bme280Calibration, percent: number, fine: number): number {
  return nearest((raw) => humidity(c, raw, fine), percent, 0xffff);
}

/** The integer of 0 to `last` at which a monotonic function comes nearest to `wanted`. */
function nearest(f: (raw: number) => number, wanted: number, last: number): number {
  const rising = f(last) > f(0);
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (f(middle) <= wanted === rising) low = middle;
    else high = middle;
  }
  return Math.abs(f(low) - wanted) <= Math.abs(f(high) - wanted) ? low : high;
}
