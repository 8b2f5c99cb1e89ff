/** What a reactor's exports are called for. Each waits for something again and again, and returns how to end that. */
import type { Clock, Edge, EdgePin, Uart } from "../../hal/contract/index.js";
import type { Happen } from "./reactor.js";

/** Bytes of a line that are kept. */
const LONGEST_LINE = 256;

/**
 * Each so many microseconds, counted from now on without drift. What was missed while the board was busy or its clock
 * stood still comes once.
 */
export function every(happen: Happen, clock: Pick<Clock, "monotonic" | "after">, microseconds: number): () => void {
  let due = clock.monotonic();
  let stop: () => void;
  function arm(): void {
    const now = clock.monotonic();
    due += microseconds * Math.max(1, Math.ceil((now - due) / microseconds));
    stop = clock.after(due - now, function () {
      arm();
      happen();
    });
  }
  arm();
  return function () {
    stop();
  };
}

/** Each edge of a pin; tells the level after it, 0 or 1. */
export function onEdge(happen: Happen, pin: EdgePin, edge: Edge): () => void {
  return pin.onEdge(edge, function (high) {
    happen(high ? 1 : 0);
  });
}

/** Each line of a port, without line feeds and carriage returns; what is beyond 256 bytes is lost. */
export function onLine(happen: Happen, port: Uart): () => void {
  let line = "";
  return port.onData(function (bytes) {
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === 10) {
        const whole = line;
        line = "";
        happen(whole);
      } else if (bytes[i] !== 13 && line.length < LONGEST_LINE) line += String.fromCharCode(bytes[i]);
    }
  });
}
