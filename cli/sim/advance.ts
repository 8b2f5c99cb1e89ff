import type { VirtualClock } from "../../simulator/core/virtual-clock.js";

/** Steps of the clock between two looks at the process' own events. */
const stepsAtOnce = 1000;

/** Moves a clock on as fast as it goes, and leaves the process time for its streams. @param end microseconds */
export async function advance(clock: VirtualClock, end: number): Promise<void> {
  for (let due = clock.next(); due !== undefined && due <= end; due = clock.next()) {
    for (let step = 0; step < stepsAtOnce && due !== undefined && due <= end; step++, due = clock.next()) clock.step();
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (end !== Infinity) clock.advanceTo(end);
}
