import { RandomGenerator } from "../core/random-generator.js";

/** A value that may change with time; in a scenario a plain number is a constant. */
export type SignalDescription =
  | number
  /** From one value to another in `seconds`, then it stays. */
  | { readonly ramp: { readonly from: number; readonly to: number; readonly seconds: number } }
  /** `mean` + `amplitude` * sin(2 pi t / `period`); `phase` is a part of the period, 0 to 1. */
  | {
      readonly sine: {
        readonly mean: number;
        readonly amplitude: number;
        /** Seconds. */
        readonly period: number;
        readonly phase?: number;
      };
    }
  /** Normal noise around a signal, a new value each `every` seconds. */
  | {
      readonly noise: {
        readonly around: SignalDescription;
        readonly deviation: number;
        /** Seconds; 0.001 when absent. */
        readonly every?: number;
      };
    };

/** The seed for what a part measures or puts out, so that each has noise of its own. */
export function signalSeed(boardSeed: number, part: string, property: string): number {
  return RandomGenerator.forPurpose(boardSeed, `signal ${part} ${property}`).uint32();
}

/** The value at so many microseconds of virtual time. */
export type Signal = (microseconds: number) => number;

/**
 * Makes the signal; its own time begins at `start`.
 * @param seed of this signal alone, as `signalSeed` gives it: two signals with one seed have the same noise
 * Noise is a pure function of seed and time, so looking twice at the same moment gives the same value.
 */
export function makeSignal(description: SignalDescription, start: number, seed: number): Signal {
  if (typeof description === "number") return () => description;
  if ("ramp" in description) {
    const { from, to, seconds } = description.ramp;
    return (now) => {
      const part = seconds > 0 ? Math.min(1, Math.max(0, (now - start) / 1e6 / seconds)) : 1;
      return from + (to - from) * part;
    };
  }
  if ("sine" in description) {
    const { mean, amplitude, period, phase = 0 } = description.sine;
    return (now) => mean + amplitude * Math.sin(2 * Math.PI * ((now - start) / 1e6 / period + phase));
  }
  const { around, deviation, every = 0.001 } = description.noise;
  const base = makeSignal(around, start, seed);
  return (now) => {
    const slot = Math.floor((now - start) / 1e6 / every);
    return base(now) + deviation * RandomGenerator.forPurpose(seed, `noise ${slot}`).normal();
  };
}
