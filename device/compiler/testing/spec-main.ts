/** `npm run test:spec [-- --engine js|v8] [script …]`: the WebAssembly test suite through an engine, as a table. */
import { parseArgs } from "node:util";
import type { Engine } from "./engine.js";
import { readSpecScripts, specFolder } from "./spec-script.js";
import { formatVerdicts, judgeSpecScript } from "./spec-suite.js";
import { v8Engine } from "./v8-engine.js";

const engines: Readonly<Record<string, Engine>> = { v8: v8Engine };

const { values, positionals } = parseArgs({
  options: { engine: { type: "string", default: "v8" } },
  allowPositionals: true,
});
const engine = engines[values.engine];
const found = readSpecScripts(specFolder(), positionals);
if (!engine) {
  process.stderr.write(`No engine "${values.engine}": use one of ${Object.keys(engines).join(", ")}.\n`);
  process.exitCode = 2;
} else if ("skipped" in found) {
  console.log(`Spec tests skipped: ${found.skipped}.`);
} else {
  const verdicts = found.scripts.map((script) => judgeSpecScript(engine, script));
  const problems = verdicts.flatMap((verdict) => verdict.problems);
  for (const problem of problems) console.log(problem);
  console.log(formatVerdicts(verdicts));
  process.exitCode = problems.length > 0 ? 1 : 0;
}
