/**
 * A conversation with a board as a coroutine: it yields what it wants done and is resumed with what happened. It does
 * no input or output and knows no clock of its own, so that tests can run it byte by byte in virtual time, and
 * `perform` can run it over a real port.
 */
export type Step =
  /** Send these bytes. */
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  /** Wait until bytes arrive, but not beyond `until` (milliseconds of the clock that `Happening.now` tells). */
  | { readonly kind: "receive"; readonly until: number }
  /** Tell whoever started this. */
  | { readonly kind: "report"; readonly progress: Progress };

/** What a coroutine is resumed with: the time, and what arrived if it asked for that. */
export interface Happening {
  /** Milliseconds of a clock that never goes back. */
  readonly now: number;
  /** What arrived; undefined when the wait ended without. */
  readonly bytes?: Uint8Array;
}

/** A conversation that ends with a `T`, or throws a `FlasherError`. */
export type Operation<T> = Generator<Step, T, Happening>;

/** How far flashing has come. `done` and `total` are bytes of the image where the phase moves bytes, else absent. */
export interface Progress {
  readonly phase: "connect" | "inspect" | "compact" | "write" | "verify" | "commit" | "start" | "retry";
  readonly done?: number;
  readonly total?: number;
  /** For a person: the board found, what is retried and why. */
  readonly detail?: string;
}

/** Milliseconds, and a way to be woken: injected so that nothing here waits in real time. */
export interface Clock {
  now(): number;
  /** Calls back once, `milliseconds` from now; returns how to take it back. */
  after(milliseconds: number, call: () => void): () => void;
}

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
