/**
 * Two programs on one board: each with memory, grants and lines of its own, on the js engine, in the simulator behind the
 * prompt, and with `ESPRUINO=<path>` on the real interpreter.
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
const folder = mkdtempSync(join(tmpdir(), "ristretto-guests-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Words that a program says, waits for, and does at the end. */
type Step =
  `say ${string}` | `sleep ${number}` | "trap" | `exit ${number}` | "count" | `open ${number} ${string}` | "read";

/**
 * A program of steps. `count` adds one to the number in its memory and prints it as a digit; `open` prints whether a path
 * can be opened for reading, `read` reads a line of standard input and prints it.
 */
function program(steps: readonly Step[]): string {
  const data: string[] = [];
  let at = 1024;
  const put = (text: string) => {
    data.push(`(data (i32.const ${at}) "${text.replace(/\n/g, "\\0a")}")`);
    const place = at;
    at += 64;
    return [place, text.length] as const;
  };
  const write = (place: number | string, length: number | string) =>
    `(call $write ${typeof place === "number" ? `(i32.const ${place})` : place} ${typeof length === "number" ? `(i32.const ${length})` : length})`;
  const code = steps.map((step) => {
    const [word, ...rest] = step.split(" ");
    const text = rest.join(" ");
    switch (word) {
      case "say":
        return write(...put(`${text}\n`));
      case "sleep":
        return `(call $sleep (i64.const ${Number(text) * 1e6}))`;
      case "count":
        return `(i32.store8 (i32.const 512) (i32.add (i32.const 1) (i32.load8_u (i32.const 512))))
          (i32.store8 (i32.const 520) (i32.add (i32.const 48) (i32.load8_u (i32.const 512))))
          (i32.store8 (i32.const 521) (i32.const 10)) ${write(520, 2)}`;
      case "open": {
        const [fd, path] = rest;
        const [place, length] = put(path);
        return `(if (call $open (i32.const ${fd}) (i32.const 0) (i32.const ${place}) (i32.const ${length}) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)) (then ${write(...put("denied\n"))}) (else ${write(...put("opened\n"))}))`;
      }
      case "read":
        return `(i32.store (i32.const 0) (i32.const 600)) (i32.store (i32.const 4) (i32.const 32))
          (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 560)))
          ${write(...put("got "))} ${write(600, "(i32.load (i32.const 560))")} ${write(...put("\n"))}`;
      case "exit":
        return `(call $exit (i32.const ${text}))`;
      default:
        return "(unreachable)";
    }
  });
  return `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (memory (export "memory") 1) ${data.join(" ")}
    (func $write (param i32 i32)
      (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1))
      (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func $sleep (param i64)
      (i32.store (i32.const 80) (i32.const 1)) (i64.store (i32.const 88) (local.get 0))
      (drop (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 8))))
    (func $main (export "_start") ${code.join("\n")}))`;
}

interface Guest {
  readonly steps: readonly Step[];
  readonly [field: string]: unknown;
}

/** Writes both programs and the manifest of the first, which is called "main". */
function two({ steps, ...main }: Guest, { steps: beside, ...other }: Guest) {
  const path = join(folder, "main.wat");
  writeFileSync(path, program(steps));
  writeFileSync(join(folder, "other.wat"), program(beside));
  const guests = { other: { program: "other.wat", memory: 4096, ...other } };
  writeFileSync(join(folder, "ristretto.json"), JSON.stringify({ board: "puckjs", memory: 4096, ...main, guests }));
  return path;
}

function ristretto(parameters: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...parameters], { encoding: "utf8", input });
  return { status, stdout, stderr };
}

describe.each(["js", "thumb"])("on the %s engine", (engine) => {
  const run = (path: string, input?: string) => ristretto(["run", path, "--engine", engine], input);

  test("one sleeps while the other works; each line says whose it is", () => {
    const path = two(
      { steps: ["say going to sleep", "sleep 1000", "say awake"] },
      { steps: ["say one", "sleep 300", "say two", "sleep 300", "say three"] },
    );
    expect(run(path)).toEqual({
      status: 0,
      stdout: "main: going to sleep\nother: one\nother: two\nother: three\nmain: awake\n",
      stderr: "",
    });
  });

  test("each has a memory of its own", () => {
    const steps: Step[] = ["count", "sleep 100", "count", "sleep 100", "count"];
    expect(run(two({ steps }, { steps })).stdout).toBe("main: 1\nother: 1\nmain: 2\nother: 2\nmain: 3\nother: 3\n");
  });

  test("each has grants of its own, and not the other's", () => {
    const attempts: Step[] = ["open 3 gpio/button", "open 3 adc/battery", "open 3 kept"];
    const path = two(
      { steps: attempts, peripherals: { gpio: { button: { pin: "BTN1", direction: "in" } } } },
      { steps: attempts, peripherals: { adc: { battery: { pin: "D30" } } } },
    );
    expect(run(path).stdout.split("\n").sort().join("\n")).toBe(
      "\nmain: denied\nmain: denied\nmain: opened\nother: denied\nother: denied\nother: opened",
    );
  });

  test("they share the file system, where both are granted it", () => {
    const path = two(
      { steps: ["sleep 100", "open 3 there"], dirs: { "/data": "/shared" } },
      { steps: ["open 3 there", "open 3 deeper"], dirs: { "/": "/", "/data": "/shared" } },
    );
    expect(run(path)).toEqual({ status: 0, stdout: "other: denied\nother: denied\nmain: denied\n", stderr: "" });
  });

  test("a trap of one is told, with its stack, and leaves the other running; the exit code tells it, too", () => {
    const { status, stdout, stderr } = run(
      two({ steps: ["say one", "sleep 200", "say two"] }, { steps: ["sleep 100", "trap"] }),
    );
    expect(stdout).toBe("main: one\nmain: two\n");
    expect(stderr).toBe("other: trap: unreachable\nother:     at main\n");
    expect(status).toBe(134);
  });

  test("a trap of the first one, likewise", () => {
    const { status, stdout, stderr } = run(two({ steps: ["trap"] }, { steps: ["say one", "sleep 100", "say two"] }));
    expect(stdout).toBe("other: one\nother: two\n");
    expect(stderr).toBe("main: trap: unreachable\nmain:     at main\n");
    expect(status).toBe(134);
  });

  test("one whose memory its data doesn't fit leaves the other running", () => {
    const { stdout, stderr } = run(two({ steps: ["say here"], memory: 64 }, { steps: ["say here"] }));
    expect(stdout).toBe("other: here\n");
    expect(stderr).toContain("main: trap: out of bounds memory access");
  });

  test("an exit ends one of them; the run's exit code is the first that isn't 0", () => {
    const { status, stdout } = run(two({ steps: ["sleep 100", "say last"] }, { steps: ["exit 3"] }));
    expect({ status, stdout }).toEqual({ status: 3, stdout: "main: last\n" });
  });

  test("standard input is the first one's; for the other it has ended", () => {
    expect(run(two({ steps: ["read"] }, { steps: ["read"] }), "hello").stdout).toBe("other: got \nmain: got hello\n");
  });

  test("each has arguments and environment of its own, and reactions of its own", () => {
    const path = two({ steps: ["say started"] }, { steps: [], reactions: [{ call: "again", every: 1 }] });
    writeFileSync(join(folder, "other.wat"), program(["count"]).replace('(export "_start")', '(export "again")'));
    const { status, stdout } = ristretto(["run", path, "--engine", engine, "--until", "3.5"]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "main: started\nother: 1\nother: 2\nother: 3\n" });
  });
});

