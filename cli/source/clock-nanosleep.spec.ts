import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileC } from "../../device/compiler/testing/compile-c.js";
import { loadProgram } from "./program.js";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ristretto-sleep-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Prints what each sleep answers, and how many milliseconds of the board's clock it took. */
const SLEEPS = `#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static long long now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000ll + time.tv_nsec;
}
static void slept(const char *what, int answer, long long began) {
  printf("%s: %d after %lld ms\\n", what, answer, (now(CLOCK_MONOTONIC) - began) / 1000000);
}
static void clocked(const char *what, clockid_t clock, int flags, long long seconds, long nanoseconds) {
  struct timespec time = {.tv_sec = seconds, .tv_nsec = nanoseconds};
  long long began = now(CLOCK_MONOTONIC);
  slept(what, clock_nanosleep(clock, flags, &time, &time), began);
}
int main(void) {
  long long began = now(CLOCK_MONOTONIC);
  slept("sleep", sleep(2), began);
  began = now(CLOCK_MONOTONIC);
  slept("usleep", usleep(1500), began);
  struct timespec third = {.tv_sec = 0, .tv_nsec = 333000000};
  began = now(CLOCK_MONOTONIC);
  slept("nanosleep", nanosleep(&third, &third), began);
  clocked("realtime", CLOCK_REALTIME, 0, 1, 999999999);
  clocked("a day", CLOCK_MONOTONIC, 0, 86400, 0);
  clocked("before now", CLOCK_MONOTONIC, 0, -1, 0);
  clocked("negative nanoseconds", CLOCK_MONOTONIC, 0, 0, -1);
  clocked("a second of nanoseconds", CLOCK_MONOTONIC, 0, 0, 1000000000);
  clocked("another flag", CLOCK_MONOTONIC, 2, 0, 0);
  clocked("until the past", CLOCK_MONOTONIC, TIMER_ABSTIME, 0, 1);
  long long then = now(CLOCK_MONOTONIC) + 1500000000;
  clocked("until then", CLOCK_MONOTONIC, TIMER_ABSTIME, then / 1000000000, then % 1000000000);
  // More nanoseconds than 64 bits can say.
  clocked("six centuries", CLOCK_MONOTONIC, 0, 20000000000, 0);
}`;

/** The name section has the names of all functions. */
const hasFunction = (wasm: Uint8Array, name: string) => Buffer.from(wasm).includes(name);

function run(name: string, wasm: Uint8Array): string {
  const path = join(folder, `${name}.wasm`);
  writeFileSync(path, wasm);
  const { stdout, stderr } = spawnSync(process.execPath, [command, "run", path, "--seed", "1"], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout;
}

async function compile(file: string, source: string): Promise<Uint8Array> {
  const path = join(mkdtempSync(join(folder, "source-")), file);
  writeFileSync(path, source);
  const { wasm, warnings } = await loadProgram(path);
  expect(warnings).toBe("");
  return wasm;
}

test("sleeps as wasi-libc does, in half the room", async () => {
  const wasm = await compile("sleeps.c", SLEEPS);
  const theirs = await compileC(SLEEPS, ["-Os", "-Wl,-z,stack-size=2048", "-Wl,--strip-debug"]);
  const printed = run("ours", wasm);
  expect(printed).toBe(run("theirs", theirs));
  expect(printed).toContain("sleep: 0 after 2000 ms\n");
  expect(printed).toContain("until then: 0 after 1500 ms\n");
  expect(hasFunction(theirs, "__muloti4")).toBe(true);
  expect(hasFunction(wasm, "__muloti4")).toBe(false);
}, 60_000);

test("in C++, too", async () => {
  const wasm = await compile(
    "naps.cpp",
    '#include <cstdio>\n#include <unistd.h>\nint main() { sleep(1); puts("up"); }',
  );
  expect(hasFunction(wasm, "__muloti4")).toBe(false);
  expect(run("naps", wasm)).toBe("up\n");
}, 60_000);

test("a program's own wins", async () => {
  const own = `#include <time.h>
#include <unistd.h>
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *rest) {
  write(1, "mine\\n", 5);
  return 0;
}
int main(void) { sleep(1); }`;
  expect(run("own", await compile("own.c", own))).toBe("mine\n");
}, 60_000);
