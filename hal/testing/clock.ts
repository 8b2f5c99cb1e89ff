import type { Clock } from "../contract/index.js";

/** A clock that stands still until the test moves it. */
export interface MockClock extends Clock {
  /** Lets so many microseconds pass, running what falls due on the way, in order. */
  advance(microseconds: number): void;
  /** Sets the real time, in microseconds since 1970; monotonic time goes on as it was. */
  setRealtime(microseconds: number): void;
  /** How many handlers wait. */
  readonly pending: number;
}

interface Timer {
  readonly due: number;
  readonly handler: () => void;
}

/**
 * Virtual time: a test of a driver that waits for seconds takes none.
 * @param realtime microseconds since 1970 at the start; 2026-01-01 unless given
 */
export function mockClock(realtime = Date.UTC(2026, 0, 1) * 1000): MockClock {
  let now = 0;
  let timers: Timer[] = [];
  return {
    monotonic: () => now,
    realtime: () => realtime + now,
    resolution: 1,
    after: (microseconds, handler) => {
      const timer: Timer = { due: now + Math.max(0, microseconds), handler };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance: (microseconds) => {
      const end = now + microseconds;
      for (;;) {
        // The first of those that are due earliest: sort keeps the order of equals.
        const [next] = timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.due);
        next.handler();
      }
      now = end;
    },
    setRealtime: (microseconds) => {
      realtime = microseconds - now;
    },
    get pending() {
      return timers.length;
    },
  };
}
