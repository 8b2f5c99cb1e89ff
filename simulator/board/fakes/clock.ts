import type { Clock } from "../../../hal/contract/index.js";
import type { SimulatedBoard } from "../simulated-board.js";

/** Virtual time in steps of one microsecond; what was to come later is forgotten at a reset, as a timer is. */
export function boardClock(board: SimulatedBoard): Clock {
  return {
    monotonic: () => Math.floor(board.clock.now()),
    realtime: () => Math.floor(board.realtime()),
    resolution: 1,
    after: (microseconds, handler) => {
      const event = board.schedule(microseconds, handler);
      return () => board.cancel(event);
    },
  };
}
