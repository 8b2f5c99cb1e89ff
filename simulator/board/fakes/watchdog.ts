import { halError, type Watchdog } from "../../../hal/contract/index.js";
import type { ScheduledEvent } from "../../core/virtual-clock.js";
import type { SimulatedBoard } from "../simulated-board.js";

/** Resets the board with cause `watchdog` unless it is fed in time. */
export function boardWatchdog(board: SimulatedBoard): Watchdog {
  let timeout: number | undefined;
  let pending: ScheduledEvent | undefined;
  const wind = () => {
    if (pending) board.cancel(pending);
    pending = timeout === undefined ? undefined : board.schedulePeripheral(timeout, () => board.reset("watchdog"));
  };
  return {
    start: (timeoutMicroseconds) => {
      if (!(timeoutMicroseconds > 0)) throw halError("Unsupported", "the watchdog's time must be more than 0");
      timeout = timeoutMicroseconds;
      wind();
    },
    feed: wind,
  };
}
