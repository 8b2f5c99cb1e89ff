import { buildImage } from "../../device/image/build-image.js";
import { decodeModule } from "../../device/compiler/decode/module.js";
import { planMemory } from "../../device/compiler/memory/plan.js";
import { STANDALONE_HEAP_BYTES } from "../../device/image/heap-bytes.js";
import { type CheckReport, checkProgram } from "../../device/image/check-program.js";
import type { ConsoleKind } from "../../device/image/entry.js";
import { lintForEspruino } from "../../device/image/espruino-lint.js";
import type { Image } from "../../device/image/image.js";
import { Failure } from "../failure.js";
import type { Project } from "../project.js";

/** What may be said beyond the project. */
export interface BuildRequest {
  readonly console: ConsoleKind;
  /** The program's name first; default: the manifest's. */
  readonly args?: readonly string[];
  /** `NAME=value`; default: the manifest's. */
  readonly environ?: readonly string[];
  /** Whether each WASI call is told. */
  readonly trace?: boolean;
}

/**
 * Checks a program and makes its image.
 * @throws Failure with all that `check` would refuse it for
 */
export async function buildProject(project: Project, request: BuildRequest): Promise<Image> {
  const { manifest, board, wasm, name } = project;
  const report = checkProgram({ wasm, manifest, board, engine: "js" });
  const problems = report.findings.filter((finding) => finding.severity === "problem");
  if (problems.length > 0)
    throw new Failure(problems.map(({ message }) => `${project.path} ${message}`).join("\n"), {
      mend: problems[0].mend,
    });
  const image = await buildImage({
    wasm,
    name,
    board,
    console: request.console,
    arenaBytes: arenaFor(project, request, report),
    args: request.args ? request.args.slice(1) : manifest.args,
    environ: request.environ ?? Object.entries(manifest.env).map((pair) => pair.join("=")),
    grants: report.grants,
    trace: request.trace,
  });
  const [first] = lintForEspruino(Buffer.from(image.source).toString("latin1"));
  if (first)
    throw new Failure(`${project.path}: the code made of it would break on Espruino: ${first.message}`, {
      mend: `please report it, with the program; there: ${first.excerpt}`,
    });
  return image;
}

/** A script that is for no board in particular doesn't take what the board it was checked for would have. */
function arenaFor({ wasm, manifest }: Project, request: BuildRequest, { memory }: CheckReport): number {
  if (request.console !== "standalone" || manifest.memory !== undefined) return memory.arenaBytes;
  return planMemory(decodeModule(wasm), STANDALONE_HEAP_BYTES).arenaBytes;
}
