import type { ScheduledEvent, VirtualClock } from "../core/virtual-clock.js";
import type { BoardEvents } from "./events.js";

/** What pins, buses and flash need of the board that they are on. */
export interface BoardHost {
  readonly clock: VirtualClock;
  readonly events: BoardEvents;
  readonly supplyMillivolts: number;
  /** Processor time: passes on the clock and counts as awake. Throws `PowerLoss` when the board is off, also for 0. */
  spend(microseconds: number): void;
  /** Takes the supply away and throws `PowerLoss`. */
  losePower(cause: string): never;
  /** An event that is forgotten when the board is reset or loses power. */
  schedule(delay: number, action: () => void): ScheduledEvent;
}

/**
 * Thrown by whatever the processor was doing when the supply went away. It isn't a `HalError`, since no program
 * can handle it: let it through to whoever runs the processor.
 */
export class PowerLoss extends Error {
  constructor(cause: string) {
    super(`the board has no power: ${cause}`);
    this.name = "PowerLoss";
  }
}
