import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileToJs } from "../device/compiler/compile.js";
import { decodeModule } from "../device/compiler/decode/module.js";
import { planMemory } from "../device/compiler/memory/plan.js";
import { compileC } from "../device/compiler/testing/compile-c.js";

/** How many bytes of JavaScript the compiler makes of programs in C, and how many that is for a byte of WebAssembly. */

const FOLDER = "device/compiler/testing/fixtures";
const FLAGS = ["-Os", "-Wl,-z,stack-size=4096", "-Wl,--strip-debug", "-Wl,--export=__heap_base"];
const HEAP_BYTES = 4096;

interface Row {
  program: string;
  wasmBytes: number;
  jsBytes: number;
  ratio: number;
}

function measure(program: string, wasm: Uint8Array): Row {
  const { arenaBytes } = planMemory(decodeModule(wasm), HEAP_BYTES);
  const { source } = compileToJs(wasm, { memoryBytes: arenaBytes, exports: ["_start"] });
  return row(program, wasm.length, source.length);
}

function row(program: string, wasmBytes: number, jsBytes: number): Row {
  return { program, wasmBytes, jsBytes, ratio: jsBytes / wasmBytes };
}

/** `npm run bench -- size [--json]` */
export async function run(args: readonly string[]): Promise<void> {
  const rows: Row[] = [];
  for (const file of readdirSync(FOLDER).sort()) {
    if (!file.endsWith(".c")) continue;
    rows.push(measure(file, await compileC(readFileSync(join(FOLDER, file), "utf8"), FLAGS)));
  }
  const sum = (of: (each: Row) => number) => rows.reduce((total, each) => total + of(each), 0);
  rows.push(
    row(
      "all",
      sum(({ wasmBytes }) => wasmBytes),
      sum(({ jsBytes }) => jsBytes),
    ),
  );
  if (args.includes("--json")) {
    console.log(JSON.stringify(rows));
    return;
  }
  console.log(`${"program".padEnd(20)} ${"wasm".padStart(9)} ${"js".padStart(9)} ${"js/wasm".padStart(8)}`);
  for (const { program, wasmBytes, jsBytes, ratio } of rows) {
    const counts = [wasmBytes, jsBytes].map((bytes) => bytes.toLocaleString("en-US").padStart(9)).join(" ");
    console.log(`${program.padEnd(20)} ${counts} ${ratio.toFixed(2).padStart(8)}`);
  }
}
