/** A command of the test suite that an engine is known not to pass, and why that is as it should be. */
export interface SpecException {
  /** Script without extension, and the line of the command, or the first and last line of a run of them. */
  readonly at: readonly [script: string, first: number, last?: number];
  readonly reason: string;
}

/** Engine name → its exceptions. One that passes is as much a failure as an unlisted one that doesn't. */
export const specExceptions: Readonly<Record<string, readonly SpecException[]>> = {
  v8: [],
  js: [],
};
