/**
 * What a guest in machine code writes is gathered (docs/engines.md): that nobody sees a difference but in time. Each
 * program runs on the JavaScript engine, too, where every write is served at once.
 */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { puckjs } from "../../hal/boards/index.js";
import { buildProject } from "../build/build-project.js";
import { loadProject } from "../project.js";
import { makeSimulation } from "../sim/simulation.js";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ristretto-gathered-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MEMORY = 4096;

/** Text that a program can print, by `say` and with as many as two descriptors. */
const TEXTS = ["red ", "green ", "blue ", "x".repeat(200), "y".repeat(300), "\n"];

/** Where a text's place and length are: a list of one piece. */
const piece = (text: number) => 16 + 8 * text;

const bytes = (...words: readonly number[]) =>
  [...new Uint8Array(new Int32Array(words).buffer)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");

/** A program of statements in WebAssembly's text; `say`, `close` and `digit` are below. */
function program(...statements: readonly string[]): string {
  let at = 1024;
  const data = TEXTS.map((text, n) => {
    const line = `(data (i32.const ${at}) "${text.replace("\n", "\\n")}")
      (data (i32.const ${piece(n)}) "${bytes(at, text.length)}")`;
    at += text.length;
    return line;
  });
  return `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_fdstat_set_rights" (func $rights (param i32 i64 i64) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1) ${data.join(" ")}
    (func $sleep (param i64)
      (i32.store (i32.const 208) (i32.const 1)) (i64.store (i32.const 216) (local.get 0))
      (drop (call $poll (i32.const 192) (i32.const 256) (i32.const 1) (i32.const 8))))
    (func $number (param $fd i32) (param $value i32)
      (i32.store8 (i32.const 300) (i32.add (i32.const 48) (i32.div_u (local.get $value) (i32.const 10))))
      (i32.store8 (i32.const 301) (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10))))
      (i32.store (i32.const 304) (i32.const 300)) (i32.store (i32.const 308) (i32.const 2))
      (drop (call $write (local.get $fd) (i32.const 304) (i32.const 1) (i32.const 8))))
    (func $main (export "_start") (local $i i32) ${statements.join("\n")}))`;
}

const write = (fd: number, text: number) =>
  `(call $write (i32.const ${fd}) (i32.const ${piece(text)}) (i32.const 1) (i32.const 8))`;
const say = (fd: number, text: number) => `(drop ${write(fd, text)})`;
/** Prints an errno, or another number below 100, to standard errors. */
const tell = (call: string) => `(call $number (i32.const 2) ${call})`;

/** Runs it with both streams going to one file; what is in it, and how it ended. */
function run(engine: string, text: string) {
  const path = join(folder, "program.wat");
  const both = join(folder, "both");
  writeFileSync(path, text);
  const file = openSync(both, "w");
  const { status } = spawnSync(
    process.execPath,
    [command, "run", path, "--engine", engine, "--memory", String(MEMORY), "--no-manifest"],
    { stdio: ["ignore", file, file] },
  );
  closeSync(file);
  return { status, printed: readFileSync(both, "latin1") };
}

const PROGRAMS: readonly (readonly [what: string, text: string, printed: string, status: number])[] = [
  [
    "standard output and errors in their order",
    program(say(1, 0), say(2, 1), say(2, 0), say(1, 2)),
    "red green red blue ",
    0,
  ],
  [
    "more than the buffer holds, in pieces shorter and longer than it is",
    program(say(1, 0), say(1, 3), say(1, 1), say(1, 3), say(1, 4), say(1, 2), say(1, 4)),
    `red ${TEXTS[3]}green ${TEXTS[3]}${TEXTS[4]}blue ${TEXTS[4]}`,
    0,
  ],
  [
    "what was written before an exit",
    program(say(1, 0), say(2, 1), say(1, 2), "(call $exit (i32.const 7))"),
    "red green blue ",
    7,
  ],
  [
    "that a closed stream isn't open",
    program(say(1, 0), tell("(call $close (i32.const 1))"), tell(write(1, 1)), say(2, 2)),
    "red 0008blue ",
    0,
  ],
  [
    "that a stream is another one, and then the first one again",
    program(
      say(1, 0),
      tell("(call $renumber (i32.const 2) (i32.const 1))").replace("(i32.const 2) (call", "(i32.const 1) (call"),
      say(1, 1),
      `(call $number (i32.const 1) ${write(2, 1)})`,
    ),
    "red 00green 08",
    0,
  ],
  [
    "that a stream may not be written to any more",
    program(say(1, 0), tell("(call $rights (i32.const 1) (i64.const 0) (i64.const 0))"), tell(write(1, 1)), say(2, 2)),
    "red 0076blue ",
    0,
  ],
  [
    "faults, after what came before them in the list",
    program(
      `(i32.store (i32.const 400) (i32.const 1024)) (i32.store (i32.const 404) (i32.const 4))
       (i32.store (i32.const 408) (i32.const 4090)) (i32.store (i32.const 412) (i32.const 7))`,
      say(1, 1),
      tell("(call $write (i32.const 1) (i32.const 400) (i32.const 2) (i32.const 8))"),
      tell("(call $write (i32.const 1) (i32.const 4092) (i32.const 1) (i32.const 8))"),
      tell("(call $write (i32.const 1) (i32.const 400) (i32.const 1) (i32.const 4093))"),
      tell("(call $write (i32.const 9) (i32.const 400) (i32.const 1) (i32.const 8))"),
    ),
    "green red 21212108",
    0,
  ],
];

test.each(PROGRAMS)("%s", (_what, text, printed, status) => {
  expect(run("thumb", text)).toEqual({ status, printed });
});

test("what was written before a trap, and then the trap", () => {
  const { status, printed } = run("thumb", program(say(1, 0), say(2, 1), say(1, 2), "(unreachable)"));
  expect(status).toBe(134);
  expect(printed).toMatch(/^red green blue .*trap: unreachable/s);
});

test("lists of pieces, descriptors and places at random are answered as the JavaScript engine does", () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const place = () => (below(8) ? 1024 + below(700) : [MEMORY - below(20), -below(20), below(2 ** 32) | 0][below(3)]);
  for (let round = 0; round < 1; round++) {
    const statements = ["(local.set $i (i32.const 17))"];
    const fold = (value: string) =>
      statements.push(`(local.set $i (i32.add (i32.mul (local.get $i) (i32.const 31)) ${value}))`);
    for (let step = 0; step < 150; step++) {
      const count = below(4);
      for (let at = 0; at < count; at++)
        statements.push(
          `(i32.store (i32.const ${400 + 8 * at}) (i32.const ${place()}))`,
          `(i32.store (i32.const ${404 + 8 * at}) (i32.const ${below(20) ? below(70) : place()}))`,
        );
      const fd = below(6) ? 1 + below(2) : below(5);
      const list = below(8) ? 400 : place();
      fold(
        `(call $write (i32.const ${fd}) (i32.const ${list}) (i32.const ${below(9) ? count : place()}) (i32.const ${below(8) ? 440 : place() & ~3}))`,
      );
      fold("(i32.load (i32.const 440))");
      // Standard errors stay, for what was answered.
      if (step > 100 && !below(20)) fold("(call $close (i32.const 1))");
      if (step > 50 && !below(30)) fold(`(call $rights (i32.const 1) (i64.const ${below(2) ? 64 : 0}) (i64.const 0))`);
      if (step > 80 && !below(30)) fold("(call $renumber (i32.const 0) (i32.const 1))");
    }
    for (let shift = 0; shift < 32; shift += 6)
      statements.push(tell(`(i32.and (i32.shr_u (local.get $i) (i32.const ${shift})) (i32.const 63))`));
    const text = program(...statements);
    const expected = run("js", text);
    expect(expected.printed.length).toBeGreaterThan(1000);
    expect({ round, ...run("thumb", text) }).toEqual({ round, ...expected });
  }
});

