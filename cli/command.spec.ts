import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadProgram } from "./source/program.js";

/** The command as a person has it: built, in a process of its own, with its streams, exit codes and files. */

const root = fileURLToPath(new URL("..", import.meta.url));
const command = join(root, "dist/cli/main.js");
const hello = join(root, "examples/hello/hello.wat");

let folder: string;
beforeAll(() => {
  if (!existsSync(command)) throw new Error("dist/ is not built: npm run build");
  folder = mkdtempSync(join(tmpdir(), "ristretto-command-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function ristretto(args: readonly string[], input: string | Uint8Array = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, input });
  return { status, stdout: stdout.toString("latin1"), stderr: stderr.toString("utf8") };
}

/** A wat program in a file. */
function program(name: string, wat: string): string {
  const path = join(folder, name);
  writeFileSync(path, wat);
  return path;
}

describe("usage", () => {
  test("help names every command of the design", () => {
    const { status, stdout } = ristretto(["--help"]);
    expect(status).toBe(0);
    for (const name of ["new", "build", "check", "run", "flash", "console", "info", "rollback", "boards"])
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
  });

  test("a wrong command line is exit code 2, one line, with what was meant", () => {
    const { status, stderr } = ristretto(["chek"]);
    expect(status).toBe(2);
    expect(stderr).toContain("check");
    expect(stderr).not.toContain("    at ");
  });

  test.each([
    [["run", "nothing.wasm"], 1, "nothing.wasm: no such file"],
    [["run", "nothing.rs"], 2, "nothing.rs: not a program that ristretto knows"],
    [["run", hello, "--board", "pukjs"], 2, 'Did you mean "puckjs"?'],
    [["run", hello, "--seed", "-1"], 2, "--seed -1"],
    [["run", hello, "--env", "=x"], 2, "--env =x"],
    [["run", hello, "--dir", "a::b"], 2, "--dir a::b"],
    [["run", hello, "--memory", "lots"], 2, "--memory lots"],
    [["flash", hello, "--port", "http://x"], 2, "is not a port"],
  ])("%j is refused with %i", (args, expected, words) => {
    const { status, stderr } = ristretto(args);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain("    at ");
    expect(status).toBe(expected);
  });

  test("with --json the reason is on stdout as well", () => {
    const { stdout } = ristretto(["check", "nothing.wasm", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ error: "nothing.wasm: no such file" });
  });
});

describe("boards", () => {
  test("as a table and as JSON", () => {
    expect(ristretto(["boards"]).stdout).toMatch(/^puckjs +Puck\.js /m);
    const list = JSON.parse(ristretto(["boards", "--json"]).stdout) as { id: string }[];
    expect(list.map(({ id }) => id)).toContain("generic");
  });
});

describe("check", () => {
  test("a program that opens what isn't granted is refused with the line to add", () => {
    const wat = `(module (import "wasi_snapshot_preview1" "path_open" (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
      (memory (export "memory") 1) (data (i32.const 0) "/dev/gpio/led\\00") (func (export "_start")))`;
    const { status, stdout } = ristretto(["check", program("led.wat", wat)]);
    expect(status).toBe(1);
    expect(stdout).toContain("opens /dev/gpio/led, which its manifest doesn't grant");
    expect(stdout).toContain('"gpio": { "led": { "pin": "LED1", "direction": "out" } }');
  });

  test("an import that nothing provides is told with what it means", () => {
    const wat = `(module (import "env" "puts" (func (param i32) (result i32))) (func (export "_start")))`;
    const { status, stdout } = ristretto(["check", program("undefined.wat", wat)]);
    expect(status).toBe(1);
    expect(stdout).toContain("imports env.puts");
    expect(stdout).toContain("--allow-undefined");
  });

  test("code that is larger than the board's Storage is refused, by build as well", () => {
    // Data that no compression makes small, and that still fits a Puck.js' RAM.
    const noise = Array.from(
      { length: 32_000 },
      (_, index) => `\\${((Math.imul(index, 0x9e3779b1) >>> 13) % 256).toString(16).padStart(2, "0")}`,
    );
    const path = program(
      "large.wat",
      `(module (memory (export "memory") 1) (data (i32.const 0) "${noise.join("")}") (func (export "_start")))`,
    );
    const { status, stdout } = ristretto(["check", path, "--board", "puckjs", "--memory", "32000", "--engine", "js"]);
    expect(stdout).toMatch(/^problem: takes \d+ B of Storage, and puckjs has \d+ B for it/m);
    expect(stdout).toContain("generic");
    expect(stdout).toMatch(/^does not fit$/m);
    expect(status).toBe(1);
    const built = ristretto([
      "build",
      path,
      "--board",
      "puckjs",
      "--memory",
      "32000",
      "--engine",
      "js",
      "-o",
      "large.js",
    ]);
    expect(built.stderr).toMatch(/large\.wat takes \d+ B of Storage, and puckjs has/);
    expect(built.status).toBe(1);
    expect(existsSync(join(folder, "large.js"))).toBe(false);
  });

  test("files are refused where the board's flash can't have any, with boards whose can", () => {
    writeFileSync(join(folder, "files.json"), '{"dirs":{"/data":"/"}}');
    const wat = `(module (import "wasi_snapshot_preview1" "fd_sync" (func (param i32) (result i32)))
      (memory (export "memory") 1) (func (export "_start")))`;
    const args = ["check", program("files.wat", wat), "--manifest", "files.json", "--memory", "64"];
    const refused = ristretto([...args, "--board", "pico"]);
    expect(refused.stdout).toContain("pico has no flash for them: 1 block of 128 KB outside Storage");
    expect(refused.stdout).toContain("rp2040_pico");
    expect(refused.status).toBe(1);
    expect(ristretto([...args, "--board", "rp2040_pico"]).status).toBe(0);
  });

  test("text that doesn't assemble is shown as the assembler tells it", () => {
    const { status, stderr } = ristretto(["check", program("bad.wat", "(module (func (i32.const 1)))")]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^bad\.wat:1:\d+: error: type mismatch/);
  });
});

describe("run", () => {
  const main = (body: string, imports = "", data = ""): string => `(module ${imports}
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1) ${data}
    (func $main (export "_start") ${body}))`;

  test.each(["host", "js", "thumb"])("passes stdin to stdout byte for byte, whatever the bytes are (%s)", (engine) => {
    // One iovec at 0, of 1 KB at 64; the count is stored at 8.
    const cat = main(`
      (loop $again
        (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 1024))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (if (i32.load (i32.const 8)) (then
          (i32.store (i32.const 4) (i32.load (i32.const 8)))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
          (br $again))))`);
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7 + (index >> 8)) & 255);
    const { status, stdout } = ristretto(["run", program("cat.wat", cat), "--engine", engine], bytes);
    expect(status).toBe(0);
    expect(Buffer.from(stdout, "latin1").equals(bytes)).toBe(true);
  });

  test("ends with the guest's exit code", () => {
    expect(ristretto(["run", program("exit.wat", main("(call $exit (i32.const 42))"))]).status).toBe(42);
  });

  test("tells a trap with the guest's functions, and ends with 134", () => {
    const wat = main("(call $deep)", "", "(func $deep (drop (i32.div_s (i32.const 1) (i32.const 0))))");
    const { status, stderr } = ristretto(["run", program("trap.wat", wat)]);
    expect(stderr).toBe("trap: integer divide by zero\n    at deep\n    at main\n");
    expect(status).toBe(134);
  });

  test("--json ends stdout with one line of facts", () => {
    const { stdout } = ristretto(["run", hello, "--seed", "3", "--json"]);
    const [said, facts] = stdout.trimEnd().split("\n");
    expect(said).toBe("Hello from ristretto!");
    expect(JSON.parse(facts)).toMatchObject({ exitCode: 0, engine: "host", board: "generic", seed: 3 });
  });

  test("the same seed gives the same random numbers, another gives others", () => {
    const wat = main(
      `(drop (call $random (i32.const 64) (i32.const 16)))
       (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 16))
       (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))`,
      '(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))',
    );
    const path = program("random.wat", wat);
    const numbers = (seed: string): string => ristretto(["run", path, "--seed", seed]).stdout;
    expect(numbers("7")).toBe(numbers("7"));
    expect(numbers("7")).not.toBe(numbers("8"));
    expect(numbers("7")).toHaveLength(16);
  });

  test("a guest that waits for ever is stopped at --until", () => {
    const wat = main(
      // A subscription to the monotonic clock: an hour.
      `(i32.store8 (i32.const 108) (i32.const 0)) (i32.store (i32.const 116) (i32.const 1))
       (i64.store (i32.const 124) (i64.const 3600000000000))
       (loop $again (drop (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 300))) (br $again))`,
      '(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))',
    );
    const { status, stdout } = ristretto(["run", program("wait.wat", wat), "--until", "10000", "--json"]);
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as { virtualMicroseconds: number }).virtualMicroseconds).toBeGreaterThan(7.2e9);
  });
});

