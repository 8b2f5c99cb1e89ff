/** Guests that were granted little try for everything else, on every engine, under trace: a test each capability. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOnEspruino } from "../../simulator/engine/testing/played-board.js";
import { buildProject } from "../build/build-project.js";
import { loadProject } from "../project.js";
import { CALLS, MODULE } from "../../device/wasi/calls.js";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

const DATA = 3;
const DEV = 4;
const READ = 1 << 1;
const SEEK = 1 << 2;
const WRITE = 1 << 6;
const CREAT = 1;
const TRUNC = 8;
const OPEN_DIRECTORY = 2;

const DENIED = "notcapable";

/** A call of preview 1 and its arguments; a text stands for its place and length. */
type Attempt = readonly [name: string, ...parameters: (number | string)[]];

/** Where texts lie, 64 bytes each; below are results, and at 512 and 520 a list of one piece of four bytes. */
const TEXTS = 1024;

/** A program that makes each attempt in turn and drops what it answers. */
function attempting(attempts: readonly Attempt[]): string {
  const texts = attempts.flatMap(([, ...parameters]) => parameters.filter((each) => typeof each === "string"));
  const words = (text: string) => [TEXTS + 64 * texts.indexOf(text), Buffer.byteLength(text)];
  const imports = [...new Set(attempts.map(([name]) => name))].map(
    (name) => `(import "${MODULE}" "${name}" (func $${name} (param ${CALLS[name].parameters.join(" ")}) (result i32)))`,
  );
  const calls = attempts.map(([name, ...parameters]) => {
    const given = parameters.flatMap((each) => (typeof each === "string" ? words(each) : each));
    const types = CALLS[name].parameters;
    if (given.length !== types.length) throw new Error(`${name} takes ${types.length} words, not ${given.length}`);
    return `(drop (call $${name} ${given.map((value, index) => `(${types[index]}.const ${value})`).join(" ")}))`;
  });
  return `(module ${imports.join(" ")} (memory (export "memory") 1)
    (data (i32.const 512) "\\08\\02\\00\\00\\04\\00\\00\\00") (data (i32.const 520) "data")
    ${texts.map((text, index) => `(data (i32.const ${TEXTS + 64 * index}) "${text}")`).join(" ")}
    (func (export "_start") ${calls.join("\n")}))`;
}

/** `path_open` with the rights wanted; of the descriptors that come, the first is 5. */
function open(fd: number, path: string, rights: number, oflags = 0, inheriting = 0): Attempt {
  return ["path_open", fd, 0, path, oflags, rights, inheriting, 0, 8];
}

/** Attempts on a descriptor that lies open. */
const reading = (fd: number): Attempt => ["fd_read", fd, 512, 1, 8];
const writing = (fd: number): Attempt => ["fd_write", fd, 512, 1, 8];

