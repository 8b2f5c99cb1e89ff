import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { minify } from "terser";
import { compileC, LIBRARY_FLAGS } from "../device/compiler/testing/compile-c.js";
import { findDuktape, findEspruino, type Interpreter, quickJs } from "../device/compiler/testing/interpreters.js";
import { jsModuleExpression } from "../device/compiler/testing/js-engine.js";
import { v8Engine } from "../device/compiler/testing/v8-engine.js";
import { numeric } from "../device/compiler/testing/values.js";
import { type Contender, type KernelRun, kernelScript, readTimings } from "./kernel-script.js";

/** What is timed, and with which argument. */
const RUNS: readonly KernelRun[] = [
  { kernel: "k_crc", argument: 1 },
  { kernel: "k_mat", argument: 1 },
  { kernel: "k_fib", argument: 18 },
  { kernel: "k_fir", argument: 1 },
];
/** The kernels need 5 KB and no stack; a board that backed all 64 KiB of a page would have little left. */
const SMALL_STACK = ["-Wl,-z,stack-size=256"];
const ARENA = 8192;
/** The kernels that the mean is taken over. */
const MEASURE = ["k_crc", "k_mat", "k_fib"];

/** A row of the table: times are the best of all turns, in milliseconds. */
interface Row {
  readonly interpreter: string;
  readonly kernel: string;
  readonly byHand: number;
  readonly byHandMinified: number;
  readonly generated: number;
  /** Generated to by hand, minified: below 1, the generated code is faster. */
  readonly ratio: number;
}

/**
 * The JS engine against JavaScript written by hand, on the interpreters that are here. Both do the same work, checked
 * by what they return; bounds checks are on.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: "boolean" }, turns: { type: "string", default: "9" } },
  });
  const wasm = await compileC(readFileSync("bench/kernels/kernels.c", "utf8"), [...LIBRARY_FLAGS, ...SMALL_STACK]);
  const contenders = await findContenders(wasm);
  const script = kernelScript(contenders, RUNS, Number(values.turns));
  const rows: Row[] = [];
  const skipped: string[] = [];
  for (const found of [findEspruino(), { interpreter: quickJs }, findDuktape()]) {
    if ("skipped" in found) skipped.push(found.skipped);
    else rows.push(...(await measure(found.interpreter, script, expectedResults(wasm))));
  }
  const means = [...new Set(rows.map(({ interpreter }) => interpreter))].map((interpreter) => {
    const ratios = rows.filter((row) => row.interpreter === interpreter && MEASURE.includes(row.kernel));
    return { interpreter, ratio: geometricMean(ratios.map(({ ratio }) => ratio)) };
  });
  if (values.json) console.log(JSON.stringify({ rows, means, skipped }));
  else console.log(formatTable(rows, means, skipped));
}

async function findContenders(wasm: Uint8Array): Promise<Contender[]> {
  const source = readFileSync("bench/kernels/by-hand.js", "utf8");
  const names = RUNS.map(({ kernel }) => kernel);
  // As a build would ship it; top-level names stay, but get a prefix so that both versions can live in one script.
  const minified = (await minify(source, { ecma: 5, compress: true, mangle: true })).code!;
  const object = (prefix: string) => `{${names.map((name) => `${name}:${prefix}${name}`).join()}}`;
  const prefixed = minified.replace(/\bk_/g, "m_k_");
  return [
    { name: "by hand", statements: source, functions: object("") },
    { name: "by hand, minified", statements: prefixed, functions: object("m_") },
    { name: "generated", statements: `var generated=${jsModuleExpression(wasm, ARENA)};`, functions: "generated" },
  ];
}

function expectedResults(wasm: Uint8Array): readonly number[] {
  const instance = v8Engine.instantiate(wasm, {});
  return RUNS.map(({ kernel, argument }) => {
    const [value] = instance.invoke(kernel, [numeric("i32", argument)], ["i32"]);
    return "bits" in value ? Number(BigInt.asIntN(32, value.bits)) : NaN;
  });
}

/** @throws Error when a contender returns something else than V8 */
async function measure(interpreter: Interpreter, script: string, expected: readonly number[]): Promise<Row[]> {
  const timings = readTimings(await interpreter.run(script));
  return timings.map(({ kernel, results, seconds }, index) => {
    if (results.some((result) => result !== expected[index]))
      throw new Error(`${kernel} on ${interpreter.name}: ${results.join(", ")} instead of ${expected[index]}`);
    const [byHand, byHandMinified, generated] = seconds.map((turns) => 1000 * Math.min(...turns));
    const ratio = generated / byHandMinified;
    return { interpreter: interpreter.name, kernel, byHand, byHandMinified, generated, ratio };
  });
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function formatTable(
  rows: readonly Row[],
  means: readonly { readonly interpreter: string; readonly ratio: number }[],
  skipped: readonly string[],
): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => (index < 2 ? cell.padEnd(11) : cell.padStart(19))).join("");
  const time = (milliseconds: number) => `${milliseconds.toFixed(3)} ms`;
  return [
    line(["", "kernel", "by hand", "by hand, minified", "generated", "to hand, minified"]),
    ...rows.map((row) =>
      line([
        row.interpreter,
        row.kernel,
        time(row.byHand),
        time(row.byHandMinified),
        time(row.generated),
        row.ratio.toFixed(2),
      ]),
    ),
    ...means.map(({ interpreter, ratio }) =>
      line([interpreter, `geometric mean of ${MEASURE.join(", ")}:`.padEnd(68), ratio.toFixed(2)]),
    ),
    ...skipped.map((reason) => `skipped ${reason}`),
  ].join("\n");
}
