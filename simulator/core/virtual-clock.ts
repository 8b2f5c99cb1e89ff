/** A pending event; give it to `cancel`. */
export interface ScheduledEvent {
  readonly microseconds: number;
  readonly sequence: number;
  readonly action: () => void;
  cancelled: boolean;
}

/**
 * The simulator's only source of time: a queue of events in order of time, then of scheduling.
 * Nothing passes unless somebody advances it. All times are microseconds since the simulation began.
 */
export class VirtualClock {
  #now = 0;
  #sequence = 0;
  /** A binary heap, earliest first. */
  readonly #heap: ScheduledEvent[] = [];

  now(): number {
    return this.#now;
  }

  /**
   * @param delay microseconds from now; less than 0 counts as 0
   */
  schedule(delay: number, action: () => void): ScheduledEvent {
    const event: ScheduledEvent = {
      microseconds: this.#now + Math.max(0, delay),
      sequence: this.#sequence++,
      action,
      cancelled: false,
    };
    this.#heap.push(event);
    this.#siftUp(this.#heap.length - 1);
    return event;
  }

  /** Cancelling an event that ran already does nothing. */
  cancel(event: ScheduledEvent): void {
    event.cancelled = true;
  }

  /** When the next event is due, or undefined when none is pending. */
  next(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.microseconds;
  }

  /** Runs the earliest event at its time; false when there is none. */
  step(): boolean {
    this.#dropCancelled();
    const event = this.#pop();
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

  /** Time that a processor spent: moves on without running what falls due meanwhile (it runs at the next step). */
  spend(microseconds: number): void {
    this.#now += microseconds;
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.cancelled) this.#pop();
  }

  #pop(): ScheduledEvent | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last && first !== last) {
      this.#heap[0] = last;
      this.#siftDown(0);
    }
    return first;
  }

  #siftUp(index: number): void {
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #siftDown(index: number): void {
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.#heap.length) return;
      const right = left + 1;
      const child = right < this.#heap.length && earlier(this.#heap[right], this.#heap[left]) ? right : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    if (!earlier(this.#heap[child], this.#heap[parent])) return false;
    [this.#heap[child], this.#heap[parent]] = [this.#heap[parent], this.#heap[child]];
    return true;
  }
}

function earlier(a: ScheduledEvent, b: ScheduledEvent): boolean {
  return a.microseconds < b.microseconds || (a.microseconds === b.microseconds && a.sequence < b.sequence);
}
