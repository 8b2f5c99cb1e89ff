import type { ThumbCompilation, ThumbFunction } from "../../device/compiler/thumb/compilation.js";
import { listFunction } from "../../device/compiler/thumb/listing.js";
import { decodeModule } from "../../device/compiler/decode/module.js";
import type { Image } from "../../device/image/image.js";
import { buildProject } from "../build/build-project.js";
import { Failure, misuse } from "../failure.js";
import { loadProject } from "../project.js";
import type { Project, ProjectOptions } from "../project.js";
import { table } from "../table.js";
import { functionTexts } from "./wasm-text.js";

/** The options of `ristretto inspect`, as commander hands them over. */
export interface InspectOptions extends ProjectOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** What `inspect --json` prints of a function. */
interface Inspected {
  readonly name: string;
  /** Index in the module; undefined for a routine of the runtime. */
  readonly index?: number;
  readonly wasmBytes?: number;
  readonly thumbBytes: number;
  readonly stackBytes?: number;
  /** Where it lies in the machine code. */
  readonly offset: number;
  /** Its body in the text format and its code, a line each. */
  readonly wasm?: readonly string[];
  readonly thumb?: readonly string[];
}

/** Shows the machine code that a program becomes: sizes of all functions, and the code of those that are named. */
export async function inspectProject(path: string, names: readonly string[], options: InspectOptions): Promise<void> {
  const project = await loadProject(path, options);
  const image = await buildProject(project, { console: "espruino", engine: "thumb" });
  const { thumb } = image as Image & { thumb: ThumbCompilation };
  const shown = chosen(project, thumb, names, options.all === true);
  const functions = await inspect(project, thumb, shown);
  if (options.json) process.stdout.write(`${JSON.stringify(facts(image, functions))}\n`);
  else if (shown.size > 0)
    process.stdout.write(
      functions
        .filter(({ thumb }) => thumb)
        .map(sideBySide)
        .join("\n"),
    );
  else process.stdout.write(overview(image, functions));
}

/** By name, index or the name that it is exported by. @throws Failure for a name that no function has */
function chosen(
  { wasm }: Project,
  { functions }: ThumbCompilation,
  names: readonly string[],
  all: boolean,
): Set<ThumbFunction> {
  if (all) return new Set(functions);
  const exported = decodeModule(wasm).exports.filter(({ kind }) => kind === "function");
  return new Set(
    names.flatMap((name) => {
      const index = exported.find((each) => each.name === name)?.index ?? Number(name);
      const found = functions.filter((each) => each.name === name || each.index === index);
      if (found.length > 0) return found;
      throw misuse(`${name}: no function of that name or index`, "without a function, inspect lists them");
    }),
  );
}

async function inspect(
  { wasm, path }: Project,
  compilation: ThumbCompilation,
  shown: ReadonlySet<ThumbFunction>,
): Promise<Inspected[]> {
  const first = decodeModule(wasm).functions.filter(({ body }) => !body).length;
  const texts = shown.size > 0 ? await textsOf(wasm, path) : [];
  return compilation.functions.map((each) => {
    const { name, index, wasmBytes, bytes, frameBytes, offset } = each;
    const sizes = { name, index, wasmBytes, thumbBytes: bytes, stackBytes: frameBytes, offset };
    if (!shown.has(each)) return sizes;
    const thumb = listFunction(compilation, each).map(({ at, text }) => `${at.toString(16).padStart(6)}  ${text}`);
    return { ...sizes, wasm: index === undefined ? undefined : texts[index - first], thumb };
  });
}

async function textsOf(wasm: Uint8Array, path: string): Promise<string[][]> {
  try {
    return await functionTexts(wasm);
  } catch (error) {
    throw new Failure(`${path}: can't be shown as text: ${(error as Error).message}`);
  }
}

function facts({ name, board, source, scriptBytes, arenaBytes, stackBytes, thumb }: Image, functions: Inspected[]) {
  const codeBytes = thumb!.code.length;
  return {
    name,
    board,
    engine: "thumb",
    bytes: source.length,
    scriptBytes,
    codeBytes,
    arenaBytes,
    stackBytes,
    functions,
  };
}

function overview({ name, board, arenaBytes, stackBytes, thumb }: Image, functions: readonly Inspected[]): string {
  const bytes = (value: number | undefined) => (value === undefined ? "" : String(value));
  const row = (each: Inspected) => [each.name, bytes(each.wasmBytes), bytes(each.thumbBytes), bytes(each.stackBytes)];
  const own = functions.filter(({ index }) => index !== undefined).sort((a, b) => b.thumbBytes - a.thumbBytes);
  const routines = functions.filter(({ index }) => index === undefined).sort((a, b) => b.thumbBytes - a.thumbBytes);
  const sum = (of: (each: Inspected) => number | undefined) => own.reduce((total, each) => total + (of(each) ?? 0), 0);
  const rows = [
    ["FUNCTION", "WASM", "THUMB", "STACK"],
    ...own.map(row),
    ["all of the module", bytes(sum((each) => each.wasmBytes)), bytes(sum((each) => each.thumbBytes)), ""],
    ...routines.map(row),
  ];
  return [
    `${name} for ${board}: ${thumb!.code.length} B of machine code, arena ${arenaBytes} B, stack and globals ${stackBytes} B`,
    table(rows),
    "",
  ].join("\n");
}

const LEFT = 44;

/** The text format on the left, machine code on the right: the same function, not line for line. */
function sideBySide({ name, wasmBytes, thumbBytes, stackBytes, wasm = [], thumb = [] }: Inspected): string {
  const sizes = [
    ...(wasmBytes === undefined ? [] : [`wasm ${wasmBytes} B`]),
    `thumb ${thumbBytes} B`,
    ...(stackBytes === undefined ? [] : [`stack ${stackBytes} B`]),
  ];
  const lines = Array.from({ length: Math.max(wasm.length, thumb.length) }, (_, at) => {
    const left = wasm[at] ?? "";
    const cut = left.length > LEFT - 2 ? `${left.slice(0, LEFT - 3)}…` : left;
    return (cut.padEnd(LEFT) + (thumb[at] ?? "")).trimEnd();
  });
  return [`${name}: ${sizes.join(", ")}`, ...lines, ""].join("\n");
}
