import type { ErrorKind } from "../../hal/contract/index.js";
import type { PinLevel, PinMode } from "./pin.js";

/** What happened on a board; `microseconds` is virtual time. The trace and the screen live on these. */
export type BoardEvent = { readonly microseconds: number } & BoardHappening;

export type BoardHappening =
  | { readonly type: "pin"; readonly pin: string; readonly level: PinLevel; readonly mode: PinMode }
  /** `duty` is 0 to 1, or undefined when the pulses end. */
  | { readonly type: "pwm"; readonly pin: string; readonly duty: number | undefined; readonly hertz: number }
  | {
      readonly type: "i2c";
      readonly bus: string;
      readonly address: number;
      readonly segments: readonly BusSegment[];
      readonly error?: ErrorKind;
    }
  | { readonly type: "spi"; readonly bus: string; readonly sent: Uint8Array; readonly received: Uint8Array }
  | {
      readonly type: "uart";
      readonly port: string;
      readonly direction: "sent" | "received";
      readonly bytes: Uint8Array;
    }
  | {
      readonly type: "flash";
      readonly operation: "program" | "erase";
      readonly address: number;
      readonly bytes: number;
    }
  | { readonly type: "power"; readonly on: boolean; readonly cause: string }
  | { readonly type: "reset"; readonly cause: string }
  /** Something that a real board would suffer without a word: contention on a pin, a lost byte, a wrong SPI mode. */
  | { readonly type: "fault"; readonly where: string; readonly what: string }
  /** A part's input was set from outside: a temperature, a button. */
  | {
      readonly type: "part";
      readonly part: string;
      readonly property: string;
      readonly value: number | string | boolean;
    };

/** One direction of an I2C transaction: between a (repeated) start and the next start or stop. */
export interface BusSegment {
  readonly direction: "write" | "read";
  readonly bytes: Uint8Array;
}

/** Tells listeners, in the order in which they came. Listeners don't change the board. */
export class BoardEvents {
  readonly #listeners = new Set<(event: BoardEvent) => void>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns a function that ends it */
  listen(listener: (event: BoardEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(happening: BoardHappening): void {
    if (this.#listeners.size === 0) return;
    const event: BoardEvent = { microseconds: this.#now(), ...happening };
    for (const listener of this.#listeners) listener(event);
  }
}