const folder = mkdtempSync(join(tmpdir(), "ristretto-denied-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** @returns the lines of the trace, a line each attempt */
type Trace = (program: string, manifest: string) => Promise<readonly string[]> | readonly string[];

const BOARD = "puckjs";
const MEMORY = "4096";

/** `ristretto run --trace wasi`; the board's own environment mustn't get through. */
function commandTrace(engine: string): Trace {
  return (program, manifest) => {
    const options = ["--manifest", manifest, "--board", BOARD, "--memory", MEMORY, "--engine", engine];
    const { status, stderr } = spawnSync(process.execPath, [command, "run", program, ...options, "--trace", "wasi"], {
      encoding: "utf8",
      env: { ...process.env, SECRET: "of the host" },
    });
    if (status !== 0) throw new Error(stderr);
    return stderr.trimEnd().split("\n");
  };
}

/** What would be flashed, on the real interpreter with a played board's hardware. */
const espruinoTrace: Trace = async (program, manifest) => {
  const project = await loadProject(program, { board: BOARD, manifest, memory: MEMORY });
  const image = await buildProject(project, { console: "espruino", engine: "js", trace: true });
  return runOnEspruino(process.env.ESPRUINO!, image.source).filter((line) => / = \w+/.test(line));
};

const traces: Record<string, Trace> = Object.fromEntries(
  ["host", "js", "thumb"].map((engine) => [`the ${engine} engine`, commandTrace(engine)]),
);
if (process.env.ESPRUINO) traces["the real interpreter"] = espruinoTrace;
else console.log("Skipped on the real interpreter: set ESPRUINO to the path of a Linux build.");

/** @returns what each attempt was answered, as the trace has it */
async function run(trace: Trace, granted: unknown, attempts: readonly Attempt[]): Promise<string[]> {
  const program = join(folder, "denied.wat");
  const manifest = join(folder, "ristretto.json");
  writeFileSync(program, attempting(attempts));
  writeFileSync(manifest, JSON.stringify(granted));
  const lines = await trace(program, manifest);
  return lines.map((line) => line.slice(line.indexOf(") = ") + 4));
}

/** Each attempt beside its answer, so that a failure tells which. */
function compare(attempts: readonly (readonly [Attempt, string])[], answers: readonly string[]): void {
  const told = (attempt: Attempt, answer: string) => `${attempt.join(" ")}: ${answer}`;
  expect(attempts.map(([attempt], index) => told(attempt, answers[index].split(",")[0]))).toEqual(
    attempts.map(([attempt, expected]) => told(attempt, expected)),
  );
}

describe.each(Object.entries(traces))("on %s, a guest that was granted", (_name, trace) => {
  const tries = (name: string, granted: unknown, attempts: readonly (readonly [Attempt, string])[]) =>
    test(
      name,
      async () => {
        const all = attempts.map(([attempt]) => attempt);
        compare(attempts, await run(trace, granted, all));
      },
      30_000,
    );

  const onePinAndDirectory = {
    dirs: { "/data": "/mine" },
    peripherals: { gpio: { button: { pin: "BTN1", direction: "in" } } },
  };

  tries(
    "one pin and one directory reaches nothing else, whatever it is and however it is asked for",
    onePinAndDirectory,
    [
      [open(DEV, "gpio/led", WRITE), DENIED],
      [open(DEV, "gpio/button", WRITE), DENIED],
      [open(DEV, "gpio/button", READ | WRITE), DENIED],
      [open(DEV, "adc/battery", READ), DENIED],
      [open(DEV, "pwm/motor", WRITE), DENIED],
      [open(DEV, "i2c/sensors/0x76", READ), DENIED],
      [open(DEV, "spi/display", WRITE), DENIED],
      [open(DEV, "uart/gps", READ), DENIED],
      [open(DEV, "gpio/../../data", READ), DENIED],
      [open(DATA, "..", READ), DENIED],
      [open(DATA, "../other", READ), DENIED],
      [open(DATA, "./../other", READ), DENIED],
      [open(DATA, "/", READ), DENIED],
      [open(DATA, "/etc/passwd", READ), DENIED],
      // Not whole, or the check would refuse the program before it starts.
      [open(DATA, "/dev/gpio/", READ), DENIED],
      // Standard streams are no way to files.
      [open(0, "kept", READ), "notdir"],
      [open(1, "kept", READ), "notdir"],
      // No link can be made to lead out, no third descriptor is there.
      [["path_symlink", "/etc", DATA, "out"], "notsup"],
      [["fd_prestat_get", 5, 16], "badf"],
      // Neither arguments nor environment of the host: one argument, the program's name.
      [["args_sizes_get", 16, 20], "success"],
      [["environ_sizes_get", 16, 20], "success"],
      // What is granted is there.
      [open(DEV, "gpio/button", READ), "success"],
      [reading(5), "success"],
      [writing(5), DENIED],
    ],
  );

  test("neither arguments nor an environment gets the host's", async () => {
    const answers = await run(trace, onePinAndDirectory, [
      ["args_sizes_get", 16, 20],
      ["environ_sizes_get", 16, 20],
    ]);
    expect(answers).toEqual(["success, argc=1, bytes=7", "success, count=0, bytes=0"]);
  }, 30_000);

  tries(
    "a pin to write can't reach another, or change what is in /dev",
    { peripherals: { gpio: { led: { pin: "LED1", direction: "out" } } } },
    [
      [open(DATA, "gpio/led", READ | WRITE), "success"],
      [writing(4), "inval"],
      [open(DATA, "gpio/LED1", WRITE), DENIED],
      [open(DATA, "gpio/D5", WRITE), DENIED],
      [open(DATA, "gpio/led2", WRITE), DENIED],
      // /dev itself can't be changed.
      [open(DATA, "gpio/other", WRITE, CREAT), DENIED],
      [["path_create_directory", DATA, "mine"], DENIED],
      [["path_unlink_file", DATA, "gpio/led"], DENIED],
      [["path_rename", DATA, "gpio/led", DATA, "gpio/mine"], DENIED],
    ],
  );

  tries("an analog input only reads it", { peripherals: { adc: { battery: { pin: "D30" } } } }, [
    [open(DATA, "adc/battery", READ), "success"],
    [reading(4), "success"],
    [writing(4), DENIED],
    [open(DATA, "adc/battery", WRITE), DENIED],
    [open(DATA, "adc/D29", READ), DENIED],
  ]);

  tries("a pulse-width output only writes it", { peripherals: { pwm: { motor: { pin: "D14" } } } }, [
    [open(DATA, "pwm/motor", WRITE), "success"],
    [reading(4), DENIED],
    [open(DATA, "pwm/motor", READ), DENIED],
    [open(DATA, "pwm/D15", WRITE), DENIED],
  ]);

  tries(
    "one I2C address for reading can't write to it, or reach another",
    { peripherals: { i2c: { sensors: { addresses: ["0x76"], rights: "read" } } } },
    [
      [open(DATA, "i2c/sensors/0x76", READ | WRITE), DENIED],
      [open(DATA, "i2c/sensors/0x76", WRITE), DENIED],
      [open(DATA, "i2c/sensors/0x77", READ), DENIED],
      [open(DATA, "i2c/sensors/0x076", READ), DENIED],
      [open(DATA, "i2c/I2C1/0x76", READ), DENIED],
      [open(DATA, "i2c/sensors/0x76", READ | SEEK), "success"],
      [writing(4), DENIED],
      [["fd_pwrite", 4, 512, 1, 0xd0, 8], DENIED],
      [["fd_fdstat_set_rights", 4, READ | WRITE, 0], DENIED],
      // Allowed, and nobody is on the bus: the address was spoken to.
      [reading(4), "nxio"],
      [["fd_pread", 4, 512, 1, 0xd0, 8], "nxio"],
    ],
  );

  tries(
    "an I2C address for writing can't read from it",
    { peripherals: { i2c: { sensors: { addresses: ["0x76"], rights: "write" } } } },
    [
      [open(DATA, "i2c/sensors/0x76", READ), DENIED],
      [open(DATA, "i2c/sensors/0x76", WRITE | SEEK), "success"],
      [reading(4), DENIED],
      [["fd_pread", 4, 512, 1, 0xd0, 8], DENIED],
      [writing(4), "nxio"],
    ],
  );

  tries(
    "an SPI device for reading can't write to it, or reach what else is on the bus",
    { peripherals: { spi: { flash: { select: "D7", rights: "read" } } } },
    [
      [open(DATA, "spi/flash", READ | WRITE), DENIED],
      [open(DATA, "spi/display", READ), DENIED],
      [open(DATA, "spi/SPI1", READ), DENIED],
      [open(DATA, "gpio/D7", WRITE), DENIED],
      [open(DATA, "spi/flash", READ | SEEK), "success"],
      [writing(4), DENIED],
      [["fd_pwrite", 4, 512, 1, 2, 8], DENIED],
      [reading(4), "success"],
    ],
  );

  tries("a serial port for reading can't write to it", { peripherals: { uart: { gps: { rights: "read" } } } }, [
    [open(DATA, "uart/gps", READ | WRITE), DENIED],
    [open(DATA, "uart/gps", WRITE), DENIED],
    [open(DATA, "uart/Serial1", READ), DENIED],
    [open(DATA, "uart/gps", READ), "success"],
    [writing(4), DENIED],
    [["fd_pwrite", 4, 512, 1, 0, 8], DENIED],
  ]);

  tries("a serial port for writing can't listen to it", { peripherals: { uart: { gps: { rights: "write" } } } }, [
    [open(DATA, "uart/gps", READ), DENIED],
    [open(DATA, "uart/gps", WRITE), "success"],
    [reading(4), DENIED],
    [writing(4), "success"],
  ]);

  tries(
    "a directory for reading can't change anything in it, nor in what it opens there",
    { dirs: { "/config": { path: "/settings", rights: "read" }, "/settings": "/settings" } },
    [
      [open(4, "kept", WRITE, CREAT), "success"],
      [writing(5), "success"],
      [["path_create_directory", 4, "deeper"], "success"],
      // Through the grant to read, from here on.
      [open(DATA, "kept", WRITE), DENIED],
      [open(DATA, "kept", READ | WRITE), DENIED],
      [open(DATA, "kept", READ, TRUNC), DENIED],
      [open(DATA, "new", READ, CREAT), DENIED],
      [["path_create_directory", DATA, "new"], DENIED],
      [["path_remove_directory", DATA, "deeper"], DENIED],
      [["path_unlink_file", DATA, "kept"], DENIED],
      [["path_rename", DATA, "kept", DATA, "moved"], DENIED],
      [["path_rename", DATA, "kept", 4, "moved"], DENIED],
      [["path_rename", 4, "kept", DATA, "moved"], DENIED],
      [["path_filestat_set_times", DATA, 0, "kept", 0, 0, 2], DENIED],
      [["fd_filestat_set_times", DATA, 0, 0, 2], DENIED],
      [["fd_fdstat_set_rights", DATA, WRITE, WRITE], DENIED],
      [open(DATA, "kept", READ | SEEK), "success"],
      [reading(6), "success"],
      [writing(6), DENIED],
      [["fd_pwrite", 6, 512, 1, 0, 8], DENIED],
      [["fd_filestat_set_size", 6, 0], DENIED],
      [["fd_allocate", 6, 0, 100], DENIED],
      [["fd_filestat_set_times", 6, 0, 0, 2], DENIED],
      [["fd_fdstat_set_rights", 6, READ | WRITE, 0], DENIED],
      // A directory inside of it inherits no more than it has.
      [open(DATA, "deeper", 0, OPEN_DIRECTORY, READ | WRITE), DENIED],
      [open(DATA, "deeper", 1 << 13, OPEN_DIRECTORY, READ), "success"],
      [open(7, "new", WRITE, CREAT), DENIED],
      [["path_create_directory", 7, "new"], DENIED],
    ],
  );

  tries("nothing has neither directory nor /dev", {}, [
    [open(DATA, "gpio/led", WRITE), "badf"],
    [["fd_prestat_get", DATA, 16], "badf"],
    [["path_create_directory", DATA, "new"], "badf"],
  ]);
});
