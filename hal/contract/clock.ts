/**
 * Now, and later (WASI preview 1 clocks; embedded-hal `DelayNs` without the busy waiting).
 *
 * All times are microseconds in a double: exact for 285 years.
 */
export interface Clock {
  /** Microseconds since some moment in the past; never goes back. */
  monotonic(): number;
  /** Microseconds since 1970-01-01T00:00:00Z; may be set. */
  realtime(): number;
  /** The smallest step of `monotonic`, in microseconds. */
  readonly resolution: number;
  /**
   * Calls `handler` once from the event loop, at the earliest after so many microseconds.
   * @returns a function that cancels it; calling it late or twice does nothing
   */
  after(microseconds: number, handler: () => void): () => void;
}
