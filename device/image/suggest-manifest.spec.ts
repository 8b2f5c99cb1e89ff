/** What `check` tells to add to a manifest, from what a module's data, imports and exports show. */
import wabt from "wabt";
import { puckjs } from "../../hal/boards/index.js";
import { checkProgram } from "./check-program.js";
import { parseManifest } from "./manifest.js";
import { suggestionLines } from "./suggest-manifest.js";

const PATH_OPEN =
  '(import "wasi_snapshot_preview1" "path_open" (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))';
const START = '(func (export "_start"))';

async function check(module: string, manifest: unknown = {}) {
  const parsed = (await wabt()).parseWat("module.wat", `(module ${module} (memory (export "memory") 1))`);
  const wasm = parsed.toBinary({}).buffer;
  const report = checkProgram({ wasm, manifest: parseManifest(JSON.stringify(manifest)), board: puckjs, engine: "js" });
  const { suggestion } = report;
  return {
    ...report,
    lines: suggestion ? suggestionLines(suggestion).join("\n") : undefined,
    told: report.findings.filter(({ message }) => /\b(names?|opens) /.test(message)).map(({ severity }) => severity),
  };
}

/** Bytes of a text as AssemblyScript keeps them. */
function utf16(text: string): string {
  return Array.from(text, (char) => `${char}\\00`).join("");
}

const data = (text: string) => `(data (i32.const 16) "${text}")`;

test("devices and folders that C names are found, with pins of the board that are free", async () => {
  const named = [
    "/dev/gpio/led",
    "/dev/gpio/button",
    "/dev/adc/battery",
    "/dev/i2c/sensors/0x76",
    "/dev/i2c/sensors/0x40",
  ];
  const { lines, told } = await check(PATH_OPEN + START + data([...named, "/data/log.csv", ""].join("\\00")));
  expect(`{${lines}}`).toBe(
    `{"dirs": { "/data": "/" },
"peripherals": {
  "gpio": { "led": { "pin": "LED1", "direction": "out" }, "button": { "pin": "BTN1", "direction": "in" } },
  "adc": { "battery": { "pin": "D3" } },
  "i2c": { "sensors": { "bus": "I2C1", "addresses": ["0x76", "0x40"] } }
}}`,
  );
  expect(told.sort()).toEqual(["problem", "problem", "problem", "problem", "problem", "warning"]);
});

test("what it tells to add makes the check pass", async () => {
  const module = PATH_OPEN + START + data("/dev/spi/display\\00/dev/gpio/relay\\00/dev/pwm/motor\\00/data/x\\00");
  const { lines } = await check(module);
  const mended = await check(module, JSON.parse(`{${lines}}`));
  expect(mended.findings.filter(({ message }) => /grant|pin|bus/.test(message))).toEqual([]);
  expect(mended.lines).toBeUndefined();
});

test("AssemblyScript's strings, and names without /dev, are a warning", async () => {
  const { lines, told } = await check(PATH_OPEN + START + data(utf16("gpio/relay").slice(0, -3)));
  expect(lines).toContain('"gpio": { "relay": { "pin": "LED1", "direction": "out" } }');
  expect(told).toEqual(["warning"]);
});

describe("Rust's strings, which stand end to end", () => {
  const module = PATH_OPEN + START + data("can't open /dev/i2c/sensors/0x76attempt to add");

  test("are guessed", async () => {
    const { lines, told } = await check(module);
    expect(lines).toContain('"i2c": { "sensors": { "bus": "I2C1", "addresses": ["0x76"] } }');
    expect(told).toEqual(["warning"]);
  });

  test("and a grant that a guess begins with will do", async () => {
    const granted = { peripherals: { gpio: { led: { pin: "LED1", direction: "out" } } } };
    const { told } = await check(PATH_OPEN + START + data("x/dev/gpio/ledattempt"), granted);
    expect(told).toEqual([]);
  });
});

test("another address of a bus that is granted is added to those that it has", async () => {
  const { lines } = await check(PATH_OPEN + START + data("/dev/i2c/sensors/0x40\\00"), {
    peripherals: { i2c: { sensors: { addresses: ["0x76"] } } },
  });
  expect(lines).toContain('"addresses": ["0x76", "0x40"]');
});

test("nothing is told of a module that opens nothing", async () => {
  expect((await check(START + data("/dev/gpio/led\\00"))).lines).toBeUndefined();
});

test("the hardware proposals' imports show what kind of grant they want", async () => {
  const open = (module: string, name: string, words: number) =>
    `(import "${module}" "${name}" (func (param ${"i32 ".repeat(words)})))`;
  const { lines } = await check(
    open("wasi:gpio/digital@0.2.0", "get-digital-in", 5) + open("ristretto:hardware/i2c", "open", 3) + START,
    { peripherals: { gpio: { led: { pin: "LED1", direction: "out" } } } },
  );
  expect(lines).toBe(`"peripherals": {
  "gpio": { "button": { "pin": "BTN1", "direction": "in" } },
  "i2c": { "sensors": { "bus": "I2C1", "addresses": ["0x76"] } }
}`);
});

test("a reactor's exports are what reactions may call", async () => {
  const { lines } = await check(
    `(func (export "_initialize")) (func (export "sample")) (func (export "pressed") (param i32))
     (func (export "told") (param i32 i32)) (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))`,
  );
  expect(lines).toBe(`"reactions": [
  { "call": "sample", "every": 60 },
  { "call": "pressed", "gpio": "button", "edge": "both" },
  { "call": "told", "uart": "gps" }
]`);
});
