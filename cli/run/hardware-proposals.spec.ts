/**
 * The hardware proposals' imports through the command, where `examples/panel` doesn't look: what isn't granted, what
 * breaks the ABI, what check says, and with `ESPRUINO=<path>` the real interpreter.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOnEspruino } from "../../simulator/engine/testing/played-board.js";
import { buildProject } from "../build/build-project.js";
import { loadProject } from "../project.js";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const example = fileURLToPath(new URL("../../examples/panel/panel.c", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ristretto-proposals-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Opens an I2C bus and an SPI device by the names that lie at 512 and 528, and prints what `code` leaves at 16 to 24. */
function program(code: string, allocator = "cabi_realloc", room = "(i32.const 256)"): string {
  const path = join(folder, "program.wat");
  writeFileSync(
    path,
    `(module
      (import "ristretto:hardware/i2c" "open" (func $i2c_open (param i32 i32 i32)))
      (import "cm32p2|wasi:i2c/i2c@0.2" "[method]i2c.read" (func $i2c_read (param i32 i32 i64 i32)))
      (import "wasi:i2c/i2c@0.2.0-draft" "[method]i2c.write" (func $i2c_write (param i32 i32 i32 i32 i32)))
      (import "wasi:spi/spi" "open" (func $spi_open (param i32 i32 i32)))
      (import "wasi:spi/spi" "[method]spi-device.write" (func $spi_write (param i32 i32 i32 i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "\\10\\00\\00\\00\\08\\00\\00\\00") (data (i32.const 512) "sensors") (data (i32.const 528) "display")
      (func (export "${allocator}") (param i32 i32 i32 i32) (result i32) ${room})
      (func (export "_start") ${code}
        (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`,
  );
  return path;
}

function grant(peripherals: unknown): void {
  writeFileSync(join(folder, "ristretto.json"), JSON.stringify({ board: "puckjs", memory: 1024, peripherals }));
}

function ristretto(...parameters: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...parameters], { input: "" });
  return { status, stdout: [...stdout], text: stdout.toString(), stderr: stderr.toString() };
}

const OPEN_I2C = `(call $i2c_open (i32.const 512) (i32.const 7) (i32.const 16))`;
const READ = `(call $i2c_read (i32.load (i32.const 20)) (i32.const 0x76) (i64.const 1) (i32.const 16))`;
const WRITE = `(call $i2c_write (i32.load (i32.const 20)) (i32.const 0x76) (i32.const 512) (i32.const 1) (i32.const 16))`;
const OPEN_SPI = `(call $spi_open (i32.const 528) (i32.const 7) (i32.const 16))`;
const SPI_WRITE = `(call $spi_write (i32.load (i32.const 20)) (i32.const 512) (i32.const 1) (i32.const 16))`;

describe.each(["host", "js", "thumb"])("on the %s engine", (engine) => {
  const run = (code: string) => ristretto("run", program(code), "--engine", engine);
  const answers = (code: string) => {
    const { status, stdout, stderr } = run(code);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return { isError: stdout[0], error: stdout[4], second: stdout[1] };
  };

  test("nothing granted gives no handle", () => {
    grant({});
    expect(answers(OPEN_I2C)).toMatchObject({ isError: 1, error: 4 });
    expect(answers(OPEN_SPI)).toMatchObject({ isError: 1, error: 4 });
  });

  test("an address for reading is read, and can't be written", () => {
    grant({ i2c: { sensors: { addresses: ["0x76"], rights: "read" } } });
    // Nobody is there: no-acknowledge.
    expect(answers(OPEN_I2C + READ)).toMatchObject({ isError: 1, error: 2 });
    expect(answers(OPEN_I2C + WRITE)).toMatchObject({ isError: 1, second: 4 });
  });

  test("a device for reading can't be written", () => {
    grant({ spi: { display: { select: "D7", rights: "read" } } });
    expect(answers(OPEN_SPI + SPI_WRITE)).toMatchObject({ isError: 1, error: 4 });
  });

  test("a handle that isn't there traps", () => {
    grant({ i2c: { sensors: { addresses: ["0x76"] } } });
    const { status, stderr } = run(READ);
    expect(stderr).toMatch(/^trap: unknown handle index 0\n {4}at _start\n/);
    expect(status).toBe(134);
  });

  test("what gives room for results may trap, and the program goes no further", () => {
    grant({});
    // Refused with a text, which needs room.
    const { status, stderr } = ristretto(
      ...["run", program(OPEN_SPI, "cabi_realloc", "unreachable"), "--engine", engine],
    );
    expect(stderr).toMatch(/^trap: unreachable\n {4}at cabi_realloc\n(.*\n)* {4}at _start\n/);
    expect(status).toBe(134);
  });

  test("memory that isn't there traps", () => {
    grant({ i2c: { sensors: { addresses: ["0x76"] } } });
    const { status, stderr } = run(`(call $i2c_open (i32.const -8) (i32.const 9) (i32.const 16))`);
    expect(stderr).toContain("trap: out of bounds memory access");
    expect(status).toBe(134);
  });
});