/** On a simulated Puck.js: what its console has printed after each of so many milliseconds. */
async function watch(text: string, times: readonly number[], type?: string) {
  const path = join(folder, "board.wat");
  writeFileSync(path, text);
  const project = await loadProject(path, { board: "puckjs", manifest: false, memory: String(MEMORY) });
  const simulation = await makeSimulation({ profile: puckjs, seed: 1, epochMicroseconds: 0 });
  simulation.install(await buildProject(project, { console: "espruino", engine: "thumb" }));
  let printed = "";
  simulation.onConsoleOutput((chunk) => (printed += Buffer.from(chunk).toString("latin1")));
  simulation.powerOn();
  const seen = times.map((milliseconds, index) => {
    if (index === times.length - 1 && type) simulation.type(Buffer.from(type));
    const end = 1000 * milliseconds;
    while ((simulation.clock.next() ?? Infinity) <= end) simulation.clock.step();
    return printed.replace(/\x1b\[[0-9;]*[A-Z]/g, "");
  });
  await simulation.close();
  return seen;
}

describe("nothing is held back", () => {
  test("while the guest sleeps", async () => {
    const [asleep, awake] = await watch(
      program(say(1, 0), say(1, 5), "(call $sleep (i64.const 1000000000))", say(1, 1), say(1, 5)),
      [500, 2000],
    );
    expect(asleep).toContain("red \n");
    expect(asleep).not.toContain("green");
    expect(awake).toContain("green \n");
  });

  const SPINS =
    "(loop $spin (br_if $spin (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 0))))";

  test("while it computes, for longer than a slice", async () => {
    const [computing] = await watch(program(say(1, 0), say(1, 5), SPINS), [600]);
    expect(computing).toContain("red \n");
  });

  test("and nothing is printed twice or lost when it is stopped", async () => {
    const loop = `(loop $on ${say(1, 5)} ${say(1, 0)} ${say(1, 1)} (br $on))`;
    const [, , stopped] = await watch(program(loop), [300, 600, 1500], "ristretto.stop()\n");
    const lines = stopped.match(/^red green $/gm);
    expect(lines!.length).toBeGreaterThan(100);
    expect(stopped).toContain("exit 130");
    // Nothing but whole pieces in their order; the prompt's own lines apart.
    expect(stopped.replace(/[\r\n]+/g, " ").match(/red (?!green |>|r|=|\x08| )/g)).toBeNull();
  });
});
