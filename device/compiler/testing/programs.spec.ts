import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { compileC, compileCWithSystemClang, PROGRAM_FLAGS, systemClang } from "./compile-c.js";
import { findEngine } from "./engines.js";
import { v8Engine } from "./v8-engine.js";
import { runProgram } from "./wasi.js";

/** Programs in C with wasi-libc, as two compilers make them: the same output and exit code as on V8. */
const folder = "device/compiler/testing/fixtures";
const programs = readdirSync(folder).filter((file) => file.endsWith(".c"));
const compilers = [{ name: "clang of npm", compile: compileC }];
const system = systemClang();
if ("skipped" in system) test("programs by the system's clang", () => console.log(`skipped: ${system.skipped}`));
else compilers.push({ name: "clang of the system", compile: compileCWithSystemClang });

describe.each(compilers)("compiled by $name", ({ compile }) => {
  test.each(programs)(
    "%s",
    async (file) => {
      const source = readFileSync(join(folder, file), "utf8");
      for (const flags of [PROGRAM_FLAGS, ["-O0"]]) {
        const module = await compile(source, flags);
        const expected = runProgram(v8Engine, module);
        expect(expected.end).toEqual(expect.any(Number));
        for (const name of ["js", "thumb"]) expect(runProgram(findEngine(name)!, module)).toEqual(expected);
      }
    },
    120_000,
  );
});
