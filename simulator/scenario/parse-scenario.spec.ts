import { readFileSync } from "node:fs";
import { formatDuration, parseDuration } from "./duration.js";
import { parseScenario, ScenarioError } from "./parse-scenario.js";
import { scenarioJsonSchema } from "./schema.js";

/** What a person reads after a mistake. */
function complaint(text: string): string {
  try {
    parseScenario(text, "s.yaml");
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  throw new Error("the scenario was accepted");
}

test("a whole scenario", () => {
  const scenario = parseScenario(`
board: puckjs
seed: 7
parts:
  - {type: bme280, name: climate, bus: I2C1, address: 0x76, temperature: 21.5}
  - {type: button, pin: D1, bounce: 5ms}
  - type: analog
    pin: D2
    millivolts: {noise: {around: {ramp: {from: 3000, to: 2000, seconds: 60}}, deviation: 5}}
events:
  - {at: 5s, set: {climate: {temperature: 31}}}
  - {at: 1.5min, press: BTN1, for: 100ms}
expect:
  - {by: 6s, console: {contains: "31.0"}}
  - {pin: LED1, level: high, at: 7s}
`);
  expect(scenario).toMatchObject({ board: "puckjs", seed: 7, duration: 90.1e6 });
  expect(scenario.parts).toMatchObject([
    { type: "bme280", address: 0x76, temperature: 21.5, where: "scenario.yaml:5:5" },
    { type: "button", active: "high", resistor: true, bounce: 5000 },
    { type: "analog", millivolts: { noise: { deviation: 5 } } },
  ]);
  expect(scenario.events).toMatchObject([
    { kind: "set", at: 5e6, set: { climate: { temperature: 31 } } },
    { kind: "press", at: 90e6, press: "BTN1", for: 100_000, where: "scenario.yaml:12:5" },
  ]);
  expect(scenario.expect).toMatchObject([
    { kind: "console", after: 0, by: 6e6 },
    { kind: "level", level: "high", at: 7e6 },
  ]);
});

test("is as long as the latest time in it, repeats included, unless it says so", () => {
  expect(parseScenario("events: [{at: 1s, every: 2s, times: 3, reset: true}]").duration).toBe(5e6);
  expect(parseScenario("duration: 3s\nevents: [{at: 1s, reset: true}]").duration).toBe(3e6);
});

test("durations", () => {
  expect(["250us", "1.5 s", "2min", "1h", "1d", "3ms"].map(parseDuration)).toEqual([
    250, 1.5e6, 120e6, 3600e6, 86400e6, 3000,
  ]);
  expect([0, 250, 1500, 1.5e6, 90e6, 120e6, 7200e6].map(formatDuration)).toEqual([
    "0s",
    "250us",
    "1.5ms",
    "1.5s",
    "90s",
    "2min",
    "2h",
  ]);
});

describe("mistakes are told with file, line, column and mend", () => {
  test.each([
    [
      "no YAML",
      "parts: [",
      "s.yaml:1:9: is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    ["nothing at all", "", 's.yaml:1:1: no time passes in this scenario (add "duration: 30s")'],
    [
      "an unknown field at the top",
      "duration: 1s\npart: []",
      's.yaml:2:1: part is not a field here (did you mean "parts"?)',
    ],
    [
      "a part without a type",
      "duration: 1s\nparts:\n  - {pin: D1}",
      "s.yaml:3:5: type is missing (known here: bme280, led, button, analog, serial)",
    ],
    [
      "an unknown part",
      "duration: 1s\nparts:\n  - {type: bme208}",
      's.yaml:3:6: type "bme208" is not a part that is known (did you mean "bme280"?)',
    ],
    [
      "a misspelt field of a part",
      "duration: 1s\nparts:\n  - type: bme280\n    bus: I2C1\n    address: 0x76\n    temprature: 3",
      's.yaml:6:5: temprature is not a field here (did you mean "temperature"?)',
    ],
    ["a missing field", "duration: 1s\nparts:\n  - {type: led}", 's.yaml:3:5: pin is missing (add "pin")'],
    [
      "a sensor on two buses",
      "duration: 1s\nparts:\n  - {type: bme280, bus: I2C1}",
      's.yaml:3:5: needs either "address" (0x76 or 0x77) on an I2C bus or "select" (a pin) on an SPI bus',
    ],
    [
      "a wrong address",
      "duration: 1s\nparts:\n  - {type: bme280, bus: I2C1, address: 0x75}",
      "s.yaml:3:31: address must be 0x76 (SDO to ground) or 0x77",
    ],
    [
      "a wrong word",
      "duration: 1s\nparts: [{type: led, pin: D1, active: down}]",
      's.yaml:2:30: active must be one of "high", "low"',
    ],
    ["a wrong type", "duration: 1s\nparts: [{type: led, pin: 5}]", "s.yaml:2:21: pin must be a string, not 5"],
    ["a time without a unit", "events: [{at: 5, reset: true}]", "s.yaml:1:11: at must be a string, not 5"],
    [
      "a time with a wrong unit",
      "events: [{at: 5m, reset: true}]",
      's.yaml:1:11: at must be a number with a unit, us, ms, s, min, h or d: "1.5s"',
    ],
    [
      "a misspelt event",
      "events: [{at: 5s, pres: BTN1}]",
      's.yaml:1:19: pres is not a field of an event (did you mean "press"?)',
    ],
    [
      "an event that says nothing",
      "events: [{at: 5s}]",
      "s.yaml:1:10: an event needs a field that says what it is (known here: set, press,",
    ],
    [
      "two events in one",
      "events: [{at: 5s, press: A, release: A}]",
      "s.yaml:1:29: release can't be in an event with press (make two of it)",
    ],
    ["an event without a time", "duration: 1s\nevents: [{press: A}]", 's.yaml:2:10: at is missing (add "at")'],
    [
      "a pattern that isn't one",
      "duration: 1s\nexpect:\n- console: {matches: '('}",
      "s.yaml:3:13: console.matches must be a regular expression",
    ],
    [
      "an expectation without a wish",
      "duration: 1s\nexpect:\n- console: {}",
      's.yaml:3:3: console needs "contains", "matches", "equals" or "lacks"',
    ],
    [
      "a misspelt wish",
      "duration: 1s\nexpect:\n- console: {contain: x}",
      's.yaml:3:13: console.contain is not a field here (did you mean "contains"?)',
    ],
    ["a list where a map should be", "duration: 1s\nparts: {type: led}", "s.yaml:2:1: parts must be a list"],
    [
      "a value in a list of parts",
      "duration: 1s\nparts: [led]",
      's.yaml:2:9: parts[0] must be a map of names to values, not "led"',
    ],
  ])("%s", (_, text, message) => {
    expect(complaint(text)).toContain(message);
  });

  test("two mistakes are two lines", () => {
    expect(complaint("duration: 1s\nparts:\n- {type: led}\n- {type: lamp}").split("\n").length).toBe(2);
  });
});

test("the published JSON Schema is in step (npm run schema writes it)", () => {
  const published = JSON.parse(readFileSync(new URL("scenario.schema.json", import.meta.url), "utf8")) as unknown;
  expect(published).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
});

test("the scenario of the README is one", () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
  const scenario = parseScenario(readme.split("```yaml\n")[1].split("```")[0], "README.md");
  expect(scenario.parts.map((part) => part.type)).toEqual(["bme280", "bme280", "led", "button", "analog", "serial"]);
  expect(scenario.events.length).toBe(8);
  expect(scenario.expect.length).toBe(8);
});
