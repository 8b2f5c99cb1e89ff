import { writeFile } from "node:fs/promises";
import { engineChoice } from "../engine-choice.js";
import { Failure } from "../failure.js";
import { loadProject } from "../project.js";
import type { ProjectOptions } from "../project.js";
import type { Image } from "../../device/image/image.js";
import { buildProject } from "./build-project.js";
import { checkStorage } from "./storage-fit.js";

/** The options of `ristretto build`, as commander hands them over. */
export interface BuildOptions extends ProjectOptions {
  readonly standalone?: boolean;
  readonly output?: string;
  readonly json?: boolean;
}

/** Builds a program and writes its code, one byte a char (Latin-1). */
export async function writeImage(path: string, options: BuildOptions): Promise<void> {
  const project = await loadProject(path, options);
  const image = await buildProject(project, {
    console: options.standalone ? "standalone" : "espruino",
    engine: engineChoice(options, project.manifest),
    measureSuspension: true,
  });
  const [misfit] = options.standalone ? [] : checkStorage(image, project.board);
  if (misfit?.severity === "problem") throw new Failure(`${path} ${misfit.message}`, { mend: misfit.mend });
  const output = options.output ?? `${project.name}.js`;
  try {
    await writeFile(output, image.source);
  } catch (error) {
    throw new Failure(`${output}: can't be written: ${(error as Error).message}`, { mend: "name another with -o" });
  }
  process.stdout.write(options.json ? `${JSON.stringify(facts(output, image))}\n` : describe(output, image, options));
}

function describe(output: string, image: Image, options: BuildOptions) {
  const { name, board, arenaBytes, stackBytes, source, suspension, thumb } = image;
  const target = options.standalone ? "any ES5 interpreter" : board;
  const code = thumb ? `, ${thumb.code.length} B of it machine code` : "";
  const stack = stackBytes === undefined ? "" : `, stack and globals ${stackBytes} B`;
  return `${output}: ${name} for ${target}, ${source.length} B${code}, arena ${arenaBytes} B${stack}\n${describeSuspension(suspension)}`;
}

function describeSuspension(suspension: Image["suspension"]): string {
  if (!suspension?.functions) return "";
  const { functions, loops, bytes } = suspension;
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
  const sliced = loops > 0 ? `, in ${count(loops, "loop")} when a slice is over` : "";
  return `  can be left while it waits: ${count(functions, "function")}${sliced}; ${bytes} B of the code\n`;
}

/** What `--json` prints; with machine code a line for each function of the module and each routine of the runtime. */
function facts(output: string, image: Image) {
  const { name, board, engine, source, scriptBytes, arenaBytes, stackBytes, suspension, thumb } = image;
  const functions = thumb?.functions.map((each) => ({
    name: each.name,
    index: each.index,
    wasmBytes: each.wasmBytes,
    thumbBytes: each.bytes,
    stackBytes: each.frameBytes,
  }));
  const codeBytes = thumb?.code.length;
  const bytes = source.length;
  return { output, name, board, engine, bytes, scriptBytes, codeBytes, arenaBytes, stackBytes, suspension, functions };
}
