import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBoard } from "../../hal/boards/index.js";
import { flashGeometry, loadFlashImage, saveFlashImage } from "../../simulator/board/index.js";

/**
 * `ristretto fs` as a person has it: the command that is built, on image files. The board is one whose files are inside
 * Storage, 15 blocks of 4 KB.
 */
const BOARD = "rp2040_pico";

const root = fileURLToPath(new URL("../..", import.meta.url));
const command = join(root, "dist/cli/main.js");

let folder: string;
beforeEach(() => {
  if (!existsSync(command)) throw new Error("dist/ is not built: npm run build");
  folder = mkdtempSync(join(tmpdir(), "ristretto-fs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function ristretto(args: readonly string[], input: string | Uint8Array = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, input });
  return { status, bytes: stdout, stdout: stdout.toString("utf8"), stderr: stderr.toString("utf8") };
}

/** A command on `desk.img` that must succeed. */
function fs(args: readonly string[], input: string | Uint8Array = "") {
  const result = ristretto(["fs", ...args, "--flash", "desk.img"], input);
  expect(result.stderr).toBe("");
  expect(result.status).toBe(0);
  return result;
}

function digests(): string[] {
  return ["desk.img", "desk.img.json"].map((name) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex"),
  );
}

/** A command on `desk.img` that must fail and leave the image and its sidecar as they are. */
function refused(args: readonly string[], input: string | Uint8Array = "") {
  const before = digests();
  const result = ristretto(["fs", ...args, "--flash", "desk.img"], input);
  expect(result.stderr).not.toContain("    at ");
  expect(digests()).toEqual(before);
  return result;
}

function makeImage(): void {
  fs(["put", "-", "/notes.txt", "--board", BOARD], "hello");
}

/** Flips a bit of the place where `text` is on flash; a text that is there several times is hit everywhere. */
function damage(text: string): number {
  const path = join(folder, "desk.img");
  const cells = readFileSync(path);
  let hits = 0;
  for (let at = cells.indexOf(text); at >= 0; at = cells.indexOf(text, at + 1)) {
    cells[at] ^= 1;
    hits++;
  }
  writeFileSync(path, cells);
  return hits;
}

test("what is put can be listed and got back, byte for byte, whatever its size", () => {
  makeImage();
  const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => (index * 7 + (index >> 8)) & 255);
  writeFileSync(join(folder, "data.bin"), bytes);
  fs(["put", "data.bin", "/logs/june/"]);
  expect(fs(["ls"]).stdout).toBe("-  logs/\n5  notes.txt\n");
  expect(fs(["ls", "/logs/june"]).stdout).toBe("20000  data.bin\n");
  expect(new Uint8Array(fs(["get", "/logs/june/data.bin"]).bytes)).toEqual(bytes);
  fs(["get", "logs/june/data.bin", "-o", "back.bin"]);
  expect(new Uint8Array(readFileSync(join(folder, "back.bin")))).toEqual(bytes);
  expect(readdirSync(folder).sort()).toEqual(["back.bin", "data.bin", "desk.img", "desk.img.json"]);
});

test("names may be in any script", () => {
  makeImage();
  fs(["put", "-", "/messages/größe.txt"], "12");
  expect(fs(["ls", "/messages"]).stdout).toBe("2  größe.txt\n");
  expect(fs(["get", "/messages/größe.txt"]).stdout).toBe("12");
});

test("put replaces a file; rm removes it, and a directory with -r", () => {
  makeImage();
  fs(["put", "-", "/notes.txt"], "hi");
  expect(fs(["get", "/notes.txt"]).stdout).toBe("hi");
  fs(["put", "-", "/a/b/c"], "x");
  expect(refused(["rm", "/a"])).toMatchObject({ status: 1, stderr: expect.stringContaining("-r") as string });
  fs(["rm", "-r", "/a"]);
  fs(["rm", "/notes.txt"]);
  expect(fs(["ls"]).stdout).toBe("");
});

test("a guest reads what was put, and what a guest wrote can be got", () => {
  makeImage();
  const wat = `(module
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "notes.txt") (data (i32.const 16) "copy.txt")
    (data (i32.const 32) "\\80\\00\\00\\00\\05\\00\\00\\00")
    (func (export "_start")
      (drop (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 9) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)))
      (drop (call $read (i32.load (i32.const 64)) (i32.const 32) (i32.const 1) (i32.const 68)))
      (drop (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 8) (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 64)))
      (drop (call $write (i32.load (i32.const 64)) (i32.const 32) (i32.const 1) (i32.const 68)))))`;
  writeFileSync(join(folder, "copy.wat"), wat);
  expect(ristretto(["run", "copy.wat", "--board", BOARD, "--flash", "desk.img"]).status).toBe(0);
  expect(fs(["get", "/copy.txt"]).stdout).toBe("hello");
});

test("stat tells capacity and wear, and that what is replaced is dead", () => {
  makeImage();
  interface Status {
    capacity: number;
    used: number;
    free: number;
    dead: number;
    writeAmplification: number;
    wear: { max: number; blocks: number[] };
  }
  const stat = () => JSON.parse(fs(["stat", "--json"]).stdout) as Status;
  const before = stat();
  expect(before.used + before.free).toBe(before.capacity);
  fs(["put", "-", "/log"], "x".repeat(10_000));
  fs(["put", "-", "/log"], "y".repeat(10_000));
  const after = stat();
  expect(after.used - before.used).toBeGreaterThan(10_000);
  expect(after.used - before.used).toBeLessThan(11_500);
  expect(after.dead - before.dead).toBeGreaterThan(9_000);
  expect(after.wear.blocks).toHaveLength(15);
  for (let round = 0; round < 6; round++) fs(["put", "-", "/log"], `${round}`.repeat(10_000));
  expect(stat().wear.max).toBeGreaterThan(0);
  expect(stat().writeAmplification).toBeGreaterThan(1);
  expect(stat().writeAmplification).toBeLessThan(2);
  // No board ran with it.
  expect(fs(["stat"]).stdout).toContain("not known: no board ran with it");
  expect(fs(["stat"]).stdout).toMatch(/^capacity +\d+ B$/m);
});

test("what doesn't fit is refused, and the image is as it was", () => {
  makeImage();
  const { status, stderr } = refused(["put", "-", "/big"], new Uint8Array(200_000));
  expect(status).toBe(1);
  expect(stderr).toContain("no space is left");
});

test.each([
  [["get", "/nothing"], 1, "/nothing: no such file or directory"],
  [["get", "/"], 1, "is a directory"],
  [["rm", "/nothing"], 1, "/nothing: no such file or directory"],
  [["rm", "/"], 2, "can't be removed"],
  [["get", "/../notes.txt"], 2, "has .. in it"],
  [["put", "-", "/notes.txt/under"], 1, "/notes.txt: is a file"],
  [["put", "-", "/"], 1, "stdin has no name"],
  [["put", "missing.txt", "/"], 1, "missing.txt: no such file"],
  [["ls", "--board", "puckjs"], 1, "name that board"],
  [["ls", "--board", "pukjs"], 2, 'Did you mean "puckjs"?'],
])("%j is refused with %i", (args, expected, words) => {
  makeImage();
  const { status, stderr } = refused(args);
  expect(stderr).toContain(words);
  expect(status).toBe(expected);
});

test("an image that isn't there is not made, but by put for a board that is named", () => {
  for (const args of [["ls"], ["fsck"], ["put", "-", "/x"]]) {
    const { status, stderr } = ristretto(["fs", ...args, "--flash", "new.img"]);
    expect(stderr).toContain("new.img: no such file");
    expect(status).toBe(1);
  }
  expect(readdirSync(folder)).toEqual([]);
});

test("without the file beside it the board must be named", () => {
  makeImage();
  rmSync(join(folder, "desk.img.json"));
  expect(ristretto(["fs", "ls", "--flash", "desk.img"])).toMatchObject({ status: 2 });
  expect(fs(["ls", "--board", BOARD]).stdout).toBe("5  notes.txt\n");
});

test("an image that another program changed meanwhile isn't overwritten", () => {
  makeImage();
  const path = join(folder, "desk.img");
  const geometry = flashGeometry(findBoard(BOARD));
  const image = loadFlashImage(path, BOARD, geometry);
  utimesSync(path, 1, 1);
  expect(() => saveFlashImage(path, BOARD, geometry, image)).toThrow("was changed by another program");
});

describe("fsck", () => {
  test("reads everything, and finds nothing wrong with a good image", () => {
    makeImage();
    fs(["put", "-", "/logs/june"], "x".repeat(5000));
    expect(fs(["fsck"]).stdout).toBe("desk.img: 2 files with 5005 B and 1 directory read, nothing is wrong\n");
  });

  test("names a damaged file, how far it is good, and the mend, which works", () => {
    makeImage();
    const text = Array.from({ length: 1000 }, (_, index) => `${String(index).padStart(4, "0")}\n`).join("");
    fs(["put", "-", "/log"], text);
    expect(damage("0500\n")).toBe(1);
    const { status, stdout } = refused(["fsck"]);
    const [, good] = /^\/log: damaged at byte (\d+) of 5000: .*ristretto fs put/m.exec(stdout)!;
    // A page at the most before the damage.
    expect(Number(good)).toBeGreaterThan(2500 - 256);
    expect(Number(good)).toBeLessThanOrEqual(2500);
    expect(stdout).toContain("found wrong");
    expect(status).toBe(1);
    expect(refused(["get", "/log"])).toMatchObject({ status: 1, stdout: "" });
    fs(["put", "-", "/log"], text);
    fs(["fsck"]);
    expect(fs(["get", "/log"]).stdout).toBe(text);
  });

  test("tells a name that is damaged, though the directory shows nothing of it", () => {
    makeImage();
    fs(["put", "-", "/victim.txt"], "lost");
    fs(["put", "-", "/later.txt"], "x");
    expect(damage("victim.txt")).toBeGreaterThan(0);
    const { status, stdout } = refused(["fsck"]);
    expect(stdout).toMatch(/^desk\.img: 1 of its files and directories can't be reached/m);
    expect(status).toBe(1);
  });

  test("flash that holds something else is told from a file system, and isn't touched", () => {
    makeImage();
    const path = join(folder, "desk.img");
    // All but the page that sets the others aside.
    writeFileSync(path, readFileSync(path).fill(0x5a, 4096));
    expect(refused(["fsck"])).toMatchObject({ status: 1, stdout: expect.stringContaining("not formatted") as string });
    expect(refused(["put", "-", "/x"])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("can only be read: not formatted") as string,
    });
  });
});
