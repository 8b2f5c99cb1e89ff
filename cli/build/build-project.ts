import { buildImage } from "../../device/image/build-image.js";
import { ModuleError } from "../../device/compiler/compile.js";
import { decodeModule } from "../../device/compiler/decode/module.js";
import { planMemory } from "../../device/compiler/memory/plan.js";
import { type Engine, whyNoMachineCode, whyTooLarge } from "../../device/image/choose-engine.js";
import { STANDALONE_HEAP_BYTES } from "../../device/image/heap-bytes.js";
import type { CheckReport } from "../../device/image/check-program.js";
import type { ConsoleKind } from "../../device/image/entry.js";
import { lintForEspruino } from "../../device/image/espruino-lint.js";
import type { Image } from "../../device/image/image.js";
import type { EngineChoice } from "../engine-choice.js";
import { checkGuests } from "../check-guests.js";
import { Failure, misuse } from "../failure.js";
import type { Project } from "../project.js";

/** What may be said beyond the project. */
export interface BuildRequest {
  readonly console: ConsoleKind;
  /** `auto`: machine code where board and program allow it; stderr gets a line where they don't. */
  readonly engine: EngineChoice;
  /** The program's name first; default: the manifest's. */
  readonly args?: readonly string[];
  /** `NAME=value`; default: the manifest's. */
  readonly environ?: readonly string[];
  /** Whether to find out what it costs that the guest can be left. */
  readonly measureSuspension?: boolean;
  /** Whether each WASI call is told. */
  readonly trace?: boolean;
}

/**
 * Checks a program and makes its image.
 * @throws Failure with all that `check` would refuse it for
 */
export async function buildProject(project: Project, request: BuildRequest): Promise<Image> {
  if (request.engine !== "auto") return buildFor(request.engine, project, request);
  const reason = request.console === "standalone" ? undefined : whyNoMachineCode(project.board);
  if (request.console !== "standalone" && reason === undefined) {
    try {
      return await buildFor("thumb", project, request);
    } catch (error) {
      if (!(error instanceof NoMachineCode)) throw error;
      tellOfJs(project, error.message);
    }
  } else if (reason !== undefined) tellOfJs(project, reason);
  return buildFor("js", project, request);
}

function tellOfJs({ name }: Project, reason: string): void {
  process.stderr.write(`ristretto: ${name} runs on the js engine: ${reason}\n`);
}

/** A program that machine code can't be made of for this board, while the other engine may do. */
class NoMachineCode extends Failure {}

async function buildFor(engine: Engine, project: Project, request: BuildRequest): Promise<Image> {
  const { manifest, board, wasm, name } = project;
  if (engine === "thumb" && request.console === "standalone")
    throw misuse("--standalone --engine thumb: machine code runs on Espruino only", "leave out one of them");
  const guests = checkGuests(project, engine);
  const problems = guests.flatMap(({ project: { path }, report: { findings } }) =>
    findings.flatMap(({ severity, message, mend }) =>
      severity === "problem" ? [{ message: `${path} ${message}`, mend }] : [],
    ),
  );
  if (problems.length > 0)
    throw new Failure(problems.map(({ message }) => message).join("\n"), { mend: problems[0].mend });
  const [{ report }, ...others] = guests;
  const image = await compiling(engine, project, () =>
    buildImage({
      wasm,
      name,
      board,
      console: request.console,
      arenaBytes: arenaFor(project, request, report),
      args: request.args ? request.args.slice(1) : manifest.args,
      environ: request.environ ?? Object.entries(manifest.env).map((pair) => pair.join("=")),
      grants: report.grants,
      reactions: report.reactions,
      slice: manifest.slice,
      trace: request.trace,
      measureSuspension: request.measureSuspension,
      engine,
      others: others.map(({ project: other, report: checked }) => ({
        wasm: other.wasm,
        name: other.name,
        arenaBytes: arenaFor(other, request, checked),
        args: other.manifest.args,
        environ: Object.entries(other.manifest.env).map((pair) => pair.join("=")),
        grants: checked.grants,
        reactions: checked.reactions,
        slice: other.manifest.slice,
      })),
    }),
  );
  const { source, scriptBytes = source.length, stackBytes, thumb } = image;
  const tooLarge =
    thumb && whyTooLarge({ arenaBytes: image.arenaBytes, stackBytes: stackBytes!, codeBytes: source.length - scriptBytes }, board);
  if (tooLarge) throw new NoMachineCode(`${project.path} ${tooLarge}`, { mend: "give less --memory, or use --engine js" });
  const [first] = lintForEspruino(Buffer.from(source.subarray(0, scriptBytes)).toString("latin1"));
  if (first)
    throw new Failure(`${project.path}: the code made of it would break on Espruino: ${first.message}`, {
      mend: `please report it, with the program; there: ${first.excerpt}`,
    });
  return image;
}

/** A module that only one engine refuses can run on the other. */
async function compiling(engine: Engine, { path }: Project, build: () => Promise<Image>): Promise<Image> {
  try {
    return await build();
  } catch (error) {
    if (engine === "js" || !(error instanceof ModuleError)) throw error;
    throw new NoMachineCode(`${path}: ${error.message}`, { mend: "use --engine js" });
  }
}

/** A script that is for no board in particular doesn't take what the board it was checked for would have. */
function arenaFor({ wasm, manifest }: Project, request: BuildRequest, { memory }: CheckReport): number {
  if (request.console !== "standalone" || manifest.memory !== undefined) return memory.arenaBytes;
  return planMemory(decodeModule(wasm), STANDALONE_HEAP_BYTES).arenaBytes;
}
