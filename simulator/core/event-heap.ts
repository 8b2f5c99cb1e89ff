/** A pending event; give it to `cancel`. */
export interface ScheduledEvent {
  readonly microseconds: number;
  readonly sequence: number;
  readonly action: () => void;
  cancelled: boolean;
}

/** A binary heap of events, the earliest first; of two at one time, the one that was scheduled first. */
export class EventHeap {
  readonly #heap: ScheduledEvent[] = [];

  push(event: ScheduledEvent): void {
    this.#heap.push(event);
    this.#siftUp(this.#heap.length - 1);
  }

  /** The earliest that isn't cancelled. */
  first(): ScheduledEvent | undefined {
    while (this.#heap[0]?.cancelled) this.pop();
    return this.#heap[0];
  }

  pop(): ScheduledEvent | undefined {
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
      const child = right < this.#heap.length && isEarlier(this.#heap[right], this.#heap[left]) ? right : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    if (!isEarlier(this.#heap[child], this.#heap[parent])) return false;
    [this.#heap[child], this.#heap[parent]] = [this.#heap[parent], this.#heap[child]];
    return true;
  }
}

/** Whether one event comes before another: by time, then in the order in which they were scheduled. */
export function isEarlier(a: ScheduledEvent, b: ScheduledEvent): boolean {
  return a.microseconds < b.microseconds || (a.microseconds === b.microseconds && a.sequence < b.sequence);
}
