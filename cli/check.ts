import type { CheckReport, Finding } from "../device/image/check-program.js";
import { allGrants } from "../device/image/grants.js";
import { type Engine, whyNoMachineCode } from "../device/image/choose-engine.js";
import { describeReaction } from "../device/image/reactions.js";
import { type Suggestion, suggestionLines } from "../device/image/suggest-manifest.js";
import { type CheckedGuest, checkGuests } from "./check-guests.js";
import { engineChoice } from "./engine-choice.js";
import type { EngineChoice } from "./engine-choice.js";
import { Failure } from "./failure.js";
import type { Image } from "../device/image/image.js";
import { checkStorage, storageNeed } from "./build/storage-fit.js";
import type { StorageNeed } from "./build/storage-fit.js";
import { loadProject } from "./project.js";
import type { Project, ProjectOptions } from "./project.js";

/** What `check` tells, and `check --json` prints. */
export interface CheckResult {
  readonly program: string;
  readonly board: string;
  readonly engine: "js" | "thumb";
  readonly fits: boolean;
  readonly wasmBytes: number;
  /**
   * Of the code for the board, and of what it takes of the board's Storage; absent when it can't be built, and of programs
   * beside it.
   */
  readonly codeBytes?: number;
  readonly storage?: StorageNeed;
  readonly functions: number;
  readonly imports: readonly string[];
  readonly grants: readonly { readonly path: string; readonly rights: string; readonly what: string }[];
  /** In a reactor: what is called, and for what. */
  readonly reactions: readonly { readonly call: string; readonly when: string }[];
  /** The arena, and how each part of it was found. */
  readonly memory: CheckReport["memory"];
  readonly findings: readonly Finding[];
  /** What could be added to its manifest, as far as the module shows what it needs. */
  readonly suggestion?: Suggestion;
  /** The same of programs that run beside it. */
  readonly others: readonly CheckResult[];
}

/**
 * Checks a program, builds it if nothing is wrong so far, and holds its size against the board's.
 * @throws Failure, ManifestError as `loadProject`
 */
export async function checkProject(path: string, options: ProjectOptions): Promise<CheckResult> {
  const project = await loadProject(path, options);
  const choice = engineChoice(options, project.manifest);
  const engine = choice !== "auto" ? choice : whyNoMachineCode(project.board) === undefined ? "thumb" : "js";
  const [main, ...others] = checkGuests(project, engine);
  const broken = [main, ...others].some(({ report }) => hasProblem(report.findings));
  const { image, findings: ofImage } = broken ? { findings: [] } : await checkImage(project, choice);
  const findings = [...main.report.findings, ...ofImage];
  return {
    ...resultOf({ project, report: { ...main.report, findings } }, image?.engine ?? engine, others),
    codeBytes: image?.source.length,
    storage: image && storageNeed(image, project.board),
  };
}

function resultOf({ project, report }: CheckedGuest, engine: Engine, beside: readonly CheckedGuest[]): CheckResult {
  const others = beside.map((other) => resultOf(other, engine, []));
  return {
    program: project.name,
    board: project.board.id,
    engine,
    fits: !hasProblem(report.findings) && others.every((other) => other.fits),
    wasmBytes: project.wasm.length,
    functions: report.functionCount,
    imports: report.imports,
    grants: allGrants(report.grants).map((grant) => ({
      path: grant.path,
      rights: grant.rights,
      what: describeGrant(grant),
    })),
    reactions: report.reactions.map((reaction) => ({ call: reaction.call, when: describeReaction(reaction) })),
    memory: report.memory,
    findings: report.findings,
    suggestion: report.suggestion,
    others,
  };
}

function hasProblem(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === "problem");
}

/** Builds it, which can fail yet, and holds its size against the board's Storage. */
async function checkImage(
  project: Project,
  engine: EngineChoice,
): Promise<{ readonly image?: Image; readonly findings: readonly Finding[] }> {
  const { buildProject } = await import("./build/build-project.js");
  try {
    const image = await buildProject(project, { console: "espruino", engine });
    return { image, findings: checkStorage(image, project.board) };
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode === 2) throw error;
    const message = error.message.replace(`${project.path} `, "").replace(`${project.path}: `, "");
    return { findings: [{ severity: "problem", message, mend: error.mend ?? "see docs/write-a-program.md" }] };
  }
}

/** What stands behind a path: `directory /log`, `pin D5`, `I2C1 at 100 kHz`. */
function describeGrant(grant: object): string {
  const { directory, pin, bus, hertz, baud, select } = grant as Record<string, string | number | undefined>;
  if (directory !== undefined) return `directory ${directory}`;
  if (pin !== undefined) return `pin ${pin}`;
  const speed = hertz === undefined ? `${baud} baud` : `${Number(hertz) / 1000} kHz`;
  return `${bus} at ${speed}${select === undefined ? "" : `, chip select ${select}`}`;
}

/** The report for a person. */
export function printCheck(result: CheckResult): string {
  const lines = [result, ...result.others].flatMap(linesOf);
  return [...lines, result.fits ? "fits" : "does not fit"].join("\n") + "\n";
}

function linesOf(result: CheckResult): string[] {
  const lines = [
    `${result.program} on ${result.board}, ${result.engine} engine`,
    `  module   ${result.wasmBytes} B, ${result.functions} function${result.functions === 1 ? "" : "s"}`,
    `  memory   ${result.memory.arenaBytes} B${partsOf(result)}`,
    ...(result.storage
      ? [
          `  code     ${result.codeBytes} B; ${result.storage.program} B of ${result.storage.total - result.storage.beside} B in Storage`,
        ]
      : []),
    `  imports  ${result.imports.join(", ") || "nothing"}`,
  ];
  result.grants.forEach((grant, index) =>
    lines.push(`  ${index ? "        " : "grants  "} ${grant.path} (${grant.rights}): ${grant.what}`),
  );
  result.reactions.forEach(({ call, when }, index) =>
    lines.push(`  ${index ? "        " : "calls   "} ${call}: ${when}`),
  );
  for (const { severity, message, mend } of result.findings) lines.push(`${severity}: ${message}\n  ${mend}`);
  if (result.suggestion)
    lines.push(
      "add to its manifest, with the pins that are meant:",
      ...suggestionLines(result.suggestion).map((line) => `  ${line}`),
    );
  return lines;
}

function partsOf({ memory }: CheckResult): string {
  const parts = memory.parts.map(({ name, bytes, found }) => `${name} ${bytes} (${found})`);
  return parts.length > 0 ? `: ${parts.join(", ")}` : "";
}