describe("a flash image", () => {
  let counter: string;
  beforeAll(async () => {
    counter = join(folder, "counter.wasm");
    writeFileSync(counter, (await loadProgram(join(root, "examples/counter/counter.c"))).wasm);
    writeFileSync(join(folder, "counter.json"), '{"dirs":{"/data":"/"}}');
  }, 120_000);
  const run = (...args: string[]) => ristretto(["run", counter, "--manifest", "counter.json", ...args]);

  test("is new each time unless it is named, then it is kept", () => {
    expect(run().stdout).toBe("boot 1\n");
    expect(run().stdout).toBe("boot 1\n");
    expect(run("--flash", "board.img").stdout).toBe("boot 1\n");
    expect(run("--flash", "board.img").stdout).toBe("boot 2\n");
  });

  test("belongs to its board", () => {
    const { status, stderr } = run("--flash", "board.img", "--board", "pico");
    expect(status).toBe(1);
    expect(stderr).toContain("board.img");
  });

  test("--dir copies a folder in first", () => {
    mkdirSync(join(folder, "seed"), { recursive: true });
    writeFileSync(join(folder, "seed", "boots"), Uint8Array.of(41, 0, 0, 0));
    expect(run("--dir", "seed::/data").stdout).toBe("boot 42\n");
  });

  test("--dir to where nothing is granted is refused with the line to add", () => {
    const { status, stderr } = run("--dir", "seed::/other");
    expect(status).toBe(2);
    expect(stderr).toContain('"dirs": { "/other": "/" }');
  });
});