test("what gives room for results may not call out, on the thumb engine", () => {
  grant({});
  const callsOut = "(call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))";
  const { status, stderr } = ristretto("run", program(OPEN_SPI, "cabi_realloc", callsOut), "--engine", "thumb");
  expect(stderr).toMatch(/^trap: cannot leave component instance\n/);
  expect(status).toBe(134);
});

describe("check", () => {
  test("tells what to export for results", () => {
    grant({});
    const { status, text } = ristretto("check", program("", "malloc"));
    expect(status).toBe(1);
    expect(text).toContain("problem: exports no cabi_realloc or cm32p2_realloc of (i32 i32 i32 i32) -> (i32)");
  });

  test("tells bindings of another version", () => {
    const path = program("");
    writeFileSync(
      path,
      `(module (import "wasi:gpio/digital@0.2.0" "[method]digital-out-pin.toggle" (func (param i32)))
        (import "wasi:gpio/analog@0.2.0" "[method]analog-in-pin.read" (func (param i32 i32)))
        (memory (export "memory") 1) (func (export "_start")))`,
    );
    const { text } = ristretto("check", path);
    expect(text).toContain(
      "problem: imports wasi:gpio/digital@0.2.0.[method]digital-out-pin.toggle as (i32) -> (), but it is (i32 i32) -> ()",
    );
    expect(text).toContain(
      "problem: imports wasi:gpio/analog@0.2.0.[method]analog-in-pin.read, which nothing on the board provides",
    );
  });
});

const onEspruino = process.env.ESPRUINO ? test : test.skip;
if (!process.env.ESPRUINO) console.log("Skipped on the real interpreter: set ESPRUINO to the path of a Linux build.");

onEspruino(
  "the real interpreter runs examples/panel",
  async () => {
    const image = await buildProject(await loadProject(example, { board: "puckjs" }), {
      console: "espruino",
      engine: "js",
    });
    const presses = [1, 2, 3].map(
      (press) => `setTimeout(function () { playedPin("D0", 1); }, ${500 * press});
      setTimeout(function () { playedPin("D0", 0); }, ${500 * press + 100});\n`,
    );
    const script = presses.join("") + Buffer.from(image.source).toString("latin1");
    const lines = runOnEspruino(process.env.ESPRUINO!, script).map((line) => line.replace(/[\r>]|\x1b\[J/g, ""));
    // Nobody is on the played buses.
    expect(lines).toEqual(expect.arrayContaining(["i2c error 0x02", "0x77 is error 0x04", "heater is error 0x04"]));
    expect(lines.filter((line) => /^p(ress|in D5)/.test(line))).toEqual([
      "pin D5 0",
      ...["pin D5 1", "press 0x01", "pin D5 0", "press 0x02", "pin D5 1", "press 0x03"],
    ]);
  },
  60_000,
);
