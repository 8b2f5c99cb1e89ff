import type { Engine } from "./engine.js";
import { type SpecException, specExceptions } from "./spec-exceptions.js";
import { runSpecScript, type SpecResult } from "./spec-runner.js";
import type { SpecScript } from "./spec-script.js";

/** A script's result, held against the list of exceptions. */
export interface SpecVerdict extends SpecResult {
  /** Failures that the list foresees. */
  readonly excepted: number;
  /** What is wrong: a failure that isn't in the list, or an exception that no failure matches. */
  readonly problems: readonly string[];
}

/** Runs a script on an engine; `problems` is empty when everything went as the list of exceptions says. */
export function judgeSpecScript(
  engine: Engine,
  script: SpecScript,
  exceptions: readonly SpecException[] = specExceptions[engine.name] ?? [],
): SpecVerdict {
  const result = runSpecScript(engine, script);
  const own = exceptions.filter(({ at }) => at[0] === script.name);
  const covers = ({ at: [, first, last = first] }: SpecException, line: number) => line >= first && line <= last;
  const unexpected = result.failures.filter(({ line }) => !own.some((exception) => covers(exception, line)));
  const idle = own.filter((exception) => !result.failures.some(({ line }) => covers(exception, line)));
  return {
    ...result,
    excepted: result.failures.length - unexpected.length,
    problems: [
      ...unexpected.map(({ line, type, reason }) => `${script.name}.wast:${line}: ${type}: ${reason}`),
      ...idle.map(({ at: [, line] }) => `${script.name}.wast:${line}: passes, so remove it from spec-exceptions.ts`),
    ],
  };
}

const COLUMNS = ["assert_return", "assert_trap", "other", "excepted", "skipped", "failed"] as const;

/** A table of counts, one script a line, with totals. */
export function formatVerdicts(verdicts: readonly SpecVerdict[]): string {
  const rows = verdicts.map((verdict) => {
    const { assert_return: returns = 0, assert_trap: traps = 0, ...others } = verdict.passed;
    const other = Object.values(others).reduce((sum, count) => sum + count, 0);
    return [returns, traps, other, verdict.excepted, verdict.skipped, verdict.failures.length - verdict.excepted];
  });
  const totals = COLUMNS.map((_, column) => rows.reduce((sum, row) => sum + row[column], 0));
  const line = (name: string, cells: readonly (string | number)[]) =>
    name.padEnd(24) + cells.map((cell) => String(cell).padStart(15)).join("");
  return [
    line("script", COLUMNS),
    ...rows.map((row, index) => line(verdicts[index].name, row)),
    line(`${verdicts.length} scripts`, totals),
  ].join("\n");
}
