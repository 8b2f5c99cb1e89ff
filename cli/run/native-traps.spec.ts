/** Guests in machine code that go wrong: they trap with the functions that were running, and the board goes on. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { puckjs } from "../../hal/boards/index.js";
import { buildProject } from "../build/build-project.js";
import { loadProject } from "../project.js";
import { makeSimulation } from "../sim/simulation.js";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ristretto-traps-"));
afterAll(() => rmSync(folder, { recursive: true }));

const start = (body: string) => `(module (memory (export "memory") 1) (table 2 funcref) (elem (i32.const 0) $one)
  (func $one (result i32) (i32.const 1))
  (func $down (param i32) (result i32) (i32.add (call $down (i32.add (local.get 0) (i32.const 1))) (local.get 0)))
  (func $wild (param i32) (drop (call_indirect (param i32) (result i32) (i32.const 7) (local.get 0))))
  (func $read (param i32) (result i32) (i32.load (local.get 0)))
  (func $share (param i32) (result i32) (i32.div_u (i32.const 10) (local.get 0)))
  (func $inner (param i32) ${body})
  (func $_start (export "_start") (call $inner (i32.load (i32.const 8)))))`;

const WRONG: readonly (readonly [what: string, body: string, reason: string, stack: readonly string[]])[] = [
  ["calls itself for ever", "(drop (call $down (local.get 0)))", "call stack exhausted", ["down", "down"]],
  ["calls what is of another type", "(call $wild (i32.const 0))", "indirect call type mismatch", ["wild", "inner"]],
  ["calls what isn't there", "(call $wild (i32.const 1))", "uninitialized element", ["wild", "inner"]],
  ["calls beyond the table", "(call $wild (i32.const -4))", "out of bounds table access", ["wild", "inner"]],
  ["reads beyond memory", "(drop (call $read (i32.const -2)))", "out of bounds memory access", ["read", "inner"]],
  ["divides by zero", "(drop (call $share (local.get 0)))", "integer divide by zero", ["share", "inner"]],
];

/** Functions in as many as the compiler left of them: one that is written into its caller is that. */
function isSubsequence(shorter: readonly string[], longer: readonly string[]): boolean {
  let at = 0;
  for (const name of longer) if (name === shorter[at]) at++;
  return at === shorter.length;
}

test.each(WRONG)("a guest that %s", (_what, body, reason, stack) => {
  const path = join(folder, "wrong.wat");
  writeFileSync(path, start(body));
  const run = (engine: string) => {
    const { status, stdout } = spawnSync(process.execPath, [command, "run", path, "--engine", engine, "--json"], {
      encoding: "utf8",
      input: "",
    });
    return { status, ...(JSON.parse(stdout) as { reason: string; stack: string[] }) };
  };
  const told = run("thumb");
  expect({ status: told.status, reason: told.reason }).toEqual({ status: 134, reason });
  expect(told.stack.length).toBeGreaterThan(0);
  expect(isSubsequence(told.stack.slice(0, 2), [...stack, "inner", "_start"])).toBe(true);
});

test("the board goes on after a trap", async () => {
  const path = join(folder, "board.wat");
  writeFileSync(path, start("(drop (call $down (local.get 0)))"));
  const project = await loadProject(path, { board: "puckjs", manifest: false, memory: "4096" });
  const simulation = await makeSimulation({ profile: puckjs, seed: 1, epochMicroseconds: 0 });
  simulation.install(await buildProject(project, { console: "espruino", engine: "thumb" }));
  let printed = "";
  simulation.onConsoleOutput((bytes) => (printed += Buffer.from(bytes).toString("latin1")));
  simulation.powerOn();
  simulation.clock.advanceTo(simulation.clock.now() + 2e6);
  expect(printed).toContain("trap: call stack exhausted");
  expect(printed).toMatch(/at thumb:\d+:\d+/);
  simulation.type(Buffer.from("print(6*7)\n"));
  simulation.clock.advanceTo(simulation.clock.now() + 1e6);
  expect(printed).toMatch(/^42/m);
});
