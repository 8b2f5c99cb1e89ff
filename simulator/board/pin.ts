import type { Edge } from "../../hal/contract/index.js";
import type { PinProfile } from "../../hal/boards/profile.js";
import type { BoardHost } from "./board-host.js";

/** A wire's value, in the letters of IEEE 1364: low, high, floating, driven both ways at once. */
export type PinLevel = "0" | "1" | "z" | "x";

/** Modes by Espruino's names (`pinMode`); `analog` is the state after a reset: nothing drives, nothing pulls. */
export type PinMode =
  | "analog"
  | "input"
  | "input_pullup"
  | "input_pulldown"
  | "output"
  | "opendrain"
  | "opendrain_pullup"
  | "af_output"
  | "af_opendrain";

/** Something outside the processor that is soldered to a pin. */
export interface PinSource {
  /** Drives the wire hard; undefined lets go. */
  drive(high: boolean | undefined): void;
  /** A resistor to supply or ground; undefined removes it. Stronger than the processor's own. */
  pull(high: boolean | undefined): void;
  /** A voltage in millivolts as a function of virtual time in microseconds; undefined removes it. */
  voltage(millivolts: ((microseconds: number) => number) | undefined): void;
  /** Lets go of the wire for good. */
  disconnect(): void;
}

interface SourceState {
  readonly name: string;
  drive?: boolean;
  pull?: boolean;
  voltage?: (microseconds: number) => number;
}

/**
 * One pin and the wire on it: what the processor does, what parts do, and the level that comes of it.
 *
 * Pulses of a PWM are not single events: `level` follows the phase when it is looked at, but no edges are told.
 */
export class SimulatedPin {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly #host: BoardHost;
  readonly #sources = new Set<SourceState>();
  readonly #changes = new Set<(level: PinLevel, pin: SimulatedPin) => void>();
  readonly #watches = new Set<() => void>();
  #mode: PinMode = "analog";
  #output = false;
  #pwm: { duty: number; hertz: number; since: number } | undefined;
  #level: PinLevel = "z";
  #pulseEnd = 0;
  #pulseGeneration = 0;

  constructor(
    readonly profile: PinProfile,
    host: BoardHost,
  ) {
    this.name = profile.name;
    this.aliases = profile.aliases ?? [];
    this.#host = host;
  }

  // What the processor does

  get mode(): PinMode {
    return this.#mode;
  }

  setMode(mode: PinMode): void {
    this.#mode = mode;
    if (mode !== "af_output" && mode !== "af_opendrain") this.#endPwm();
    this.#update();
  }

  /** The output latch, which an output (or an open drain) puts on the wire. */
  get output(): boolean {
    return this.#output;
  }

  /** Sets the latch; the mode stays as it is. Ends a PWM and what is left of a pulse. */
  write(high: boolean): void {
    this.#pulseGeneration++;
    this.#pulseEnd = 0;
    this.#latch(high);
  }

  #latch(high: boolean): void {
    this.#output = high;
    this.#endPwm();
    if (this.#mode === "af_output") this.#mode = "output";
    if (this.#mode === "af_opendrain") this.#mode = "opendrain";
    this.#update();
  }

  /** The level as a digital input reads it; a floating wire and contention read low. */
  read(): boolean {
    return this.level === "1";
  }

  /**
   * Pulses on the output, by a timer and not by the processor (Espruino's `digitalPulse`): the latch becomes
   * `high` and is inverted after each time. A call while pulses are left goes on after them.
   * @param durations microseconds, each more than 0
   * @returns when the last pulse ends, in virtual microseconds
   */
  pulse(high: boolean, durations: readonly number[]): number {
    const generation = this.#pulseGeneration;
    const now = this.#host.clock.now();
    let at = Math.max(now, this.#pulseEnd);
    let level = high;
    const turn = (when: number, value: boolean) => {
      if (when <= now) return this.#latch(value);
      this.#host.schedulePeripheral(when - now, () => {
        if (this.#pulseGeneration === generation) this.#latch(value);
      });
    };
    for (const duration of durations) {
      turn(at, level);
      at += duration;
      level = !level;
    }
    if (durations.length > 0) turn(at, level);
    return (this.#pulseEnd = at);
  }

  get pwm(): { readonly duty: number; readonly hertz: number } | undefined {
    return this.#pwm;
  }

  /** @param duty 0 to 1, clamped; @param hertz more than 0 */
  setPwm(duty: number, hertz: number): void {
    const clamped = Math.min(1, Math.max(0, duty));
    this.#pulseGeneration++;
    this.#pwm = { duty: clamped, hertz, since: this.#host.clock.now() };
    this.#mode = this.#mode.includes("opendrain") ? "af_opendrain" : "af_output";
    this.#host.events.emit({ type: "pwm", pin: this.name, duty: clamped, hertz });
    this.#update();
  }

  /**
   * Calls `handler` after each edge, from the event loop, until the board is reset or loses power.
   * @param handler gets the level after the edge and the edge's virtual time
   * @returns a function that ends the watch
   */
  watch(edge: Edge, handler: (high: boolean, microseconds: number) => void): () => void {
    let active = true;
    let before = this.read();
    const end = this.onChange(() => {
      const high = this.read();
      if (high === before) return;
      before = high;
      if (edge !== "both" && high !== (edge === "rising")) return;
      const at = this.#host.clock.now();
      this.#host.schedule(0, () => {
        if (active) handler(high, at);
      });
    });
    const stop = () => {
      active = false;
      end();
      this.#watches.delete(stop);
    };
    this.#watches.add(stop);
    return stop;
  }

