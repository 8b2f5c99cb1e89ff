/**
 * A serial port other than the console (embedded-io `Read`, `Write`, event-driven).
 */
export interface Uart {
  /** Queues the bytes; throws `HalError` of kind `Overrun` if the port's buffer can't take them. */
  write(bytes: ArrayLike<number>): void;
  /**
   * Calls `handler` from the event loop with what has arrived. One handler at a time: a second call replaces the first.
   * @returns a function that ends it
   */
  onData(handler: (bytes: Uint8Array) => void): () => void;
}

/** How bytes go over the line: 8 data bits, least significant first. */
export interface UartConfig {
  /** Bits per second. */
  baud: number;
  parity: "none" | "even" | "odd";
  stopBits: 1 | 2;
}
