/** What the board drew from its supply since power-up. */
export interface Energy {
  /** The processor ran. */
  readonly activeMicroseconds: number;
  /** The processor slept. */
  readonly asleepMicroseconds: number;
  readonly activeMicroampereHours: number;
  readonly asleepMicroampereHours: number;
  /** The mean current over all of the time, in microamperes; 0 when no time has passed. */
  readonly averageMicroamperes: number;
}

const MICROSECONDS_PER_HOUR = 3.6e9;

/**
 * Counts the processor's time: what is spent is awake, the rest of the time with power is asleep.
 * Only the processor is counted, with the profile's two currents; LEDs and sensors are not.
 */
export class EnergyMeter {
  #active = 0;
  #earlier = 0;
  #onSince: number | undefined;

  constructor(private readonly current: { readonly activeMicroamperes: number; readonly sleepMicroamperes: number }) {}

  powerOn(now: number): void {
    this.#onSince ??= now;
  }

  powerOff(now: number): void {
    if (this.#onSince === undefined) return;
    this.#earlier += now - this.#onSince;
    this.#onSince = undefined;
  }

  /** Processor time, in microseconds. */
  spend(microseconds: number): void {
    this.#active += microseconds;
  }

  report(now: number): Energy {
    const total = this.#earlier + (this.#onSince === undefined ? 0 : now - this.#onSince);
    const asleep = Math.max(0, total - this.#active);
    const activeCharge = (this.#active * this.current.activeMicroamperes) / MICROSECONDS_PER_HOUR;
    const asleepCharge = (asleep * this.current.sleepMicroamperes) / MICROSECONDS_PER_HOUR;
    return {
      activeMicroseconds: this.#active,
      asleepMicroseconds: asleep,
      activeMicroampereHours: activeCharge,
      asleepMicroampereHours: asleepCharge,
      averageMicroamperes: total > 0 ? ((activeCharge + asleepCharge) * MICROSECONDS_PER_HOUR) / total : 0,
    };
  }
}
