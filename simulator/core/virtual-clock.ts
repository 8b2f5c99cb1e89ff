import { EventHeap, isEarlier, type ScheduledEvent } from "./event-heap.js";

export type { ScheduledEvent } from "./event-heap.js";

/**
 * The simulator's only source of time: a queue of events in order of time, then of scheduling.
 * Nothing passes unless somebody advances it. All times are microseconds since the simulation began.
 *
 * There are two kinds of events. What a processor does (`schedule`) waits while the processor is busy, that is
 * while it spends time. What the world does (`scheduleOutside`) doesn't: a button is pressed and a byte arrives
 * at its moment, also in the middle of what the processor does.
 */
export class VirtualClock {
  #now = 0;
  #sequence = 0;
  readonly #processor = new EventHeap();
  readonly #outside = new EventHeap();

  now(): number {
    return this.#now;
  }

  /**
   * An event for the processor's event loop.
   * @param delay microseconds from now; less than 0 counts as 0
   */
  schedule(delay: number, action: () => void): ScheduledEvent {
    return this.#add(this.#processor, delay, action);
  }

  /**
   * An event outside the processor, which also happens while time is spent. It may change what a processor will
   * see, but must not run a processor's code or spend time.
   * @param delay as with `schedule`
   */
  scheduleOutside(delay: number, action: () => void): ScheduledEvent {
    return this.#add(this.#outside, delay, action);
  }

  /** Cancelling an event that ran already does nothing. */
  cancel(event: ScheduledEvent): void {
    event.cancelled = true;
  }

  /** When the next event is due, or undefined when none is pending. */
  next(): number | undefined {
    return this.#earliest()?.first()?.microseconds;
  }

  /** Runs the earliest event at its time; false when there is none. */
  step(): boolean {
    const event = this.#earliest()?.pop();
    if (!event) return false;
    this.#now = Math.max(this.#now, event.microseconds);
    event.action();
    return true;
  }

  /** Runs everything due up to `microseconds`, then stands there. */
  advanceTo(microseconds: number): void {
    for (let due = this.next(); due !== undefined && due <= microseconds; due = this.next()) this.step();
    this.#now = Math.max(this.#now, microseconds);
  }

  /**
   * Time that a processor spent: moves on. What falls due outside meanwhile happens at its moment; what falls due
   * for the processor runs at the next step.
   * @param stopped asked after each event; once it says so, no more time is spent
   */
  spend(microseconds: number, stopped: () => boolean = () => false): void {
    const end = this.#now + microseconds;
    for (let event = this.#outside.first(); event && event.microseconds <= end; event = this.#outside.first()) {
      this.#outside.pop();
      this.#now = Math.max(this.#now, event.microseconds);
      event.action();
      if (stopped()) return;
    }
    this.#now = Math.max(this.#now, end);
  }

  #add(heap: EventHeap, delay: number, action: () => void): ScheduledEvent {
    const event: ScheduledEvent = {
      microseconds: this.#now + Math.max(0, delay),
      sequence: this.#sequence++,
      action,
      cancelled: false,
    };
    heap.push(event);
    return event;
  }

  #earliest(): EventHeap | undefined {
    const processor = this.#processor.first();
    const outside = this.#outside.first();
    if (!outside) return processor && this.#processor;
    return processor && isEarlier(processor, outside) ? this.#processor : this.#outside;
  }
}
