import { writeFile } from "node:fs/promises";
import { Failure, misuse } from "../failure.js";
import { loadProject } from "../project.js";
import type { ProjectOptions } from "../project.js";
import { buildProject } from "./build-project.js";

/** The options of `ristretto build`, as commander hands them over. */
export interface BuildOptions extends ProjectOptions {
  readonly standalone?: boolean;
  readonly output?: string;
  readonly json?: boolean;
}

/** Builds a program and writes its code, one byte a char (Latin-1). */
export async function writeImage(path: string, options: BuildOptions): Promise<void> {
  const project = await loadProject(path, options);
  const engine = options.engine ?? project.manifest.engine ?? "js";
  if (engine !== "js") throw misuse(`--engine ${engine}: this engine is not there yet`, "use --engine js");
  const image = await buildProject(project, { console: options.standalone ? "standalone" : "espruino" });
  const output = options.output ?? `${project.name}.js`;
  try {
    await writeFile(output, image.source);
  } catch (error) {
    throw new Failure(`${output}: can't be written: ${(error as Error).message}`, { mend: "name another with -o" });
  }
  const { name, board, arenaBytes, source } = image;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ output, name, board, engine, bytes: source.length, arenaBytes })}\n`
      : `${output}: ${name} for ${options.standalone ? "any ES5 interpreter" : board}, ${source.length} B, arena ${arenaBytes} B\n`,
  );
}
