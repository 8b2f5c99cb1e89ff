import { type CheckReport, checkProgram } from "../device/image/check-program.js";
import type { Engine } from "../device/image/choose-engine.js";
import type { Project } from "./project.js";

/** A program on a board, and what was found of it. */
export interface CheckedGuest {
  readonly project: Project;
  readonly report: CheckReport;
}

/**
 * Checks a program, and those that run beside it: each by itself, and whether they get along. What concerns all of them
 * is found with the first.
 */
export function checkGuests(project: Project, engine: Engine): readonly CheckedGuest[] {
  const owners = new Map<string, string>();
  const guests = [project, ...project.others].map((guest, index) => ({
    project: guest,
    report: checkProgram({ ...guest, engine, owners, where: index === 0 ? "" : `guests.${guest.name}.` }),
  }));
  if (guests.length === 1) return guests;
  const [main, ...others] = guests;
  const findings = [...main.report.findings];
  const { id, memory } = project.board;
  const wanted = guests.reduce((sum, { report }) => sum + report.memory.arenaBytes, 0);
  const all = memory.jsVars * memory.jsVarBytes;
  if (wanted >= all)
    findings.push({
      severity: "problem",
      message: `needs ${wanted} B of memory with those beside it, and ${id} has ${all} B for everything`,
      mend: 'say how much is enough with "memory", or use a board with more',
    });
  return [{ project, report: { ...main.report, findings } }, ...others];
}
