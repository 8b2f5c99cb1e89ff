/**
 * Every call of preview 1 from inside of a guest, with descriptors, pointers and lengths at, over and far beyond the edges
 * of memory: on each engine the program gets an errno, the same as on the others, and what it keeps beside its memory
 * stays what it was. `device/wasi/fuzz.spec.ts` looks at the calls themselves, more often.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CALLS, MODULE } from "../../device/wasi/calls.js";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ristretto-arguments-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const STEPS = Number(process.env.FUZZ_STEPS ?? 240);
/** A whole page, since the host engine has nothing smaller. */
const MEMORY = 65_536;
/** What is filled anew before each call, at both ends of memory; a call in it reaches no further than twice `NEAR`. */
const NEAR = 4096;
const TAIL = 512;

/** What can't come back, and what would leave nothing to ask for more. */
const LAST = ["fd_close", "fd_renumber"];
const ENDS = ["proc_exit", "proc_raise"];

const GRANTED = {
  name: "arguments",
  dirs: { "/data": "/data", "/config": { path: "/config", rights: "read" } },
  peripherals: {
    gpio: { led: { pin: "LED1", direction: "out" } },
    adc: { battery: { pin: "D30" } },
    i2c: { sensors: { addresses: ["0x76"] } },
  },
};

const PATHS = ["f", ".", "..", "a/../f", "gpio/led", "adc/battery", "i2c/sensors/0x76", "new", "f/", "a"];
const PATHS_AT = 256;

/** Numbers of a seed (Park and Miller's minimal standard). */
function numbers(seed: number): (below: number) => number {
  let state = (seed % 0x7ffffffe) + 1;
  return (below) => (state = (state * 48271) % 0x7fffffff) % below;
}

/** What memory is before each call: small numbers, so that what is read as a pointer or length may mean something. */
function image(random: (below: number) => number): string {
  const bytes = Array.from({ length: 2 * NEAR }, () => (random(3) ? 0 : random(70)));
  PATHS.forEach((path, index) => [...path].forEach((c, i) => (bytes[PATHS_AT + 32 * index + i] = c.charCodeAt(0))));
  return bytes.map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
}

function word(random: (below: number) => number): number {
  const kinds = [
    () => random(13),
    () => random(13),
    () => random(NEAR),
    () => random(NEAR),
    () => PATHS_AT + 32 * random(PATHS.length),
    () => MEMORY - 70 + random(140),
    () => -1 - random(70),
    () => [0x7fffffff, -0x80000000, 0x40000000, 0x10000000, 0x0fffffff, MEMORY, MEMORY - 1][random(7)],
  ];
  return kinds[random(kinds.length)]();
}

/** A program of so many calls, which keeps two globals and checks them at the end. */
function program(seed: number): string {
  const random = numbers(seed);
  const names = Object.keys(CALLS).filter((name) => !ENDS.includes(name));
  const some = names.filter((name) => !LAST.includes(name));
  const steps = Array.from({ length: STEPS }, (_, step) => {
    const from = step < STEPS * 0.8 ? some : names;
    // Each once, then whichever comes.
    return step < from.length ? from[step] : from[random(from.length)];
  });
  // All rights, so that something is open.
  const opens = [0, 4, 5, 6].map(
    (path) =>
      `(drop (call $path_open (i32.const ${path ? 5 : 3}) (i32.const 0) (i32.const ${PATHS_AT + 32 * path})
        (i32.const ${PATHS[path].length}) (i32.const ${path ? 0 : 1}) (i64.const ${path === 5 ? 2 : 70}) (i64.const 0)
        (i32.const 0) (i32.const 8)))`,
  );
  const calls = steps.map((name) => {
    const given = CALLS[name].parameters.map((type, index) => {
      const descriptor = index === 0 && /^(fd|path|sock)_/.test(name) && random(4);
      return `(${type}.const ${descriptor ? random(10) : word(random)})`;
    });
    return `(call $fill) (drop (call $${name} ${given.join(" ")}))`;
  });
  const imports = names.map(
    (name) => `(import "${MODULE}" "${name}" (func $${name} (param ${CALLS[name].parameters.join(" ")}) (result i32)))`,
  );
  return `(module ${imports.join("\n")} (memory (export "memory") 1)
    (global $small (mut i32) (i32.const 0)) (global $large (mut i64) (i64.const 0))
    (data "${image(random)}")
    (func $fill
      (memory.init 0 (i32.const 0) (i32.const 0) (i32.const ${2 * NEAR}))
      (memory.init 0 (i32.const ${MEMORY - TAIL}) (i32.const 0) (i32.const ${TAIL})))
    (func (export "_start") (local $kept i64)
      (global.set $small (i32.const 0x12345678)) (global.set $large (i64.const 0x123456789abcdef))
      (local.set $kept (i64.const 0x7edcba987654321))
      (call $fill)
      ${[...opens, ...calls].join("\n")}
      (if (i32.ne (global.get $small) (i32.const 0x12345678)) (then unreachable))
      (if (i64.ne (global.get $large) (i64.const 0x123456789abcdef)) (then unreachable))
      (if (i64.ne (local.get $kept) (i64.const 0x7edcba987654321)) (then unreachable))))`;
}

/** Names and errnos of all calls, as the trace has them; what they answer beside it may be the time. */
function answers(engine: string, wat: string, manifest: string): string[] {
  const options = ["--manifest", manifest, "--board", "generic", "--engine", engine];
  const { status, signal, stderr } = spawnSync(
    process.execPath,
    [command, "run", wat, ...options, "--seed", "1", "--trace", "wasi"],
    { encoding: "latin1", input: "typed", maxBuffer: 1 << 26 },
  );
  const lines = stderr.split("\n").filter((line) => / = \w+(,|$)/.test(line));
  expect({ engine, status, signal, last: stderr.slice(-300) }).toEqual({
    engine,
    status: 0,
    signal: null,
    last: stderr.slice(-300),
  });
  return lines.map((line) => `${/^\w+/.exec(line)?.[0]} ${/.* = (\w+)/.exec(line)?.[1]}`);
}

test(`every call answers the same errno on each engine (FUZZ_SEED=${SEED})`, () => {
  const [wat, manifest] = [join(folder, "arguments.wat"), join(folder, "ristretto.json")];
  writeFileSync(wat, program(SEED));
  writeFileSync(manifest, JSON.stringify(GRANTED));
  const host = answers("host", wat, manifest);
  const kinds = new Set(host.map((line) => line.split(" ")[1]));
  console.log(`FUZZ_SEED=${SEED}: ${host.length} calls, ${[...kinds].join(" ")}`);
  expect(host.length).toBe(STEPS + 4);
  expect(kinds.size).toBeGreaterThan(4);
  expect(answers("js", wat, manifest)).toEqual(host);
  expect(answers("thumb", wat, manifest)).toEqual(host);
}, 180_000);
