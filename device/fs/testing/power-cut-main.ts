/**
 * `npm run test:powercut [-- --all] [--workload NAME] [--seed N] [<id>]`: cuts power at the flash operations of every
 * workload, and prints how many cuts were made and that nothing was lost. `<id>`, as a failure names it, makes one.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { ALL_CUTS, CUT_MODES, cutPower, SOME_CUTS, type CutReport } from "./power-cut.js";
import { POWER_CUT_WORKLOADS } from "./power-cut-workloads.js";

const { values, positionals } = parseArgs({
  options: { all: { type: "boolean" }, workload: { type: "string" }, seed: { type: "string", default: "0" } },
  allowPositionals: true,
});
/** Losses shown of each workload. */
const SHOWN = 5;

const [id] = positionals;
const wanted = id?.split(":")[0] ?? values.workload;
const workloads = POWER_CUT_WORKLOADS.filter(({ name }) => wanted === undefined || name === wanted);
const choice = values.all || id !== undefined ? ALL_CUTS : { ...SOME_CUTS, seed: Number(values.seed) };

function row(name: string, cells: readonly (string | number)[]): string {
  return name.padEnd(10) + cells.map((cell) => cell.toLocaleString("en").padStart(19)).join("");
}

function total({ counts }: CutReport): number {
  return CUT_MODES.reduce((sum, mode) => sum + counts[mode], 0);
}

if (workloads.length === 0) {
  const names = POWER_CUT_WORKLOADS.map(({ name }) => name).join(", ");
  process.stderr.write(`No workload "${wanted}": use one of ${names}.\n`);
  process.exitCode = 2;
} else if (id !== undefined) {
  const report = cutPower(workloads[0], choice, id);
  if (total(report) === 0) console.log(`${id}: there is no such cut`);
  else console.log(report.losses.map(({ message }) => message).join("\n") || `${id}: nothing is lost`);
  process.exitCode = report.losses.length > 0 ? 1 : total(report) > 0 ? 0 : 2;
} else {
  console.log(row("", ["flash operations", ...CUT_MODES, "losses"]));
  let cuts = 0;
  let lost = 0;
  for (const workload of workloads) {
    const report = cutPower(workload, choice);
    const { flashOperations, counts, losses } = report;
    cuts += total(report);
    lost += losses.length;
    console.log(row(workload.name, [flashOperations, ...CUT_MODES.map((mode) => counts[mode]), losses.length]));
    for (const loss of losses.slice(0, SHOWN))
      console.log(`  ${loss.message}\n  again: npm run test:powercut -- ${loss.id}`);
    if (losses.length > SHOWN) console.log(`  and ${losses.length - SHOWN} more`);
  }
  console.log(`${cuts.toLocaleString("en")} power cuts, ${lost} ${lost === 1 ? "loss" : "losses"}`);
  if (!values.all) console.log("A part of all: --all makes every cut.");
  process.exitCode = lost > 0 ? 1 : 0;
}
