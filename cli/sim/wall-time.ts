import type { WallTime } from "../../simulator/core/pacer.js";

/** The computer's own time. */
export const wallTime: WallTime = {
  now: () => performance.now(),
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};
