/** The official tests of WASI preview 1 on the `host` engine, over two file systems; see `testing/wasi-testsuite.ts`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inputStream, openDirectory, outputStream } from "../../device/wasi/index.js";
import { DIRECTORY, REGULAR_FILE, ROOT, type FileSystem } from "../../device/fs/file-system.js";
import { formatFileSystem } from "../../device/fs/mount.js";
import { MemoryFileSystem } from "../../device/wasi/testing/memory-file-system.js";
import { crc32 } from "../../hal/ports/ecmascript/crc32.js";
import { openRamFlash } from "../../hal/ports/ecmascript/flash.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { runOnHost } from "./host.js";
import { EXPECTED_FAILURES, ONLY, programsIn, TESTSUITE, type Program } from "./testing/wasi-testsuite.js";

const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

/** Copies a folder of the host into the file system. */
function copy(files: FileSystem, from: string, node: number): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const path = join(from, entry.name);
    const made = files.create(node, entry.name, entry.isDirectory() ? DIRECTORY : REGULAR_FILE);
    if (entry.isDirectory()) copy(files, path, made);
    else {
      const bytes = readFileSync(path);
      files.write(made, 0, bytes, 0, bytes.length);
    }
  }
}

function run(
  program: Program,
  openFileSystem: (now: () => number) => FileSystem,
): { exitCode: number | string; stdout: string; stderr: string } {
  const time = new VirtualClock();
  const shown = { 1: "", 2: "" };
  const clock = {
    monotonic: () => time.now(),
    realtime: () => 1_767_225_600_000_000 + time.now(),
    resolution: 1,
    after: (microseconds: number, handler: () => void) => {
      const event = time.schedule(microseconds, handler);
      return () => time.cancel(event);
    },
  };
  const console = {
    write: (stream: 1 | 2, bytes: Uint8Array, start: number, length: number): void => {
      shown[stream] += Buffer.from(bytes.subarray(start, start + length)).toString("latin1");
    },
    onInput: (handler: (text: string) => void) => clock.after(0, () => handler("")),
  };
  const descriptors = [inputStream(console.onInput), outputStream(console.write, 1), outputStream(console.write, 2)];
  if (program.root) {
    const files = openFileSystem(clock.realtime);
    const root = join(program.folder, program.root);
    // An empty folder doesn't survive in Git.
    if (existsSync(root)) copy(files, root, ROOT);
    const directory = openDirectory(files, "", "/", true);
    if (typeof directory !== "number") descriptors.push(directory);
  }
  let state = 1;
  const outcome = runOnHost({
    module: readFileSync(join(program.folder, `${program.name}.wasm`)),
    args: [program.name, ...(program.args ?? [])].map(utf8),
    environ: Object.entries(program.env ?? {}).map(([name, value]) => utf8(`${name}=${value}`)),
    descriptors,
    clock,
    time,
    random: {
      fill: (bytes, start, length) => {
        for (let i = start; i < start + length; i++) bytes[i] = (state = (state * 48271) % 0x7fffffff) >> 8;
      },
    },
  });
  const exitCode = outcome.kind === "returned" ? 0 : outcome.kind === "exited" ? outcome.exitCode : outcome.kind;
  return { exitCode, stdout: shown[1], stderr: shown[2] };
}

if (!TESTSUITE) {
  test.skip("WASI_TESTSUITE isn't set: the official test programs aren't run", () => {});
} else {
  const programs = programsIn(TESTSUITE);
  const fileSystems: [string, (now: () => number) => FileSystem][] = [
    ["the file system in flash", (now) => formatFileSystem(openRamFlash(256 * 1024, 4096, 4), crc32, now)],
    ["the reference in memory", (now) => new MemoryFileSystem(now)],
  ];
  describe.each(fileSystems)("on %s", (_where, openFileSystem) => {
    const failures: string[] = [];

    test.each(programs.map((program) => [program.name, program] as const))("%s", (name, program) => {
      const { exitCode, stdout, stderr } = run(program, openFileSystem);
      const passed =
        exitCode === (program.exit_code ?? 0) && (program.stdout === undefined || stdout === utf8(program.stdout));
      if (!passed) failures.push(name);
      if (EXPECTED_FAILURES[name]) expect({ name, passed }).toEqual({ name, passed: false });
      else expect({ exitCode, stderr }).toEqual({ exitCode: program.exit_code ?? 0, stderr: passed ? stderr : "" });
    });

    test(`at least 61 of the 72 pass, and none fails but those that must`, () => {
      expect(failures.filter((name) => !EXPECTED_FAILURES[name])).toEqual([]);
      if (!ONLY) expect(programs.length - failures.length).toBeGreaterThanOrEqual(61);
    });
  });
}
