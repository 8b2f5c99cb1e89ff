/** `npm run test:spec [-- --engine js|v8] [script …]`: the WebAssembly test suite through an engine, as a table. */
import { parseArgs } from "node:util";
import { engineNames, findEngine } from "./engines.js";
import { readSpecScripts, specFolder } from "./spec-script.js";
import { formatVerdicts, judgeSpecScript } from "./spec-suite.js";

const { values, positionals } = parseArgs({
  options: { engine: { type: "string", default: "js" } },
  allowPositionals: true,
});
const engine = findEngine(values.engine);
const found = readSpecScripts(specFolder(), positionals);
if (!engine) {
  process.stderr.write(`No engine "${values.engine}": use one of ${engineNames.join(", ")}.\n`);
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