describe("is refused", () => {
  const refusal = (path: string, ...parameters: readonly string[]) => ristretto(["check", path, ...parameters]).stdout;
  const pin = { peripherals: { gpio: { led: { pin: "LED1", direction: "out" } } } };

  test("a pin that both want", () => {
    expect(refusal(two({ steps: [], ...pin }, { steps: [], ...pin }))).toContain(
      "problem: guests.other.peripherals.gpio.led.pin: pin D5 is used by peripherals.gpio.led.pin already",
    );
  });

  test("a port that both want, while chips on one bus may belong to either", () => {
    const port = { peripherals: { uart: { gps: {} } } };
    expect(refusal(two({ steps: [], ...port }, { steps: [], ...port }))).toContain(
      "is used by peripherals.uart.gps.bus",
    );
    const chip = (address: string) => ({ peripherals: { i2c: { sensors: { addresses: [address] } } } });
    expect(refusal(two({ steps: [], ...chip("0x76") }, { steps: [], ...chip("0x40") }))).toMatch(/fits\n$/);
  });

  test("more memory than there is, together", () => {
    expect(refusal(two({ steps: [], memory: 30_000 }, { steps: [], memory: 30_000 }))).toContain(
      "problem: needs 60000 B of memory with those beside it",
    );
  });

  test("a name that the program itself has", () => {
    const { status, stderr } = ristretto(["check", two({ steps: [], name: "other" }, { steps: [] })]);
    expect(status).toBe(1);
    expect(stderr).toContain("guests.other: the program itself is called so (give it another name)");
  });

  test("the host engine, on which a program that waits keeps the other waiting", () => {
    const { status, stderr } = ristretto(["run", two({ steps: [] }, { steps: [] }), "--engine", "host"]);
    expect(status).toBe(2);
    expect(stderr).toContain("several programs can't take turns on the host engine (use --engine js)");
  });
});

test("behind the board's prompt both run, one traps, and the prompt answers on", () => {
  const path = two({ steps: ["sleep 2000", "say ping", "sleep 4000", "say pong"] }, { steps: ["sleep 3000", "trap"] });
  const scenario = join(folder, "scenario.yaml");
  writeFileSync(scenario, 'seed: 1\nduration: 14s\nevents:\n  - { at: 11s, type: "6*7\\n" }\n');
  const { stdout } = ristretto(["sim", path, "--headless", "--scenario", scenario]);
  expect(stdout).toMatch(/main: ping[^]*other: trap: unreachable[^]*main: pong[^]*=42/);
}, 60_000);

const onEspruino = process.env.ESPRUINO ? test : test.skip;
if (!process.env.ESPRUINO) console.log("Skipped on the real interpreter: set ESPRUINO to the path of a Linux build.");

onEspruino(
  "the real interpreter does the same",
  async () => {
    const steps: Step[] = ["count", "sleep 200", "count"];
    const path = two(
      { steps: [...steps, "open 3 gpio/button", "say done"], dirs: { "/data": "/" } },
      {
        steps: [...steps, "open 3 gpio/button", "trap"],
        peripherals: { gpio: { button: { pin: "BTN1", direction: "in" } } },
      },
    );
    const image = await buildProject(await loadProject(path, {}), { console: "espruino", engine: "js" });
    const printed = runOnEspruino(process.env.ESPRUINO!, image.source).join("\n");
    // Without what the prompt does to its line.
    const lines = printed.replace(/\x1b\[\w|[\r>]/g, "").split("\n");
    const from = (name: string) => lines.filter((line) => line.startsWith(`${name}: `));
    expect(from("main")).toEqual(["main: 1", "main: 2", "main: denied", "main: done"]);
    expect(from("other")).toEqual(["other: 1", "other: 2", "other: opened", "other: trap: unreachable"]);
  },
  60_000,
);
