import type { ErrorKind, HalError } from "../../contract/error.js";

/**
 * One thing that must hold of every implementation of a capability.
 *
 * Cases are plain ECMAScript 5 without a test framework, so that the very same run in Jest against a fake and, bundled,
 * on a board against a port.
 */
export interface ConformanceCase<Subject> {
  /** Reads as a sentence after the capability's name. */
  readonly name: string;
  /**
   * Throws what is wrong, or tells it to `done`. `done` is called exactly once unless this throws, at once or from an
   * event: the harness must let the subject's time go on until then.
   */
  run(subject: Subject, done: (fault?: unknown) => void): void;
}

/** A case that is over when it returns. */
export function immediate<Subject>(name: string, run: (subject: Subject) => void): ConformanceCase<Subject> {
  return {
    name: name,
    run: function (subject, done) {
      run(subject);
      done();
    },
  };
}

/** Does something from within an event; whatever it throws is the case's fault. */
export function attempt(done: (fault?: unknown) => void, action: () => void): void {
  try {
    action();
  } catch (fault) {
    done(fault);
  }
}

/** What came of a case; `fault` is undefined when it passed. */
export interface CaseResult {
  readonly name: string;
  readonly fault?: string;
}

/**
 * Runs cases one after the other.
 * @param make a new subject for each case
 * @param report called after each case
 * @param finish called after the last, with the number of those that failed
 */
export function runCases<Subject>(
  cases: readonly ConformanceCase<Subject>[],
  make: () => Subject,
  report: (result: CaseResult) => void,
  finish: (failed: number) => void,
): void {
  let failed = 0;
  function runFrom(index: number): void {
    if (index >= cases.length) return finish(failed);
    const current = cases[index];
    let over = false;
    function done(fault?: unknown): void {
      if (over) return;
      over = true;
      if (fault !== undefined) failed++;
      report({ name: current.name, fault: fault === undefined ? undefined : messageOf(fault) });
      runFrom(index + 1);
    }
    try {
      current.run(make(), done);
    } catch (fault) {
      done(fault);
    }
  }
  runFrom(0);
}

function messageOf(fault: unknown): string {
  return "" + ((fault as Error).message || fault);
}

/** @throws Error unless `ok` */
export function check(ok: boolean, what: string): void {
  if (!ok) throw new Error(what);
}

/** @throws Error that tells both unless they are the same value */
export function checkSame(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(what + ": expected " + expected + ", got " + actual);
}

/** @throws Error that tells both unless they hold the same numbers */
export function checkBytes(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  let same = actual.length === expected.length;
  for (let i = 0; same && i < expected.length; i++) same = actual[i] === expected[i];
  if (!same) throw new Error(what + ": expected [" + listOf(expected) + "], got [" + listOf(actual) + "]");
}

function listOf(numbers: ArrayLike<number>): string {
  let list = "";
  for (let i = 0; i < numbers.length && i < 32; i++) list += (i ? " " : "") + numbers[i];
  return numbers.length > 32 ? list + " …" : list;
}

/** @throws Error unless `call` throws a `HalError` of one of these kinds */
export function checkFault(kinds: readonly ErrorKind[], call: () => void, what: string): void {
  let kind: string | undefined;
  try {
    call();
  } catch (error) {
    kind = (error as HalError).kind || "an error without a kind: " + messageOf(error);
  }
  if (kind === undefined) throw new Error(what + ": expected a fault, " + kinds.join(" or ") + ", got none");
  if (kinds.indexOf(kind as ErrorKind) < 0)
    throw new Error(what + ": expected a fault, " + kinds.join(" or ") + ", got " + kind);
}