  // What the world does

  /** Solders something to the pin. @param name for messages about contention */
  connect(name: string): PinSource {
    const state: SourceState = { name };
    this.#sources.add(state);
    return {
      drive: (high) => {
        state.drive = high;
        this.#update();
      },
      pull: (high) => {
        state.pull = high;
        this.#update();
      },
      voltage: (millivolts) => {
        state.voltage = millivolts;
        this.#update();
      },
      disconnect: () => {
        this.#sources.delete(state);
        this.#update();
      },
    };
  }

  /** Calls `listener` at once, within the call that changes the level or the PWM; for parts and recorders. */
  onChange(listener: (level: PinLevel, pin: SimulatedPin) => void): () => void {
    this.#changes.add(listener);
    return () => this.#changes.delete(listener);
  }

  // What comes of it

  get level(): PinLevel {
    return this.#resolve();
  }

  /** The voltage on the wire in millivolts: of an analog source, or by the level; a floating wire has 0. */
  get millivolts(): number {
    const supply = this.#host.supplyMillivolts;
    const driven = this.#processorDrive();
    if (driven === undefined)
      for (const source of this.#sources)
        if (source.voltage) return Math.min(supply, Math.max(0, source.voltage(this.#host.clock.now())));
    return this.#resolve() === "1" ? supply : 0;
  }

  /** One conversion of a 12-bit converter: 0 to 1 in steps of 1/4095. */
  convert(): number {
    return Math.round((this.millivolts / this.#host.supplyMillivolts) * 4095) / 4095;
  }

  /** Back to the state after power-up: analog, latch low, no watch, no pulse, no PWM. Parts stay soldered. */
  reset(): void {
    this.#pulseGeneration++;
    this.#pulseEnd = 0;
    for (const stop of [...this.#watches]) stop();
    this.#output = false;
    this.setMode("analog");
  }

  #endPwm(): void {
    if (!this.#pwm) return;
    const { hertz } = this.#pwm;
    this.#pwm = undefined;
    this.#host.events.emit({ type: "pwm", pin: this.name, duty: undefined, hertz });
    for (const listener of this.#changes) listener(this.#level, this);
  }

  #processorDrive(): boolean | undefined {
    const open = this.#mode.includes("opendrain");
    if (!open && this.#mode !== "output" && this.#mode !== "af_output") return undefined;
    const high = this.#pwm ? pwmPhase(this.#pwm, this.#host.clock.now()) : this.#output;
    return open && high ? undefined : high;
  }

  #resolve(): PinLevel {
    let low = false;
    let high = false;
    const own = this.#processorDrive();
    if (own !== undefined) {
      low = !own;
      high = own;
    }
    let pull: boolean | undefined;
    let voltage: ((microseconds: number) => number) | undefined;
    for (const source of this.#sources) {
      if (source.drive === true) high = true;
      if (source.drive === false) low = true;
      pull ??= source.pull;
      voltage ??= source.voltage;
    }
    if (low && high) return "x";
    if (low || high) return high ? "1" : "0";
    if (voltage) return voltage(this.#host.clock.now()) * 2 >= this.#host.supplyMillivolts ? "1" : "0";
    pull ??= this.#mode.endsWith("pullup") ? true : this.#mode === "input_pulldown" ? false : undefined;
    return pull === undefined ? "z" : pull ? "1" : "0";
  }

  #update(): void {
    const level = this.#resolve();
    if (level === this.#level && !this.#pwm) return;
    const before = this.#level;
    this.#level = level;
    if (level !== before) {
      this.#host.events.emit({ type: "pin", pin: this.name, level, mode: this.#mode });
      if (level === "x") {
        const names = [...this.#sources].filter((source) => source.drive !== undefined).map((source) => source.name);
        this.#host.events.emit({
          type: "fault",
          where: this.name,
          what: `driven both ways, also by ${names.join(", ")}`,
        });
      }
    }
    for (const listener of this.#changes) listener(level, this);
  }
}

function pwmPhase(pwm: { duty: number; hertz: number; since: number }, now: number): boolean {
  const phase = ((now - pwm.since) * pwm.hertz) / 1e6;
  return phase - Math.floor(phase) < pwm.duty;
}
