import type { CheckReport, Finding } from "../device/image/check-program.js";
import { checkProgram } from "../device/image/check-program.js";
import { allGrants } from "../device/image/grants.js";
import { whyNoMachineCode } from "../device/image/choose-engine.js";
import { describeReaction } from "../device/image/reactions.js";
import { engineChoice } from "./engine-choice.js";
import { loadProject } from "./project.js";
import type { ProjectOptions } from "./project.js";

/** What `check` tells, and `check --json` prints. */
export interface CheckResult {
  readonly program: string;
  readonly board: string;
  readonly engine: "js" | "thumb";
  readonly fits: boolean;
  readonly wasmBytes: number;
  readonly functions: number;
  readonly imports: readonly string[];
  readonly grants: readonly { readonly path: string; readonly rights: string; readonly what: string }[];
  /** In a reactor: what is called, and for what. */
  readonly reactions: readonly { readonly call: string; readonly when: string }[];
  /** The arena, and how each part of it was found. */
  readonly memory: CheckReport["memory"];
  readonly findings: readonly Finding[];
}

export async function checkProject(path: string, options: ProjectOptions): Promise<CheckResult> {
  const project = await loadProject(path, options);
  const choice = engineChoice(options, project.manifest);
  const engine = choice !== "auto" ? choice : whyNoMachineCode(project.board) === undefined ? "thumb" : "js";
  const report = checkProgram({ ...project, engine });
  return {
    program: project.name,
    board: project.board.id,
    engine,
    fits: !report.findings.some((finding) => finding.severity === "problem"),
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
  };
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
  const lines = [
    `${result.program} on ${result.board}, ${result.engine} engine`,
    `  module   ${result.wasmBytes} B, ${result.functions} functions`,
    `  memory   ${result.memory.arenaBytes} B${partsOf(result)}`,
    `  imports  ${result.imports.join(", ") || "nothing"}`,
  ];
  result.grants.forEach((grant, index) =>
    lines.push(`  ${index ? "        " : "grants  "} ${grant.path} (${grant.rights}): ${grant.what}`),
  );
  result.reactions.forEach(({ call, when }, index) =>
    lines.push(`  ${index ? "        " : "calls   "} ${call}: ${when}`),
  );
  for (const { severity, message, mend } of result.findings) lines.push(`${severity}: ${message}\n  ${mend}`);
  lines.push(result.fits ? "fits" : "does not fit");
  return lines.join("\n") + "\n";
}

function partsOf({ memory }: CheckResult): string {
  const parts = memory.parts.map(({ name, bytes, found }) => `${name} ${bytes} (${found})`);
  return parts.length > 0 ? `: ${parts.join(", ")}` : "";
}
