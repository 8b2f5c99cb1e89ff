import type { ConformanceCase } from "./conformance/case.js";

declare function describe(name: string, body: () => void): void;
declare function it(name: string, body: () => void): void;

/** More virtual time than any case takes, in microseconds. */
const PATIENCE = 2_000_000;
const STEP = 1_000;

/**
 * Runs a conformance suite in Jest or any framework that has `describe` and `it`, in virtual time.
 * @param name of what is tested
 * @param cases from `ristretto/hal/testing/conformance`
 * @param make a new subject for each case
 * @param advance lets the subject's time go on by so many microseconds; not needed where no case waits
 */
export function describeConformance<Subject>(
  name: string,
  cases: readonly ConformanceCase<Subject>[],
  make: () => Subject,
  advance?: (subject: Subject, microseconds: number) => void,
): void {
  describe(name, () => {
    for (const current of cases)
      it(current.name, () => {
        const subject = make();
        let over = false;
        let fault: unknown;
        current.run(subject, (found) => {
          if (!over) fault = found;
          over = true;
        });
        for (let passed = 0; !over && advance && passed < PATIENCE; passed += STEP) advance(subject, STEP);
        if (fault !== undefined) throw fault;
        if (!over)
          throw new Error(advance ? `Not over after ${PATIENCE} us of virtual time.` : "It waits: give `advance`.");
      });
  });
}
