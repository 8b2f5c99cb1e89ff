/** A guest that was granted one pin and one directory tries for everything else, on both engines, under trace. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

const DATA = 3;
const DEV = 4;
const READ = 1 << 1;
const WRITE = 1 << 6;

/** Opens each path in turn. */
function openings(attempts: readonly (readonly [fd: number, path: string, rights: number])[]): string {
  const data = attempts.map(([, path], index) => `(data (i32.const ${1024 + 64 * index}) "${path}")`);
  const calls = attempts.map(
    ([fd, path, rights], index) => `(drop (call $open (i32.const ${fd}) (i32.const 1) (i32.const ${1024 + 64 * index})
      (i32.const ${path.length}) (i32.const 0) (i64.const ${rights}) (i64.const 0) (i32.const 0) (i32.const 8)))`,
  );
  return `(module
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_symlink" (func $link (param i32 i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ (param i32 i32) (result i32)))
    (memory (export "memory") 1) ${data.join(" ")} (data (i32.const 512) "/etcout")
    (func (export "_start") ${calls.join(" ")}
      (drop (call $link (i32.const 512) (i32.const 4) (i32.const ${DATA}) (i32.const 516) (i32.const 3)))
      (drop (call $prestat (i32.const 5) (i32.const 16)))
      (drop (call $args (i32.const 16) (i32.const 20)))
      (drop (call $environ (i32.const 16) (i32.const 20)))))`;
}

const folder = mkdtempSync(join(tmpdir(), "ristretto-denied-"));
afterAll(() => rmSync(folder, { recursive: true }));
const manifest = join(folder, "ristretto.json");
writeFileSync(
  manifest,
  JSON.stringify({
    dirs: { "/data": "/mine" },
    peripherals: { gpio: { button: { pin: "BTN1", direction: "in" } } },
  }),
);

/** @returns what each call answered, as the trace has it */
function run(engine: string, wat: string): string[] {
  const program = join(folder, "denied.wat");
  writeFileSync(program, wat);
  const parameters = [
    "run",
    program,
    "--manifest",
    manifest,
    "--board",
    "puckjs",
    "--memory",
    "4096",
    "--engine",
    engine,
  ];
  const environment = { ...process.env, SECRET: "of the host" };
  const { status, stderr } = spawnSync(process.execPath, [command, ...parameters, "--trace", "wasi"], {
    encoding: "utf8",
    env: environment,
  });
  expect(status).toBe(0);
  return stderr
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(line.indexOf(") = ") + 4));
}

describe.each(["host", "js"])("on the %s engine", (engine) => {
  test("what isn't granted is notcapable, whatever it is and however it is asked for", () => {
    const attempts = [
      [DEV, "gpio/led", WRITE],
      [DEV, "gpio/button", WRITE],
      [DEV, "gpio/button", READ | WRITE],
      [DEV, "adc/battery", READ],
      [DEV, "pwm/motor", WRITE],
      [DEV, "i2c/sensors/0x76", READ],
      [DEV, "spi/display", WRITE],
      [DEV, "uart/gps", READ],
      [DEV, "gpio/../../data", READ],
      [DATA, "..", READ],
      [DATA, "../other", READ],
      [DATA, "./../other", READ],
      [DATA, "/", READ],
      [DATA, "/etc/passwd", READ],
      // Not whole, or the check would refuse the program before it starts.
      [DATA, "/dev/gpio/", READ],
    ] as const;
    const answers = run(engine, openings(attempts));
    expect(attempts.map(([, path], index) => `${path}: ${answers[index]}`)).toEqual(
      attempts.map(([, path]) => `${path}: notcapable`),
    );
    // No link can be made to lead out, no third descriptor is there, and neither arguments nor environment of the host.
    expect(answers.slice(attempts.length)).toEqual([
      "notsup",
      "badf",
      "success, argc=1, bytes=7",
      "success, count=0, bytes=0",
    ]);
  });

  test("what is granted is there", () => {
    const answers = run(engine, openings([[DEV, "gpio/button", READ]]));
    expect(answers[0]).toBe("success, fd=5");
  });
});
