import { afterAll, describe, expect, test } from "@jest/globals";
import { findEspruino, type Interpreter } from "../testing/interpreters.js";
import { jsEngine } from "../testing/js-engine.js";
import { replayOn } from "../testing/script-engine.js";
import { specExceptions } from "../testing/spec-exceptions.js";
import { readSpecScripts, type SpecScript, specFolder } from "../testing/spec-script.js";
import { formatVerdicts, judgeSpecScript, type SpecVerdict } from "../testing/spec-suite.js";

/** The WebAssembly test suite through the JS engine; what it doesn't pass is listed in `testing/spec-exceptions.ts`. */
/** Scripts that need megabytes of memory, names beyond ASCII, or instances that import from each other. */
const NOT_ON_A_BOARD = [
  ..."call call_indirect data elem global imports linking local_tee memory_grow memory_size names nop".split(" "),
  ..."select skip-stack-guard-page".split(" "),
];
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

  const espruino = findEspruino();
  if ("skipped" in espruino) {
    test("the WebAssembly test suite in the real Espruino", () => console.log(`skipped ${espruino.skipped}`));
  } else {
    describe("the WebAssembly test suite in the real Espruino", () => {
      test.each(found.scripts.filter(({ name }) => !NOT_ON_A_BOARD.includes(name)))(
        "$name.wast",
        (script) => passesOn(espruino.interpreter, script),
        60_000,
      );
    });
  }
}

async function passesOn(interpreter: Interpreter, script: SpecScript): Promise<void> {
  const { actual } = await replayOn(interpreter, (engine) => judgeSpecScript(engine, script, specExceptions.js));
  expect(actual.problems).toEqual([]);
}
