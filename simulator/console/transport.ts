/** A wire to somebody's terminal: bytes both ways, unchanged. */
export interface Transport {
  /** Where to connect, for a person: a path, `tcp://127.0.0.1:2323`. */
  readonly address: string;
  /** Sends, or keeps what can't be sent yet; never waits. */
  write(bytes: Uint8Array): void;
  /** Gives `onData` what has arrived, at once: for Ctrl-C while a script keeps the process busy. */
  poll(): void;
  /** Calls `handler` with what arrives. One handler. */
  onData(handler: (bytes: Uint8Array) => void): void;
  close(): Promise<void>;
}

/** Bytes that wait for a reader; older ones are lost, as on a port that nobody opens. */
const MOST_WAITING_BYTES = 64 << 10;

/** Adds to what waits. */
export function keep(waiting: Uint8Array, bytes: Uint8Array): Uint8Array {
  const all = Buffer.concat([waiting, bytes]);
  return new Uint8Array(all.subarray(Math.max(0, all.length - MOST_WAITING_BYTES)));
}

/** Whether a system call would have had to wait. */
export function wouldWait(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "EAGAIN";
}
