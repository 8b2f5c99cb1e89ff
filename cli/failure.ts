/**
 * Something that a person can mend: what happened, where, and how to go on.
 * The command prints it in one line and leaves with `exitCode`; anything else that is thrown is a fault of ours.
 */
export class Failure extends Error {
  /** What the process ends with: 1 refused with a reason, 2 the command was used wrongly. */
  readonly exitCode: 1 | 2;
  /** How to mend it: a command or a line to write, without a full stop. */
  readonly mend: string | undefined;
  /** What a tool said, to be shown as it is, above the line. */
  readonly detail: string | undefined;

  constructor(what: string, options: { mend?: string; exitCode?: 1 | 2; detail?: string } = {}) {
    super(what);
    this.name = "Failure";
    this.exitCode = options.exitCode ?? 1;
    this.mend = options.mend;
    this.detail = options.detail;
  }
}

/** The command line itself is wrong. */
export function misuse(what: string, mend?: string): Failure {
  return new Failure(what, { mend, exitCode: 2 });
}
