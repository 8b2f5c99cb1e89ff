import fc from "fast-check";
import { generic } from "../../hal/boards/index.js";
import { type Bme280Reading, openBme280, openButton, openLed, type Oversampling } from "../../hal/drivers/index.js";
import { boardClock, i2cController, inputPin, outputPin } from "../board/fakes/index.js";
import { SimulatedBoard } from "../board/index.js";
import { RandomGenerator } from "../core/random-generator.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { Bme280 } from "./bme280.js";
import { randomCalibration } from "./bme280-calibration.js";
import { attachButton } from "./button.js";
import { attachLed } from "./led.js";

/** The drivers of `hal/drivers` on the models of their parts: two readings of one datasheet that must agree. */

function makeBoard(seed = 1) {
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile: generic, clock, seed });
  return { board, clock, time: boardClock(board) };
}

test("the BME280's driver reads what its surroundings are, for any part, weather and oversampling", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.double({ min: -40, max: 85, noNaN: true }),
      fc.double({ min: 300, max: 1100, noNaN: true }),
      fc.double({ min: 5, max: 95, noNaN: true }),
      fc.constantFrom<Oversampling[]>(1, 2, 4, 8, 16),
      (batch, temperature, pressure, humidity, samples) => {
        const { board, clock, time } = makeBoard();
        const calibration = randomCalibration(new RandomGenerator(batch));
        new Bme280(board, { calibration, temperature, pressure, humidity }).attachI2c("I2C1", 0x76);
        const driver = openBme280(i2cController(board.i2c("I2C1")), time, {
          temperature: samples,
          pressure: samples,
          humidity: samples,
        });
        let reading: Bme280Reading | undefined;
        driver.measure((fault, measured) => {
          expect(fault).toBeUndefined();
          reading = measured;
        });
        clock.advanceTo(1e6);
        expect(Math.abs(reading!.celsius - temperature)).toBeLessThan(0.003 / samples + 1e-3);
        expect(Math.abs(reading!.pascals - pressure * 100)).toBeLessThan(2 / samples + 0.1);
        expect(Math.abs(reading!.humidity - humidity)).toBeLessThan(0.01);
      },
    ),
    { numRuns: 300 },
  );
}, 30_000);

test("a driver in the middle of a bus fault is told of it, and works again after", () => {
  const { board, clock, time } = makeBoard();
  new Bme280(board).attachI2c("I2C1", 0x77);
  const driver = openBme280(i2cController(board.i2c("I2C1")), time, { address: 0x77 });
  const seen: string[] = [];
  const measure = () => driver.measure((fault, reading) => seen.push(fault?.kind ?? reading!.celsius.toFixed(1)));
  board.i2c("I2C1").inject({ kind: "ArbitrationLoss", afterBytes: 1 });
  measure();
  measure();
  clock.advanceTo(1e6);
  expect(seen).toEqual(["ArbitrationLoss", "25.0"]);
});

test("a button that bounces is one press and one release to its driver, whatever the seed", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { board, clock, time } = makeBoard(seed);
      const button = attachButton(board, "D0", { bounceMicroseconds: 15_000, activeLow: true });
      const seen: boolean[] = [];
      openButton(inputPin(board.pin("D0")), time, { activeLow: true }, (pressed) => seen.push(pressed));
      button.press();
      clock.advanceTo(100_000);
      button.release();
      clock.advanceTo(200_000);
      expect(seen).toEqual([true, false]);
    }),
  );
});

test("an LED blinks as its driver says", () => {
  const { board, clock, time } = makeBoard();
  const part = attachLed(board, "D13", { activeLow: true });
  const stop = openLed(outputPin(board.pin("D13"), true), time, { activeLow: true }).blink([100_000, 400_000]);
  clock.advanceTo(2_050_000);
  expect([part.blinks, part.brightness()]).toEqual([5, 1]);
  stop();
  clock.advanceTo(3_000_000);
  expect([part.blinks, part.brightness()]).toEqual([5, 0]);
});
