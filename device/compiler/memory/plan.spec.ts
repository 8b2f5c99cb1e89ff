import { readFileSync } from "node:fs";
import { decodeModule } from "../decode/module.js";
import { compileC } from "../testing/compile-c.js";
import { planMemory } from "./plan.js";

const fixture = (name: string) => readFileSync(new URL(`../testing/fixtures/${name}`, import.meta.url), "utf8");

test("a program that allocates gets data, stack and heap by the byte, from real compiler output", async () => {
  const flags = ["-Os", "-Wl,-z,stack-size=2048", "-Wl,--export=__heap_base", "-Wl,--strip-debug"];
  const module = decodeModule(await compileC(fixture("allocate-all.c"), flags));
  const plan = planMemory(module, 4096);
  expect(plan.parts.map(({ name }) => name)).toEqual(["stack", "data", "heap"]);
  expect(plan.parts[0].bytes).toBe(2048);
  expect(plan.parts[2].bytes).toBeGreaterThanOrEqual(4096);
  expect(plan.arenaBytes).toBeLessThan(20_000);
  expect(plan.arenaBytes).toBe(plan.parts.reduce((sum, { bytes }) => sum + bytes, 0));
});

test("where nothing tells how far the data goes, all declared pages are backed, and it says why", async () => {
  const module = decodeModule(await compileC(fixture("allocate-all.c"), ["-Os", "-Wl,--strip-all"]));
  const plan = planMemory(module, 4096);
  expect(plan.arenaBytes).toBe((module.memory?.minimum ?? 0) * 65536);
  expect(plan.parts[0].found).toMatch(/__heap_base/);
});

test("a stack at the bottom and variables without a segment: nothing tells where those end", () => {
  // (memory 1) (global (mut i32) (i32.const 256)), as clang 22 lays out a library of zeroed arrays.
  const module = decodeModule(
    Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 0, 1, 6, 7, 1, 0x7f, 1, 0x41, 0x80, 2, 0x0b]),
  );
  expect(planMemory(module, 0).arenaBytes).toBe(65536);
});

test("the data can be below the stack: the stack's top is the end", () => {
  // (memory 1) (global (mut i32) (i32.const 2048)) (data (i32.const 1024) "abc"), as clang 14 lays it out.
  const module = decodeModule(
    Uint8Array.from([
      0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 0, 1, 6, 7, 1, 0x7f, 1, 0x41, 0x80, 0x10, 0x0b, 11, 10, 1, 0, 0x41,
      0x80, 8, 0x0b, 3, 0x61, 0x62, 0x63,
    ]),
  );
  expect(planMemory(module, 4096)).toEqual({
    arenaBytes: 2048,
    parts: [
      { name: "data", bytes: 1027, found: "below the stack" },
      { name: "stack", bytes: 1021, found: "global 0" },
    ],
  });
});
