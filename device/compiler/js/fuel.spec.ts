import { beforeAll, describe, expect, test } from "@jest/globals";
import { compileC } from "../testing/compile-c.js";
import { compileToJs } from "../compile.js";

/** A function `f` of C, compiled for fuel. */
async function compile(body: string, before = "") {
  const flags = ["-O2", "-nostdlib", "-fno-builtin", "-Wl,--no-entry", "-Wl,--export=f", "-Wl,--allow-undefined"];
  const wasm = await compileC(`${before}\nint f(int n, char *p, volatile int *v) { ${body} }`, flags);
  return compileToJs(wasm, { memoryBytes: 4096, fuel: true });
}

/** Enters the function as an engine does, with so much fuel at a time; counts how often it was left. */
function enter(source: string, fuel: number, leaveAtMost: number, ...args: number[]) {
  let given = false;
  const takeFuel = () => (given = !given) && fuel;
  const make = new Function(`"use strict";return ${source}`)() as (
    ...args: unknown[]
  ) => [{ f: (...args: number[]) => number }, () => boolean, (value: number) => void];
  const [{ f }, suspended, resume] = make(new ArrayBuffer(4096), takeFuel);
  let result = f(...args);
  let left = 0;
  for (; suspended() && left < leaveAtMost; left++) {
    resume(0);
    result = f(...args);
  }
  return { result, left };
}

/** The compiler of C takes its time to load. */
beforeAll(async () => void (await compile("return 0;")), 60_000);

describe("loops take fuel", () => {
  test.each([
    ["where nothing shows that they end", "for (;;) ;"],
    ["where they wait for memory to change", "while (!*v) ; return 1;"],
    [
      "where they count in memory, as loops do that are there to take time",
      "for (*v = 0; *v < 1000000; ++*v) ; return 1;",
    ],
    ["where what they call says how long", "int next(void); while (next()) ; return 1;"],
    ["where their known rounds are many", "int s = n; for (int i = 0; i < 1000000; i++) s ^= s << 1 ^ i; return s;"],
    [
      "where they are nested deep",
      "int s = n; for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) for (int k = 0; k < n; k++) s = s * 7 ^ p[s & 15] ^ i ^ j ^ k; return s;",
    ],
  ])("%s", async (_, body) => {
    const { slicedLoops, resumable } = await compile(body);
    expect(slicedLoops).toBeGreaterThan(0);
    expect(resumable).toBeGreaterThan(0);
  });

  test.each([
    [
      "that go round as often as is known, and not for long",
      "int s = n; for (int i = 0; i < 1000; i++) s ^= s << 1 ^ i; return s;",
    ],
    ["that count to something", "int s = n; for (int i = 0; i < n; i++) s = s * 7 ^ p[i]; return s;"],
    ["that follow a text to its end", "char *q = p; while (*q) q++; return q - p;"],
    ["that shift a number out", "int s = 0; for (unsigned m = n; m; m /= 10) s += m % 10; return s;"],
    ["that follow a list", "struct l { struct l *next; } *l = (void *)p; while (l) { n++; l = l->next; } return n;"],
  ])("but not those %s, which makes their functions no slower", async (_, body) => {
    expect(await compile(body)).toMatchObject({ slicedLoops: 0, resumable: 0 });
  });

  test("a loop without end is left each time that its fuel has gone", async () => {
    const { source } = await compile("for (;;) ;");
    expect(enter(source, 100, 50)).toMatchObject({ left: 50 });
  });

  test("what it computes is the same however often it is left", async () => {
    const { source } = await compile("int s = n; for (int i = 0; i < 100000; i++) s ^= s << 1 ^ i; return s;");
    let expected = 3;
    for (let i = 0; i < 100000; i++) expected ^= (expected << 1) ^ i;
    expect(enter(source, 50_000, 1e6, 3).result).toBe(expected);
    expect(enter(source, 50_000, 1e6, 3).left).toBeGreaterThan(5);
  });
});
