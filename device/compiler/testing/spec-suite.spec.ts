import { describe, expect, test } from "@jest/globals";
import type { Engine, Instance, Value } from "./engine.js";
import { runSpecScript } from "./spec-runner.js";
import { readSpecScripts, specFolder } from "./spec-script.js";
import { formatVerdicts, judgeSpecScript } from "./spec-suite.js";
import { v8Engine } from "./v8-engine.js";

const positiveNaN: Value = { type: "f32", bits: 0x7fc00000n };
const found = readSpecScripts(specFolder());

if ("skipped" in found) {
  test("the WebAssembly test suite on V8", () => console.log(`skipped: ${found.skipped}`));
} else {
  const script = (name: string) => found.scripts.find((candidate) => candidate.name === name)!;

  describe("the WebAssembly test suite on V8, which proves the runner", () => {
    test("passes, every command of every script", () => {
      const verdicts = found.scripts.map((each) => judgeSpecScript(v8Engine, each));
      expect(verdicts.flatMap((verdict) => verdict.problems)).toEqual([]);
      const total = (type: string) => verdicts.reduce((sum, verdict) => sum + (verdict.passed[type] ?? 0), 0);
      expect(verdicts).toHaveLength(89);
      expect([total("assert_return"), total("assert_trap")]).toEqual([21361, 2354]);
      expect(formatVerdicts(verdicts).split("\n").at(-1)).toMatch(/^89 scripts +21361 +2354 /);
    });

    test("finds an engine out that loses the sign of a NaN", () => {
      const careless: Engine = {
        ...v8Engine,
        instantiate(module, imports) {
          const instance = v8Engine.instantiate(module, imports);
          const signless = (value: Value) => (value.type === "f32" && value.bits === 0xffc00000n ? positiveNaN : value);
          const invoke: Instance["invoke"] = (...call) => instance.invoke(...call).map(signless);
          return { ...instance, invoke };
        },
      };
      const { failures } = runSpecScript(careless, script("f32_bitwise"));
      expect(failures.length).toBeGreaterThan(10);
      expect(failures[0].reason).toBe("expected f32:ffc00000(NaN), got f32:7fc00000(NaN)");
    });

    test("takes an exception that passes for an error, as it does a failure without one", () => {
      const idle = judgeSpecScript(v8Engine, script("fac"), [{ at: ["fac", 84], reason: "none" }]);
      expect(idle.problems).toEqual(["fac.wast:84: passes, so remove it from spec-exceptions.ts"]);
      const never: Engine = {
        ...v8Engine,
        instantiate: (module, imports) => ({
          ...v8Engine.instantiate(module, imports),
          invoke: () => [],
        }),
      };
      const failing = judgeSpecScript(never, script("fac"), []);
      expect(failing.problems[0]).toMatch(/^fac\.wast:\d+: assert_return: expected i64:[0-9a-f]{16}, got $/);
      const covered = judgeSpecScript(never, script("fac"), [{ at: ["fac", 1, 1000], reason: "all" }]);
      expect([covered.problems, covered.excepted]).toEqual([[], covered.failures.length]);
    });
  });
}
