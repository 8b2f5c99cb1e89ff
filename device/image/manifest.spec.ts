import { readFileSync } from "node:fs";
import { manifestJsonSchema } from "./manifest-schema.js";
import { ManifestError, parseManifest } from "./manifest.js";

/** What a person reads after a mistake. */
function complaint(text: string): string {
  try {
    parseManifest(text, "ristretto.json");
  } catch (error) {
    if (error instanceof ManifestError) return error.message;
    throw error;
  }
  throw new Error("the manifest was accepted");
}

test("an empty manifest grants nothing", () => {
  expect(parseManifest("{}")).toEqual({
    args: [],
    env: {},
    dirs: {},
    slice: 50,
    peripherals: { gpio: {}, adc: {}, pwm: {}, i2c: {}, spi: {}, uart: {} },
    reactions: [],
    compile: { flags: [] },
    guests: {},
  });
});

test("I2C addresses may be numbers or written as data sheets do", () => {
  const manifest = parseManifest('{"peripherals":{"i2c":{"sensors":{"addresses":["0x76", 119]}}}}');
  expect(manifest.peripherals.i2c.sensors).toEqual({
    bus: "I2C1",
    hertz: 100_000,
    addresses: [0x76, 0x77],
    rights: "read-write",
  });
});

test("a directory may be narrowed to reading", () => {
  const manifest = parseManifest('{"dirs":{"/config":{"path":"/","rights":"read"},"/data":"/log"}}');
  expect(manifest.dirs).toEqual({ "/config": { path: "/", rights: "read" }, "/data": "/log" });
});

describe("mistakes are told with file, line, column, field and mend", () => {
  test("an unknown field", () => {
    expect(complaint('{\n  "arg": []\n}')).toBe(
      'ristretto.json:2:3: arg is not a field of a manifest (did you mean "args"?)',
    );
  });
  test("an unknown field deep inside", () => {
    expect(complaint('{"peripherals":{\n"gpio":{"led":{\n"pin":"LED1","direction":"out","pul":"up"}}}}')).toBe(
      'ristretto.json:3:32: peripherals.gpio.led.pul is not a field of a manifest (did you mean "pull"?)',
    );
  });
  test("a missing field points at what it is missing from", () => {
    expect(complaint('{"peripherals":{\n  "gpio":{"led":{"pin":"LED1"}}}}')).toBe(
      'ristretto.json:2:11: peripherals.gpio.led.direction must be one of "in", "out"',
    );
  });
  test("an address beyond seven bits", () => {
    expect(complaint('{"peripherals":{"i2c":{"s":{"addresses":["0xec"]}}}}')).toBe(
      "ristretto.json:1:42: peripherals.i2c.s.addresses[0] 7-bit addresses end at 0x77",
    );
  });
  test("a relative path", () => {
    expect(complaint('{"dirs":{"/data":"log"}}')).toContain("ristretto.json:1:10: dirs./data an absolute path");
  });
  test("a reaction to what can't be waited for", () => {
    expect(complaint('{"reactions":[{"call":"f","every":0}]}')).toBe(
      "ristretto.json:1:27: reactions[0].every at least 0.001",
    );
    expect(complaint('{"reactions":[{"call":"f","gpio":"b","edge":"up"}]}')).toBe(
      'ristretto.json:1:38: reactions[0].edge must be one of "rising", "falling", "both"',
    );
  });
  test("two mistakes are two lines", () => {
    expect(complaint('{"memory":0,"args":[1]}').split("\n")).toHaveLength(2);
  });
  test("no JSON", () => {
    expect(complaint('{\n"name": "x",\n}')).toMatch(/^ristretto.json:3:1: is not JSON: .* \(the file is JSON, /);
    expect(complaint("{")).toContain("ristretto.json:1:2: is not JSON");
    expect(complaint("")).toContain("ristretto.json:1:1: is not JSON");
  });
  test("a name given twice", () => {
    expect(complaint('{"name":"a",\n "name":"b"}')).toContain("ristretto.json:2:2: the same name is given twice");
  });
});

test("the published JSON Schema is in step (npm run schema writes it)", () => {
  const published = JSON.parse(readFileSync(new URL("manifest.schema.json", import.meta.url), "utf8"));
  expect(published).toEqual(JSON.parse(JSON.stringify(manifestJsonSchema())));
});
