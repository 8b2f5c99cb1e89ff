/** What went wrong, for scripts: never parse `message`. */
export type FlasherErrorKind =
  /** The port isn't written as a path or `tcp://host:port`. */
  | "port-address"
  | "port-missing"
  | "port-denied"
  | "port-busy"
  /** It was there and went away. */
  | "port-lost"
  /** The port opened and nothing came back. */
  | "no-answer"
  /** Something talks there, but it isn't an Espruino prompt. */
  | "not-espruino"
  /** The prompt asks for a password. */
  | "board-locked"
  /** The firmware lacks something that this needs. */
  | "board-unsupported"
  | "wrong-board"
  | "storage-full"
  /** It would fit, but only after Storage moved everything, which isn't safe against a power cut. */
  | "compaction-needed"
  /** Storage holds boot code that isn't ours. */
  | "boot-code-present"
  /** The program keeps files, and the board has no flash for a file system. */
  | "no-file-flash"
  /** Flash for files would have to be set aside at the beginning of Storage, where other files are. */
  | "storage-not-empty"
  /** What was written doesn't read back. */
  | "verify-failed"
  /** More errors on the line than retries could mend. */
  | "line-noise"
  /** There is no other program to go back to. */
  | "nothing-to-roll-back"
  /** The new program failed as it started; the old one runs again if there was one. */
  | "program-failed"
  /** The board threw an exception that nobody expected. */
  | "board-error";

/**
 * The only error that this room throws on purpose. `message` is complete: what happened, where, and how to mend it.
 */
export class FlasherError extends Error {
  override readonly name = "FlasherError";
  /** Of the process: 2 for wrong usage, 1 for everything else. */
  readonly exitCode: 1 | 2;

  /**
   * @param kind for scripts
   * @param what what happened and where, one sentence without the full stop
   * @param mend what to do about it, a sentence
   */
  constructor(
    readonly kind: FlasherErrorKind,
    readonly what: string,
    readonly mend: string,
  ) {
    super(`${what}. ${mend}`);
    this.exitCode = kind === "port-address" ? 2 : 1;
  }
}
