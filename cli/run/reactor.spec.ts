/**
 * Reactors by the command: what their exports do is the same on every engine, in the simulator behind the board's prompt,
 * and with `ESPRUINO=<path>` on the real interpreter.
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
const folder = mkdtempSync(join(tmpdir(), "ristretto-reactor-"));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * A counter of everything. `tick` prints `t`, `edge` the level, `line` the line in brackets; `slow` prints `s`, sleeps 300
 * ms, and prints `S`; `trap` traps on a line, `leave` exits with 7.
 */
const REACTOR = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\01\\00\\00\\00")
  (data (i32.const 64) "\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\01\\00\\00\\00\\00\\00\\00\\00\\00\\a3\\e1\\11\\00\\00\\00\\00")
  (func $say (param i32) (i32.store8 (i32.const 16) (local.get 0))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "_initialize") (call $say (i32.const 105)))
  (func (export "tick") (call $say (i32.const 116)))
  (func (export "edge") (param i32) (call $say (i32.add (i32.const 48) (local.get 0))))
  (func (export "line") (param i32 i32) (call $say (i32.const 91))
    (block $done (loop $more (br_if $done (i32.eqz (local.get 1)))
      (call $say (i32.load8_u (local.get 0)))
      (local.set 0 (i32.add (local.get 0) (i32.const 1))) (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
      (br $more)))
    (call $say (i32.const 93)))
  (func (export "slow") (call $say (i32.const 115))
    (drop (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 8)))
    (call $say (i32.const 83)))
  (func (export "trap") (unreachable))
  (func (export "leave") (call $exit (i32.const 7)))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (select (i32.const 256) (i32.const 0) (i32.lt_u (local.get 3) (i32.const 8)))))`;

const PERIPHERALS = {
  gpio: { button: { pin: "BTN1", direction: "in" } },
  uart: { house: {} },
};

interface Reaction {
  readonly call: string;
  readonly [field: string]: unknown;
}

/** A program with its manifest and scenario, and their paths. */
function files(reactions: readonly Reaction[], events: readonly string[], duration: string) {
  const paths = { program: join(folder, "reactor.wat"), manifest: join(folder, "ristretto.json"), scenario: "" };
  writeFileSync(paths.program, REACTOR);
  writeFileSync(paths.manifest, JSON.stringify({ board: "puckjs", memory: 512, peripherals: PERIPHERALS, reactions }));
  paths.scenario = join(folder, "scenario.yaml");
  const list = events.length > 0 ? `events:\n${events.map((event) => `  - { ${event} }`).join("\n")}\n` : "";
  writeFileSync(paths.scenario, `seed: 1\nduration: ${duration}\n${list}`);
  return paths;
}

function ristretto(...parameters: readonly string[]) {
  return spawnSync(process.execPath, [command, ...parameters], { encoding: "utf8", input: "" });
}

function play(engine: string, reactions: readonly Reaction[], events: readonly string[], duration: string) {
  const { program, scenario } = files(reactions, events, duration);
  const { status, stdout, stderr } = ristretto("run", program, "--engine", engine, "--scenario", scenario);
  return { status, stdout, stderr };
}

describe.each(["host", "js", "thumb"])("on the %s engine", (engine) => {
  test("a timer calls its export each period", () => {
    const { status, stdout } = play(engine, [{ call: "tick", every: 1.5 }], [], "10s");
    expect({ status, stdout }).toEqual({ status: 0, stdout: "itttttt" });
  });

  test("a pin calls its export on the edges asked for, with the level", () => {
    const press = ["at: 3s, press: BTN1, for: 1s", "at: 6s, press: BTN1, for: 1s"];
    const called = (edge: string) => play(engine, [{ call: "edge", gpio: "button", edge }], press, "9s").stdout;
    expect(["rising", "falling", "both"].map(called)).toEqual(["i11", "i00", "i1010"]);
  });

  test("a port calls its export for each line; one without room is told and lost", () => {
    const send = ['at: 3s, send: { port: Serial1, text: "one\\r\\ntoo long for it\\ntwo\\npart" }'];
    const { stdout, stderr } = play(engine, [{ call: "line", uart: "house" }], send, "9s");
    expect(stdout).toBe("i[one][two]");
    expect(stderr).toContain("line: no room for a line of 15 bytes");
  });

  test("what happens while a reaction sleeps comes after it, timers once", () => {
    const { stdout } = play(
      engine,
      [
        { call: "slow", gpio: "button", edge: "rising" },
        { call: "edge", gpio: "button" },
        { call: "tick", every: 0.1 },
      ],
      ["at: 5050ms, press: BTN1, for: 120ms"],
      "6s",
    );
    expect(stdout.replace(/^it+/, "")).toMatch(/^s(St?1t?0|S1t?0|S1t0)t+$/);
    expect(stdout).toMatch(/sS/);
  });

  test("a trap ends the guest with 134 and says where", () => {
    const { status, stdout, stderr } = play(
      engine,
      [
        { call: "trap", gpio: "button", edge: "rising" },
        { call: "tick", every: 1 },
      ],
      ["at: 3500ms, press: BTN1, for: 100ms"],
      "9s",
    );
    expect(stdout).toMatch(/^it{2,3}$/);
    expect(stderr).toContain("trap: unreachable\n    at trap\n");
    expect(status).toBe(134);
  });

  test("an exit ends it with its code", () => {
    const { status } = play(engine, [{ call: "leave", every: 1 }], [], "9s");
    expect(status).toBe(7);
  });

  test("without a scenario its end must be said", () => {
    const { program } = files([{ call: "tick", every: 1 }], [], "1s");
    const refused = ristretto("run", program, "--engine", engine);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("a reactor has no end of its own (say how long with --until 60");
    const { status, stdout } = ristretto("run", program, "--engine", engine, "--until", "5.5");
    expect({ status, stdout }).toEqual({ status: 0, stdout: "ittttt" });
  });
});

describe("check refuses", () => {
  const refusal = (reactions: readonly Reaction[]) => {
    const { status, stdout } = ristretto("check", files(reactions, [], "1s").program);
    return `${status} ${/^problem: .*\n.*$/m.exec(stdout)?.[0]}`;
  };

  test.each([
    [
      [{ call: "missing", every: 1 }],
      "1 problem: exports no function missing, which reactions[0] names\n  it exports: _initialize, tick, edge, line, slow, trap, leave, cabi_realloc",
    ],
    [[{ call: "edge", every: 1 }], "1 problem: edge is (i32) -> (), which reactions[0] can't call\n  make it () -> ()"],
    [
      [{ call: "edge", gpio: "door" }],
      '1 problem: reactions[0].gpio: peripherals.gpio has no input door\n  add to "peripherals": { "gpio": { "door": { "pin": "BTN1", "direction": "in" } } }',
    ],
    [
      [{ call: "line", uart: "gps" }],
      '1 problem: reactions[0].uart: peripherals.uart has no port gps to read\n  add to "peripherals": { "uart": { "gps": { "bus": "Serial1", "baud": 9600 } } }',
    ],
    [
      [],
      '1 problem: exports no function _start, so it can\'t be started\n  it is a WASI reactor: name what is called in "reactions" of its manifest, or compile it as a command',
    ],
  ])("%j", (reactions, expected) => {
    expect(refusal(reactions)).toBe(expected);
  });

  test("a command with reactions", () => {
    const { program } = files([{ call: "tick", every: 1 }], [], "1s");
    writeFileSync(program, REACTOR.replace("_initialize", "_start"));
    const { stdout } = ristretto("check", program);
    expect(stdout).toContain("problem: exports _start, so it is a command, and its manifest names reactions");
  });
});

test("behind the board's prompt a trap is told, and the prompt answers on", () => {
  const { program, scenario } = files(
    [
      { call: "trap", gpio: "button", edge: "rising" },
      { call: "tick", every: 1 },
    ],
    ["at: 4500ms, press: BTN1, for: 100ms", 'at: 6s, type: "6*7\\n"'],
    "9s",
  );
  const { stdout } = ristretto("sim", program, "--headless", "--scenario", scenario);
  expect(stdout).toMatch(/i\s*>?t{2,4}\s/);
  expect(stdout).toContain("trap: trap: unreachable");
  expect(stdout).toMatch(/=42\r?\n/);
  expect(stdout.slice(stdout.indexOf("unreachable"))).not.toMatch(/t{2}/);
}, 60_000);

const onEspruino = process.env.ESPRUINO ? test : test.skip;
if (!process.env.ESPRUINO) console.log("Skipped on the real interpreter: set ESPRUINO to the path of a Linux build.");

onEspruino(
  "the real interpreter does the same",
  async () => {
    const { program, manifest } = files(
      [
        { call: "slow", gpio: "button", edge: "rising" },
        { call: "edge", gpio: "button" },
        { call: "line", uart: "house" },
        { call: "leave", every: 1.5 },
      ],
      [],
      "1s",
    );
    const image = await buildProject(await loadProject(program, { manifest }), { console: "espruino", engine: "js" });
    const events = `
    setTimeout(function () { playedPin("D0", 1); }, 200);
    setTimeout(function () { playedPin("D0", 0); }, 300);
    setTimeout(function () { playedReceive("on"); }, 700);
    setTimeout(function () { playedReceive("e\\ntoo long for it\\ntwo\\n"); }, 800);
    setTimeout(function () { clearWatch(1); }, 3000);\n`;
    const printed = runOnEspruino(process.env.ESPRUINO!, events + Buffer.from(image.source).toString("latin1")).join(
      "\n",
    );
    // Without what the prompt does to its line.
    expect(printed.replace(/\s|\x1b\[\w|>/g, "")).toContain("isS10[one]line:noroomforalineof15bytes[two]exit7");
  },
  60_000,
);
