/**
 * `npm run test:differential [-- --seed N] [--count N] [--engine js]`: random modules on V8 and on an engine.
 * Prints the seed of every module on which they differ, and the module made smaller; exit code 1 then.
 */
import { parseArgs } from "node:util";
import { formatDisagreement, runSeed } from "./differential.js";
import { engineNames, findEngine } from "./engines.js";
import { v8Engine } from "./v8-engine.js";

const { values } = parseArgs({
  options: {
    engine: { type: "string", default: "js" },
    seed: { type: "string" },
    count: { type: "string" },
    seconds: { type: "string", default: "20" },
  },
});
const engine = findEngine(values.engine);
if (!engine) {
  process.stderr.write(`No engine "${values.engine}": use one of ${engineNames.join(", ")}.\n`);
  process.exitCode = 2;
} else {
  const first = values.seed === undefined ? Date.now() % 0x40000000 : Number(values.seed);
  const count = Number(values.count ?? (values.seed === undefined ? 300 : 1));
  let differing = 0;
  for (let seed = first; seed < first + count; seed++) {
    const disagreement = await runSeed(v8Engine, engine, seed, 1000 * Number(values.seconds));
    if (!disagreement) continue;
    differing++;
    console.log(`${formatDisagreement(disagreement)}\n`);
  }
  console.log(`${count} modules from seed ${first} on, ${differing} on which ${engine.name} differs from V8`);
  process.exitCode = differing > 0 ? 1 : 0;
}
