import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileToJs, type CompileOptions } from "../device/compiler/compile.js";
import { decodeModule } from "../device/compiler/decode/module.js";
import { planMemory } from "../device/compiler/memory/plan.js";
import { compileC, LIBRARY_FLAGS } from "../device/compiler/testing/compile-c.js";
import { findDuktape, findEspruino, type Interpreter, quickJs } from "../device/compiler/testing/interpreters.js";
import { CALLS, MODULE } from "../device/wasi/calls.js";
import { type Count, findCounter } from "./instructions.js";
import { type Contender, type KernelRun, kernelScript, readTimings } from "./kernel-script.js";

/** What it costs that a guest can be left: time in kernels that never wait, bytes in programs. */

const RUNS: readonly KernelRun[] = [
  { kernel: "k_crc", argument: 1 },
  { kernel: "k_mat", argument: 1 },
  { kernel: "k_fib", argument: 18 },
  { kernel: "k_fir", argument: 1 },
];
const ARENA = 8192;

/** As builds for a board compile. */
const SUSPENDING: CompileOptions = {
  waitingImports: Object.keys(CALLS)
    .filter((call) => CALLS[call].waits)
    .map((call) => `${MODULE}.${call}`),
  fuel: true,
};

const FOLDER = "device/compiler/testing/fixtures";
const PROGRAM_FLAGS = ["-Os", "-Wl,-z,stack-size=4096", "-Wl,--strip-debug", "-Wl,--export=__heap_base"];
const HEAP_BYTES = 4096;

interface Time {
  readonly interpreter: string;
  readonly kernel: string;
  /** Milliseconds, the best of all turns. */
  readonly without: number;
  readonly with: number;
}

interface Instructions {
  readonly kernel: string;
  /** Processor instructions of one call on Espruino. */
  readonly without: number;
  readonly with: number;
}

interface Growth {
  readonly program: string;
  readonly bytesWithout: number;
  readonly bytesWith: number;
  readonly functions: number;
  readonly loops: number;
}

/** `npm run bench -- suspension [--json] [--turns N] [--count]` */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: "boolean" }, turns: { type: "string", default: "15" }, count: { type: "boolean" } },
  });
  const wasm = await compileC(readFileSync("bench/kernels/kernels.c", "utf8"), [
    ...LIBRARY_FLAGS,
    "-Wl,-z,stack-size=256",
  ]);
  const contenders = [contender("without", wasm, {}), contender("with", wasm, SUSPENDING)] as const;
  const script = kernelScript(contenders, RUNS, Number(values.turns));
  const times: Time[] = [];
  const skipped: string[] = [];
  for (const found of [findEspruino(), { interpreter: quickJs }, findDuktape()]) {
    if ("skipped" in found) skipped.push(found.skipped);
    else times.push(...(await measure(found.interpreter, script)));
  }
  const instructions: Instructions[] = [];
  if (values.count) {
    const found = findCounter();
    if ("skipped" in found) skipped.push(found.skipped);
    else instructions.push(...RUNS.map((run) => countKernel(run, contenders, found.count)));
  }
  const growths: Growth[] = [];
  for (const file of readdirSync(FOLDER).sort()) {
    if (file.endsWith(".c"))
      growths.push(grow(file, await compileC(readFileSync(join(FOLDER, file), "utf8"), PROGRAM_FLAGS)));
  }
  if (values.json) console.log(JSON.stringify({ times, instructions, growths, skipped }));
  else
    console.log(
      [
        ...formatTimes(times),
        "",
        ...formatInstructions(instructions),
        ...formatGrowths(growths),
        ...skipped.map((why) => `skipped ${why}`),
      ].join("\n"),
    );
}

function contender(name: string, wasm: Uint8Array, options: CompileOptions): Contender {
  const { source, slicedLoops } = compileToJs(wasm, { ...options, memoryBytes: ARENA });
  // Never asked to leave: what is measured is that it could be.
  const fuel = slicedLoops > 0 ? ",function(){return 100000}" : "";
  const variable = `kernels_${name}`;
  return { name, statements: `var ${variable}=(${source})(new ArrayBuffer(${ARENA})${fuel})[0];`, functions: variable };
}

/** @throws Error when both don't return the same */
async function measure(interpreter: Interpreter, script: string): Promise<Time[]> {
  return readTimings(await interpreter.run(script)).map(({ kernel, results, seconds }) => {
    if (results[0] !== results[1]) throw new Error(`${kernel} on ${interpreter.name}: ${results.join(", ")}`);
    const [without, suspending] = seconds.map((turns) => 1000 * Math.min(...turns));
    return { interpreter: interpreter.name, kernel, without, with: suspending };
  });
}

/** What one call takes: a script that makes it, less one that only loads the kernels. */
function countKernel(
  { kernel, argument }: KernelRun,
  contenders: readonly [without: Contender, suspending: Contender],
  count: Count,
): Instructions {
  const [without, suspending] = contenders.map(
    ({ statements, functions }) =>
      count(`${statements}\n${functions}.${kernel}(${argument});`) - count(`${statements}\n${functions}.${kernel};`),
  );
  return { kernel, without, with: suspending };
}

function grow(program: string, wasm: Uint8Array): Growth {
  const { arenaBytes } = planMemory(decodeModule(wasm), HEAP_BYTES);
  const options = { memoryBytes: arenaBytes, exports: ["_start"] };
  const without = compileToJs(wasm, options);
  const suspending = compileToJs(wasm, { ...options, ...SUSPENDING });
  return {
    program,
    bytesWithout: without.source.length,
    bytesWith: suspending.source.length,
    functions: suspending.resumable,
    loops: suspending.slicedLoops,
  };
}

function formatTimes(times: readonly Time[]): string[] {
  const percent = (time: Time) => `${((time.with / time.without - 1) * 100).toFixed(1)}%`;
  return [
    `${"".padEnd(11)}${"kernel".padEnd(9)}${"without".padStart(12)}${"with".padStart(12)}${"slower by".padStart(12)}`,
    ...times.map(
      (time) =>
        `${time.interpreter.padEnd(11)}${time.kernel.padEnd(9)}${`${time.without.toFixed(3)} ms`.padStart(12)}` +
        `${`${time.with.toFixed(3)} ms`.padStart(12)}${percent(time).padStart(12)}`,
    ),
  ];
}

function formatInstructions(all: readonly Instructions[]): string[] {
  if (all.length === 0) return [];
  const millions = (instructions: number) => `${(instructions / 1e6).toFixed(2)} M`;
  return [
    `${"instructions".padEnd(20)}${"without".padStart(12)}${"with".padStart(12)}${"more".padStart(12)}`,
    ...all.map(
      ({ kernel, without, with: suspending }) =>
        `${kernel.padEnd(20)}${millions(without).padStart(12)}${millions(suspending).padStart(12)}` +
        `${((suspending / without - 1) * 100).toFixed(2)}%`.padStart(12),
    ),
    "",
  ];
}

function formatGrowths(growths: readonly Growth[]): string[] {
  return [
    `${"program".padEnd(20)}${"without".padStart(10)}${"with".padStart(10)}${"larger by".padStart(11)}  functions  loops`,
    ...growths.map(
      ({ program, bytesWithout, bytesWith, functions, loops }) =>
        `${program.padEnd(20)}${`${bytesWithout} B`.padStart(10)}${`${bytesWith} B`.padStart(10)}` +
        `${`${((bytesWith / bytesWithout - 1) * 100).toFixed(1)}%`.padStart(11)}${String(functions).padStart(11)}${String(loops).padStart(7)}`,
    ),
  ];
}
