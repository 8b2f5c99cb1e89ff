import type { PinLevel, PinMode } from "../board/index.js";

/** What the screen shows: plain data, made anew at each look. */
export interface Snapshot {
  readonly board: { readonly id: string; readonly name: string };
  readonly time: {
    /** Virtual time since the simulation began. */
    readonly microseconds: number;
    /** Virtual seconds in a second; `Infinity` is as fast as it goes. */
    readonly speed: number;
    readonly paused: boolean;
  };
  readonly power: {
    readonly on: boolean;
    readonly averageMicroamperes: number;
    readonly microampereHours: number;
    /** The part of the time in which the processor ran, 0 to 1. */
    readonly awake: number;
  };
  /** Pins that something is on, or that the program uses. */
  readonly pins: readonly PinView[];
  /** How many pins aren't listed, since nothing happens there. */
  readonly idlePins: number;
  readonly leds: readonly { readonly name: string; readonly color: string; readonly brightness: number }[];
  readonly buttons: readonly { readonly name: string; readonly pressed: boolean }[];
  /** Other parts, each property with its unit in words, ready to be shown. */
  readonly sensors: readonly { readonly name: string; readonly type: string; readonly shows: string }[];
  /** Lines of the console, the last one being the one with the cursor. */
  readonly console: readonly string[];
  /** Files on the board; undefined where there is no file system. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[] | undefined;
  readonly flash: { readonly erases: number; readonly bytesProgrammed: number; readonly mostWorn: number };
  /** What the hardware suffered last, newest last. */
  readonly messages: readonly string[];
}

/** A pin as it is shown. */
export interface PinView {
  readonly name: string;
  readonly alias?: string;
  readonly mode: PinMode;
  readonly level: PinLevel;
  /** 0 to 1 while there is a PWM. */
  readonly duty?: number;
}

/** What a person at the screen can do. */
export interface Commands {
  /** Types at the board's console. */
  type(bytes: Uint8Array): void;
  setPaused(paused: boolean): void;
  faster(): void;
  slower(): void;
  setButton(name: string, pressed: boolean): void;
  /** The reset line. */
  reset(): void;
  setPower(on: boolean): void;
}

/** A running simulation as the screen sees it. */
export interface SimulatorView {
  look(): Snapshot;
  /** Calls `listener` when another look may show something else. @returns a function that ends it */
  onChange(listener: () => void): () => void;
  readonly commands: Commands;
}
