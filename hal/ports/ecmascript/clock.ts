import type { Clock } from "../../contract/clock.js";

declare var setTimeout: ((handler: () => void, milliseconds: number) => unknown) | undefined;
declare function clearTimeout(id: unknown): void;

interface Timer {
  readonly due: number;
  readonly handler: () => void;
}

/** Where there is no event loop: what waits, earliest first. */
var timers: Timer[] = [];
/** Microseconds by which `Date` was seen to go back, in all. */
var offset = 0;
var latest = 0;

/** Microseconds of `Date`, kept from going back. */
export function monotonic(): number {
  var now = Date.now() * 1000 + offset;
  if (now < latest) offset += latest - now;
  else latest = now;
  return latest;
}

/**
 * Runs what waits, spinning until each is due, until nothing waits any more: the event loop of an interpreter that
 * has none. To be called last; returns at once where there is `setTimeout`.
 */
export function runTimers(): void {
  for (;;) {
    var timer = timers.shift();
    if (!timer) return;
    while (monotonic() < timer.due);
    timer.handler();
  }
}

function wait(timer: Timer): () => void {
  var at = timers.length;
  while (at > 0 && timers[at - 1].due > timer.due) at--;
  timers.splice(at, 0, timer);
  return function () {
    var index = timers.indexOf(timer);
    if (index >= 0) timers.splice(index, 1);
  };
}

/** `setTimeout`, or else a place in what `runTimers` runs. */
export function after(microseconds: number, handler: () => void): () => void {
  var due = monotonic() + microseconds;
  if (typeof setTimeout !== "function") return wait({ due: due, handler: handler });
  var sleep = setTimeout;
  var timer: unknown;
  var ended = false;
  function wake(): void {
    if (ended) return;
    var left = due - monotonic();
    if (left > 0) timer = sleep(wake, left / 1000);
    else {
      ended = true;
      handler();
    }
  }
  timer = sleep(wake, microseconds / 1000);
  return function () {
    if (!ended) clearTimeout(timer);
    ended = true;
  };
}

/** Microseconds since 1970. */
export function realtime(): number {
  return Date.now() * 1000;
}

/** Microseconds: `Date` counts milliseconds. */
export const RESOLUTION = 1000;

/** All of the clock that ECMAScript has. */
export const clock: Clock = { monotonic: monotonic, realtime: realtime, resolution: RESOLUTION, after: after };
