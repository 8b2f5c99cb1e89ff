/**
 * Memory by the byte: what a program's allocator takes for the end of memory is where the board's memory ends, so that
 * malloc returns NULL there, in unmodified programs.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileC, compileCWithSystemClang, systemClang } from "../../device/compiler/testing/compile-c.js";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ristretto-memory-end-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FLAGS = ["-Os", "-Wl,-z,stack-size=2048", "-Wl,--export=__heap_base"];
const KILOBYTES = [20, 36];

// The first has the linker's __heap_end, the second, of 2022, asks memory.size.
const compilers = [{ name: "clang of npm", compile: compileC }];
const system = systemClang();
if ("skipped" in system) test("by the system's clang", () => console.log(`skipped: ${system.skipped}`));
else compilers.push({ name: "clang of the system", compile: compileCWithSystemClang });

describe.each(compilers)("a program that takes memory until there is none, by $name", ({ name, compile }) => {
  const wasm = join(folder, `${name}.wasm`);
  beforeAll(async () => {
    const source = readFileSync("device/compiler/testing/fixtures/allocate-all.c", "utf8");
    writeFileSync(wasm, await compile(source, FLAGS));
  }, 60_000);

  test.each(["js", "thumb"])(
    "gets NULL where memory ends, on the %s engine",
    (engine) => {
      const blocks = KILOBYTES.map((kilobytes) => {
        const args = [command, "run", wasm, "--engine", engine, "--memory", `${kilobytes}k`];
        const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
        expect([status, stderr]).toEqual([0, ""]);
        return Number(/^NULL (\d+)$/m.exec(stdout)?.[1]);
      });
      // Each block takes 256 bytes, and up to 16 for the allocator.
      const more = (KILOBYTES[1] - KILOBYTES[0]) * 1024;
      expect(blocks[1] - blocks[0]).toBeGreaterThanOrEqual(Math.floor(more / 272) - 1);
      expect(blocks[1] - blocks[0]).toBeLessThanOrEqual(more / 256);
    },
    60_000,
  );
});
