import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadProject } from "../cli/project.js";
import { decodeModule, type Module } from "../device/compiler/decode/module.js";
import { planMemory } from "../device/compiler/memory/plan.js";
import { compileC, LIBRARY_FLAGS } from "../device/compiler/testing/compile-c.js";
import { instantiateThumb } from "../device/compiler/testing/thumb-instance.js";
import { v8Engine } from "../device/compiler/testing/v8-engine.js";
import { numeric } from "../device/compiler/testing/values.js";
import type { ThumbCompilation } from "../device/compiler/thumb/compilation.js";
import { compileToThumb } from "../device/compiler/thumb/compile.js";
import { compileReference } from "./reference-code.js";

/** Machine code against what gcc makes of the same C, in cycles of a Cortex-M0+; and how long it is. */

interface Kernel {
  readonly file: string;
  readonly name: string;
  readonly argument: number;
  /** Cycles of gcc -O2, and how many times as many others take, as measured once: see docs/performance.md. */
  readonly known?: { readonly gcc: number; readonly wasm2c: number; readonly wasm3: number };
}

const INTEGERS = "bench/kernels/kernels.c";
const KERNELS: readonly Kernel[] = [
  { file: INTEGERS, name: "k_crc", argument: 1, known: { gcc: 89109, wasm2c: 1.25, wasm3: 49 } },
  { file: INTEGERS, name: "k_mat", argument: 1, known: { gcc: 654805, wasm2c: 3.77, wasm3: 64 } },
  { file: INTEGERS, name: "k_fir", argument: 1, known: { gcc: 197854, wasm2c: 1.6, wasm3: 62 } },
  { file: INTEGERS, name: "k_fib", argument: 20, known: { gcc: 272053, wasm2c: 0.93, wasm3: 37 } },
  ...["sort", "base64", "wide", "interpret"].map((name) => ({
    file: "bench/thumb-kernels/integers.c",
    name,
    argument: 1,
  })),
  { file: "bench/thumb-kernels/biquad.c", name: "biquad", argument: 1 },
];

/** As images for boards are built. */
const WRITES = "wasi_snapshot_preview1.fd_write";

interface SpeedRow {
  readonly kernel: string;
  readonly cycles: number;
  readonly instructions: number;
  /** Cycles of gcc -O2, measured where it is here. */
  readonly gcc?: number;
  readonly toGcc?: number;
  readonly wasm2cToGcc?: number;
  readonly wasm3ToGcc?: number;
}

interface SizeRow {
  readonly program: string;
  /** Of the module's code section. */
  readonly wasmBytes: number;
  /** Of all code that is flashed, the runtime's routines among it. */
  readonly thumbBytes: number;
  readonly routineBytes: number;
  readonly toWasm: number;
}

/** `npm run bench -- thumb [--json]` */
export async function run(args: readonly string[]): Promise<void> {
  const { rows, references } = await measureSpeed();
  const sizes = await measureSizes();
  const means = {
    known: geometricMean(rows.filter(({ wasm3ToGcc }) => wasm3ToGcc !== undefined)),
    all: geometricMean(rows),
  };
  if (args.includes("--json")) console.log(JSON.stringify({ references, rows, means, sizes }));
  else console.log(formatSpeed(rows, means, references) + "\n\n" + formatSizes(sizes));
}

async function measureSpeed(): Promise<{ rows: SpeedRow[]; references: string }> {
  const rows: SpeedRow[] = [];
  let references = "gcc isn't here (arm-none-eabi-gcc): its figures are from the time of writing";
  for (const file of new Set(KERNELS.map((kernel) => kernel.file))) {
    const kernels = KERNELS.filter((kernel) => kernel.file === file);
    const names = kernels.map(({ name }) => name);
    const wasm = await compileC(readFileSync(file, "utf8"), [...LIBRARY_FLAGS, "-Wl,-z,stack-size=256"]);
    const memoryBytes = planMemory(decodeModule(wasm), 0).arenaBytes;
    const compilation = compileToThumb(wasm, { memoryBytes, exports: names });
    const gcc = compileReference(file, "-O2", names);
    if (gcc) references = `${gcc.version}, measured with the rest`;
    for (const { name, argument, known } of kernels) {
      const own = runKernel(compilation, memoryBytes, name, argument);
      const [expected] = v8Engine.instantiate(wasm, {}).invoke(name, [numeric("i32", argument)], ["i32"]);
      if (!("bits" in expected) || Number(expected.bits) !== own.result)
        throw new Error(`${name} returns ${own.result} instead of what V8 does`);
      const measured = gcc?.run(name, argument);
      // Of floats only the engines must agree to the bit: C may contract and reorder.
      const reference = measured?.cycles ?? known?.gcc;
      rows.push({
        kernel: name,
        cycles: own.cycles,
        instructions: own.instructions,
        gcc: reference,
        toGcc: reference && own.cycles / reference,
        wasm2cToGcc: known?.wasm2c,
        wasm3ToGcc: known?.wasm3,
      });
    }
  }
  return { rows, references };
}

