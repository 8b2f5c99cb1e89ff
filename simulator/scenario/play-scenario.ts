import type { SimulatedBoard } from "../board/index.js";
import type { Part } from "../chips/index.js";
import { formatDuration } from "./duration.js";
import { watchFor } from "./expectations.js";
import { type Located, type Scenario, ScenarioError } from "./parse-scenario.js";
import { type Aftermath, missingFromBoard, performEvent } from "./perform-event.js";
import type { EventDescription } from "./schema.js";

/**
 * What a scenario is played on: a board, and whatever runs there. Power and reset go over the board: whoever runs the
 * processor listens to its `power` and `reset` events and begins anew.
 */
export interface ScenarioTarget {
  readonly board: SimulatedBoard;
  /** By name: what `attachParts` gave. */
  readonly parts: ReadonlyMap<string, Part>;
  /** Types at the console. Called in the middle of anything: takes the bytes into a queue and runs nothing. */
  type(bytes: Uint8Array): void;
  /** Calls `listener` with what the console prints. @returns a function that ends it */
  onConsoleOutput(listener: (bytes: Uint8Array) => void): () => void;
  /** A file of the board's file system, undefined when there is none; absent where there is no file system. */
  readFile?(path: string): Uint8Array | undefined;
  /** Lets everything run up to that moment of the clock; `clock.advanceTo` when absent. */
  runUntil?(microseconds: number): void | Promise<void>;
}

/** How one expectation, or an event that couldn't be done, came out. */
export interface ScenarioFinding {
  /** `scenario.yaml:12:5` */
  readonly where: string;
  /** What was expected, as a sentence. */
  readonly description: string;
  readonly passed: boolean;
  /** What was there instead, when it wasn't met. */
  readonly message?: string;
  /** When it was judged, in microseconds from the start of the run. */
  readonly microseconds: number;
}

/** What came of a scenario. */
export interface ScenarioResult {
  readonly passed: boolean;
  /** Expectations in the order of the file, then events that couldn't be done. */
  readonly findings: readonly ScenarioFinding[];
  /** How long it was, in virtual microseconds. */
  readonly duration: number;
}

/** A scenario that is under way on a board whose clock somebody else moves. */
export interface ScenarioInProgress {
  /** When it is over, on the board's clock. */
  readonly end: number;
  /** What came of it; what wasn't judged yet is judged now. */
  finish(): ScenarioResult;
}

/**
 * Plans events and watches for what is expected, from the clock's present on. They come as the clock is moved on.
 * Throws `ScenarioError` when the board hasn't got what the scenario names.
 */
export function playScenario(scenario: Scenario, target: ScenarioTarget): ScenarioInProgress {
  const { clock } = target.board;
  const start = clock.now();
  const problems: string[] = [];
  for (const event of scenario.events) {
    const missing = missingFromBoard(event, target);
    if (missing) problems.push(`${event.where}: ${missing}`);
  }
  const expected = scenario.expect.flatMap((expectation) => {
    try {
      const watcher = watchFor(expectation, target, start, scenario.duration);
      return [{ where: expectation.where, watcher, finding: undefined as ScenarioFinding | undefined }];
    } catch (error) {
      problems.push(`${expectation.where}: ${(error as Error).message}`);
      return [];
    }
  });
  if (problems.length > 0) {
    for (const { watcher } of expected) watcher.stop();
    throw new ScenarioError(problems);
  }

  const troubles: ScenarioFinding[] = [];
  const aftermaths: { event: Located<EventDescription>; aftermath: Aftermath }[] = [];
  const trouble = (event: Located<EventDescription>, message: string) =>
    troubles.push({
      where: event.where,
      description: `${event.kind} at ${formatDuration(event.at)}`,
      passed: false,
      message,
      microseconds: clock.now() - start,
    });
  for (const event of scenario.events)
    for (const at of timesOf(event, scenario.duration))
      clock.scheduleOutside(at, () => {
        try {
          const aftermath = performEvent(event, target);
          if (aftermath) aftermaths.push({ event, aftermath });
        } catch (error) {
          trouble(event, (error as Error).message);
        }
      });
  const judge = (entry: (typeof expected)[number]) => {
    if (entry.finding) return;
    const { where, watcher } = entry;
    const message = watcher.judge();
    watcher.stop();
    const microseconds = clock.now() - start;
    entry.finding = { where, description: watcher.description, passed: message === undefined, message, microseconds };
  };
  // What is due at the end is judged when everything that was due then has run.
  for (const entry of expected)
    if (entry.watcher.judgedAt < scenario.duration) clock.scheduleOutside(entry.watcher.judgedAt, () => judge(entry));

  return {
    end: start + scenario.duration,
    finish: () => {
      expected.forEach(judge);
      for (const { event, aftermath } of aftermaths.splice(0)) {
        const message = aftermath();
        if (message) trouble(event, message);
      }
      const findings = [...expected.map((entry) => entry.finding!), ...troubles];
      return { passed: findings.every((finding) => finding.passed), findings, duration: clock.now() - start };
    },
  };
}

/** Plays a scenario from the clock's present to its end. Throws as `playScenario` does, and what `runUntil` throws. */
export async function runScenario(scenario: Scenario, target: ScenarioTarget): Promise<ScenarioResult> {
  const progress = playScenario(scenario, target);
  if (target.runUntil) await target.runUntil(progress.end);
  else target.board.clock.advanceTo(progress.end);
  return progress.finish();
}

/** A result for people: a line for each expectation, `ok` or `FAIL`, and what was there instead. */
export function formatResult(result: ScenarioResult): string {
  const lines = result.findings.map(({ passed, where, description, message }) =>
    passed ? `ok   ${where} ${description}` : `FAIL ${where} ${description}: ${message}`,
  );
  const failed = result.findings.filter((finding) => !finding.passed).length;
  const total = result.findings.length;
  lines.push(failed > 0 ? `${failed} of ${total} failed` : `all ${total} passed`);
  return lines.join("\n") + "\n";
}

function timesOf(event: Located<EventDescription>, duration: number): number[] {
  if (event.every === undefined) return [event.at];
  const most = event.times ?? Math.floor((duration - event.at) / event.every) + 1;
  return Array.from({ length: Math.max(0, most) }, (_, i) => event.at + i * event.every!);
}
