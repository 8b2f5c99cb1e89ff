/** Restarts the board unless fed in time (embedded-hal 0.2 `watchdog`). */
export interface Watchdog {
  /** Can't be stopped again on most parts. Throws `HalError` of kind `Unsupported` where there is none. */
  start(timeoutMicroseconds: number): void;
  feed(): void;
}