function runKernel(compilation: ThumbCompilation, memoryBytes: number, name: string, argument: number) {
  const instance = instantiateThumb(compilation, { memoryBytes, imports: [] });
  const [result] = instance.call(name, [argument], 1);
  return { result: result >>> 0, cycles: instance.cycles, instructions: instance.instructions };
}

async function measureSizes(): Promise<SizeRow[]> {
  const rows: SizeRow[] = [];
  for (const folder of readdirSync("examples", { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const source = readdirSync(join("examples", folder.name)).find((file) => /\.(c|wat|as\.ts|wasm)$/.test(file));
    if (!source) continue;
    const { wasm } = await loadProject(join("examples", folder.name, source), {});
    const module = decodeModule(wasm);
    const { arenaBytes } = planMemory(module, 0);
    const { code, functions } = compileToThumb(wasm, {
      memoryBytes: arenaBytes,
      exports: exportedFunctions(module),
      bufferedWrites: WRITES,
    });
    const routineBytes = functions.reduce((sum, { index, bytes }) => sum + (index === undefined ? bytes : 0), 0);
    rows.push(sizeRow(folder.name, codeSectionBytes(module), code.length, routineBytes));
  }
  const sum = (of: (row: SizeRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  rows.push(
    sizeRow(
      "all",
      sum(({ wasmBytes }) => wasmBytes),
      sum(({ thumbBytes }) => thumbBytes),
      sum(({ routineBytes }) => routineBytes),
    ),
  );
  return rows;
}

function sizeRow(program: string, wasmBytes: number, thumbBytes: number, routineBytes: number): SizeRow {
  return { program, wasmBytes, thumbBytes, routineBytes, toWasm: thumbBytes / wasmBytes };
}

function exportedFunctions({ exports }: Module): string[] {
  return exports.flatMap(({ name, kind }) => (kind === "function" ? name : []));
}

/** From the first body to the end of the last: bodies follow each other with their lengths between. */
function codeSectionBytes({ functions }: Module): number {
  const bodies = functions.flatMap(({ body }) => body ?? []);
  return bodies.length === 0 ? 0 : Math.max(...bodies.map(({ end }) => end)) - bodies[0].start;
}

function geometricMean(rows: readonly SpeedRow[]): number | undefined {
  const ratios = rows.flatMap(({ toGcc }) => toGcc ?? []);
  if (ratios.length < rows.length) return undefined;
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

const count = (value: number | undefined) => value?.toLocaleString("en-US") ?? "";
const ratio = (value: number | undefined) => value?.toFixed(2) ?? "";

function formatSpeed(
  rows: readonly SpeedRow[],
  means: { readonly known?: number; readonly all?: number },
  references: string,
): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(24) : cell.padStart(14))).join("");
  return [
    line(["cycles, Cortex-M0+", "thumb", "gcc -O2", "thumb/gcc", "wasm2c/gcc", "wasm3/gcc"]),
    ...rows.map((row) =>
      line([
        row.kernel,
        count(row.cycles),
        count(row.gcc),
        ratio(row.toGcc),
        ratio(row.wasm2cToGcc),
        ratio(row.wasm3ToGcc),
      ]),
    ),
    line(["mean of k_*", "", "", ratio(means.known)]),
    line(["mean of all", "", "", ratio(means.all)]),
    references,
  ].join("\n");
}

function formatSizes(rows: readonly SizeRow[]): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(24) : cell.padStart(14))).join("");
  return [
    line(["bytes of code", "wasm", "thumb", "of it runtime", "thumb/wasm"]),
    ...rows.map((row) =>
      line([row.program, count(row.wasmBytes), count(row.thumbBytes), count(row.routineBytes), ratio(row.toWasm)]),
    ),
  ].join("\n");
}
