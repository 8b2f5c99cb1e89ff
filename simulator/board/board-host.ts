import type { ScheduledEvent, VirtualClock } from "../core/virtual-clock.js";
import type { BoardEvents } from "./events.js";

/** What pins, buses and flash need of the board that they are on. */
export interface BoardHost {
  readonly clock: VirtualClock;
  readonly events: BoardEvents;
  readonly supplyMillivolts: number;
  /**
   * Processor time: passes on the clock and counts as awake. Throws `ProcessorStopped` when the board is off, also for
   * 0 microseconds, and when it lost power or was reset meanwhile.
   */
  spend(microseconds: number): void;
  /** Takes the supply away and throws `PowerLoss`. */
  losePower(cause: string): never;
  /** An event for the processor's event loop, forgotten when the board is reset or loses power. */
  schedule(delay: number, action: () => void): ScheduledEvent;
  /** An event of a peripheral: at its moment, also while the processor is busy; forgotten likewise. */
  schedulePeripheral(delay: number, action: () => void): ScheduledEvent;
}

/**
 * Thrown by whatever the processor was doing when it stopped. It isn't a `HalError`, since no program can handle it:
 * let it through to whoever runs the processor, which begins anew when the board has power.
 */
export class ProcessorStopped extends Error {}

/** The supply went away. */
export class PowerLoss extends ProcessorStopped {
  constructor(cause: string) {
    super(`the board has no power: ${cause}`);
    this.name = "PowerLoss";
  }
}

/** The board was reset from outside: by its reset line or its watchdog. */
export class BoardReset extends ProcessorStopped {
  constructor(cause: string) {
    super(`the board was reset: ${cause}`);
    this.name = "BoardReset";
  }
}
