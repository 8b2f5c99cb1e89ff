import { halError } from "../contract/error.js";
import type { HalError } from "../contract/error.js";
import type { Clock } from "../contract/clock.js";
import type { I2c } from "../contract/i2c.js";
import { fineTemperature, humidity, pressure, readCalibration } from "./bme280-compensation.js";

/**
 * Bosch's BME280 on I2C, in forced mode: it sleeps, measures once when told to, and sleeps again
 * (datasheet BST-BME280-DS002 revision 1.6; sections are cited below).
 *
 * Resolution after compensation: 0.01 degrees at oversampling 1 (16 bits) and 0.0006 at 16 (20 bits), 2.6 Pa and
 * 0.16 Pa, 0.008 % humidity at any (sections 1.2 to 1.4, 3.4). Doubles lose nothing of it.
 */

/** How many samples are averaged for one value (section 3.4); 0 leaves the value out, which is then NaN. */
export type Oversampling = 0 | 1 | 2 | 4 | 8 | 16;

/** Address and oversampling. */
export interface Bme280Options {
  /** 0x76 (SDO low), the default, or 0x77 (SDO high). */
  address?: number;
  /** Each 1 unless given. Without temperature the other two can't be compensated either. */
  temperature?: Oversampling;
  pressure?: Oversampling;
  humidity?: Oversampling;
}

/** One measurement, compensated. */
export interface Bme280Reading {
  /** Degrees Celsius, -40 to 85. */
  readonly celsius: number;
  /** Pascals, 30,000 to 110,000. */
  readonly pascals: number;
  /** Relative humidity in percent, 0 to 100. */
  readonly humidity: number;
}

/** A sensor that has answered and told its calibration. */
export interface Bme280 {
  /** Microseconds that a measurement takes at most (section 9.1). */
  readonly measurementMicroseconds: number;
  /**
   * Measures once.
   * @param done called once from the event loop, or at once when starting fails: with the fault, or with undefined and
   * what was measured
   */
  measure(done: (fault: HalError | undefined, reading?: Bme280Reading) => void): void;
}

/** Section 5.3, the memory map. */
const CALIBRATION_LOW = 0x88;
const CHIP_ID = 0xd0;
const CALIBRATION_HIGH = 0xe1;
const CONTROL_HUMIDITY = 0xf2;
const STATUS = 0xf3;
const CONTROL_MEASUREMENT = 0xf4;
const DATA = 0xf7;

const IS_BME280 = 0x60;
const FORCED = 1;
const MEASURING = 8;
/** A part that is still at it after so many milliseconds more than it may take is broken. */
const PATIENCE = 10;

/** The bits that stand for an oversampling (sections 5.4.3, 5.4.5). */
function code(oversampling: Oversampling): number {
  var bits = 0;
  for (var samples = 1; samples <= oversampling; samples *= 2) bits++;
  return bits;
}

/** 20 bits, most significant byte first, in the upper part of three bytes (section 5.4.7). */
function raw20(data: ArrayLike<number>, at: number): number {
  return (data[at] << 12) | (data[at + 1] << 4) | (data[at + 2] >> 4);
}

/**
 * Finds the part and reads its calibration.
 * @throws HalError of the bus, or `Other` if another part answers to the address
 */
export function openBme280(bus: I2c, clock: Clock, options?: Bme280Options): Bme280 {
  var chosen = options || {};
  var address = chosen.address || 0x76;
  var temperatureSamples = chosen.temperature === undefined ? 1 : chosen.temperature;
  var pressureSamples = chosen.pressure === undefined ? 1 : chosen.pressure;
  var humiditySamples = chosen.humidity === undefined ? 1 : chosen.humidity;
  var id = bus.writeRead(address, [CHIP_ID], 1)[0];
  if (id !== IS_BME280)
    throw halError("Other", "BME280 0x" + address.toString(16) + ": chip id is 0x" + id.toString(16) + ", not 0x60");
  var calibration = readCalibration(
    bus.writeRead(address, [CALIBRATION_LOW], 26),
    bus.writeRead(address, [CALIBRATION_HIGH], 7),
  );
  // Section 9.1, the maximum.
  var duration =
    1250 +
    2300 * temperatureSamples +
    (pressureSamples ? 2300 * pressureSamples + 575 : 0) +
    (humiditySamples ? 2300 * humiditySamples + 575 : 0);

  function read(): Bme280Reading {
    var data = bus.writeRead(address, [DATA], 8);
    var fine = temperatureSamples ? fineTemperature(calibration, raw20(data, 3)) : NaN;
    return {
      celsius: fine / 5120,
      pascals: pressureSamples ? pressure(calibration, raw20(data, 0), fine) : NaN,
      humidity: humiditySamples ? humidity(calibration, (data[6] << 8) | data[7], fine) : NaN,
    };
  }

  return {
    measurementMicroseconds: duration,
    measure: function (done) {
      var tries = 0;
      function finish(): void {
        var reading: Bme280Reading;
        try {
          if (bus.writeRead(address, [STATUS], 1)[0] & MEASURING) {
            if (tries++ >= PATIENCE)
              throw halError("Other", "BME280 0x" + address.toString(16) + ": never done measuring");
            clock.after(1000, finish);
            return;
          }
          reading = read();
        } catch (fault) {
          done(fault as HalError);
          return;
        }
        done(undefined, reading);
      }
      try {
        // Humidity's setting counts from the next write to the other on (section 5.4.3).
        bus.write(address, [CONTROL_HUMIDITY, code(humiditySamples)]);
        bus.write(address, [
          CONTROL_MEASUREMENT,
          (code(temperatureSamples) << 5) | (code(pressureSamples) << 2) | FORCED,
        ]);
      } catch (fault) {
        done(fault as HalError);
        return;
      }
      clock.after(duration, finish);
    },
  };
}
