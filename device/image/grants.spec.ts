import { puckjs } from "../../hal/boards/index.js";
import { allGrants, resolveGrants } from "./grants.js";
import { parseManifest } from "./manifest.js";

function resolve(manifest: unknown) {
  return resolveGrants(parseManifest(JSON.stringify(manifest)), puckjs);
}

test("peripherals become files under /dev, with pins of the board", () => {
  const { grants, problems } = resolve({
    dirs: { "/data": "/" },
    peripherals: {
      gpio: { led: { pin: "LED1", direction: "out" }, button: { pin: "BTN1", direction: "in" } },
      adc: { battery: { pin: "D30" } },
      i2c: { sensors: { addresses: ["0x76", "0x0c"] } },
    },
  });
  expect(problems).toEqual([]);
  expect(allGrants(grants).map(({ path, rights }) => `${path} ${rights}`)).toEqual([
    "/data read-write",
    "/dev/gpio/led read-write",
    "/dev/gpio/button read",
    "/dev/adc/battery read",
    "/dev/i2c/sensors/0x76 read-write",
    "/dev/i2c/sensors/0x0c read-write",
  ]);
  expect(grants.gpio[0].pin).toBe("D5");
  expect(grants.i2c[0]).toMatchObject({ bus: "I2C1", pins: { sda: "D1", scl: "D2" } });
});

test("what the board hasn't got is told with what it has", () => {
  const { grants, problems } = resolve({
    peripherals: {
      gpio: { led: { pin: "LED9", direction: "out" } },
      adc: { battery: { pin: "D6" } },
      spi: { flash: { bus: "SPI7", select: "D7" } },
    },
  });
  expect(allGrants(grants)).toEqual([]);
  expect(problems.map(({ field, message }) => `${field}: ${message}`)).toEqual([
    'peripherals.gpio.led.pin: puckjs has no pin "LED9"',
    "peripherals.adc.battery.pin: pin D6 of puckjs can't be used for adc",
    'peripherals.spi.flash.bus: puckjs has no SPI bus "SPI7"',
  ]);
  expect(problems[1].mend).toContain("D30");
});

test("a pin has one user", () => {
  const { problems } = resolve({
    peripherals: {
      gpio: {
        a: { pin: "LED1", direction: "out" },
        b: { pin: "D5", direction: "in" },
        c: { pin: "D1", direction: "in" },
      },
      i2c: { sensors: { addresses: [0x76] }, others: { addresses: [0x40] } },
    },
  });
  expect(problems.map(({ message }) => message)).toEqual([
    "pin D5 is used by peripherals.gpio.a.pin already",
    "pin D1 is used by peripherals.gpio.c.pin already",
    "pin D1 is used by peripherals.gpio.c.pin already",
  ]);
});

test("/dev can't be a directory of files", () => {
  expect(resolve({ dirs: { "/dev/x": "/" } }).problems[0].message).toBe("/dev belongs to the peripherals");
});
