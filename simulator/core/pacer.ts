import type { VirtualClock } from "./virtual-clock.js";

/** Time on the wall, given from outside so that tests have their own. */
export interface WallTime {
  /** Milliseconds since some moment. */
  now(): number;
  /** Calls `action` once after so many milliseconds. @returns a function that cancels it */
  after(milliseconds: number, action: () => void): () => void;
}

/** Milliseconds between two turns, and how long one may take, so that a screen stays alive. */
const TURN_MILLISECONDS = 16;
const BUDGET_MILLISECONDS = 12;
/** Time on the wall that is made up for after the process was held up; more is forgotten. */
const LATE_MILLISECONDS = 250;

/**
 * Moves a virtual clock along with the wall's, at any speed, or as fast as it goes.
 * Where the simulation can't keep up, virtual time falls behind rather than piling up.
 */
export class Pacer {
  #speed = 1;
  #paused = false;
  #cancel: (() => void) | undefined;
  #last = 0;
  #goal = 0;
  #stopped = true;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly wall: WallTime,
  ) {}

  /** Virtual seconds in a second; `Infinity` is as fast as it goes. */
  get speed(): number {
    return this.#speed;
  }

  /** @param speed more than 0 */
  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#beginHere();
  }

  get paused(): boolean {
    return this.#paused;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#beginHere();
    this.#tell();
  }

  /** Begins to move the clock; starting twice does nothing. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#beginHere();
    this.#turnLater(TURN_MILLISECONDS);
  }

  /** Lets the clock stand; `start` goes on. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** Calls `listener` after each turn in which the clock may have moved. @returns a function that ends it */
  onTurn(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #beginHere(): void {
    this.#last = this.wall.now();
    this.#goal = this.clock.now();
  }

  #turnLater(milliseconds: number): void {
    this.#cancel?.();
    this.#cancel = this.wall.after(milliseconds, () => this.#turn());
  }

  #turn(): void {
    const start = this.wall.now();
    const elapsed = Math.min(LATE_MILLISECONDS, start - this.#last);
    this.#last = start;
    if (!this.#paused) {
      this.#goal += elapsed * 1000 * this.#speed;
      this.#runTo(this.#speed === Infinity ? Infinity : this.#goal, start + BUDGET_MILLISECONDS);
      this.#tell();
    }
    if (!this.#stopped) this.#turnLater(this.#speed === Infinity && !this.#paused ? 0 : TURN_MILLISECONDS);
  }

  #runTo(goal: number, deadline: number): void {
    const { clock } = this;
    for (let due = clock.next(); due !== undefined && due <= goal; due = clock.next()) {
      if (this.wall.now() >= deadline) {
        this.#goal = Math.min(this.#goal, clock.now());
        return;
      }
      clock.step();
      if (this.#stopped || this.#paused) return;
    }
    if (goal !== Infinity) clock.advanceTo(goal);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
