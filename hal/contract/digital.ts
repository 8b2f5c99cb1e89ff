/**
 * Pins that are high or low (embedded-hal 1.0 `digital`).
 *
 * For driver authors: take the narrowest interface that does; a button takes an `InputPin`.
 * For HAL authors: "high" is the voltage, not the meaning; parts that are active low are the driver's concern.
 * All methods throw `HalError`.
 */
export interface InputPin {
  isHigh(): boolean;
  isLow(): boolean;
}

/** `rising` is low to high, `falling` high to low. */
export type Edge = "rising" | "falling" | "both";

/** An input that tells of its edges. */
export interface EdgePin extends InputPin {
  /**
   * Calls `handler` after each edge, from the event loop, never from within another call.
   * @param handler gets the level after the edge and its time on the monotonic clock in microseconds
   * @returns a function that ends the watch; calling it twice does nothing more
   */
  onEdge(edge: Edge, handler: (high: boolean, microseconds: number) => void): () => void;
}

/**
 * A pin that drives a level (embedded-hal, `digital::OutputPin`).
 * Methods throw `HalError`.
 */
export interface OutputPin {
  setHigh(): void;
  setLow(): void;
  /** `true` is high. */
  setState(high: boolean): void;
}

/** An output that knows what it was set to; this is the driven state, not the measured level. */
export interface StatefulOutputPin extends OutputPin {
  isSetHigh(): boolean;
  isSetLow(): boolean;
  toggle(): void;
}

/** The resistor on an input. */
export type Pull = "none" | "up" | "down";
