import { afterAll, describe, expect, test } from "@jest/globals";
import { jsEngine } from "../testing/js-engine.js";
import { readSpecScripts, specFolder } from "../testing/spec-script.js";
import { formatVerdicts, judgeSpecScript, type SpecVerdict } from "../testing/spec-suite.js";

/** The WebAssembly test suite through the JS engine; what it doesn't pass is listed in `testing/spec-exceptions.ts`. */
const found = readSpecScripts(specFolder());

if ("skipped" in found) {
  test("the WebAssembly test suite", () => console.log(`skipped: ${found.skipped}`));
} else {
  const verdicts: SpecVerdict[] = [];

  describe("the WebAssembly test suite", () => {
    test.each(found.scripts)("$name.wast", (script) => {
      const verdict = judgeSpecScript(jsEngine, script);
      verdicts.push(verdict);
      expect(verdict.problems).toEqual([]);
    });

    afterAll(() => {
      const [head, ...rows] = formatVerdicts(verdicts).split("\n");
      process.stdout.write(`${head}\n${rows.at(-1)}\n`);
    });
  });
}
