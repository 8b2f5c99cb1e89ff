import { LAST_CLOCK } from "./clock.js";
import { INVAL } from "./errno.js";
import type { Descriptor, Guest } from "./guest.js";
import { checkRange, load, store } from "./memory.js";
import { microseconds } from "./numbers.js";
import * as right from "./right.js";
import { check, opened, size, tree } from "./target.js";

/** WASI preview 1 `eventtype`. */
const FD_READ = 1;
const FD_WRITE = 2;
/** Bytes of a `subscription` and an `event`. */
const SUBSCRIPTION = 48;
const EVENT = 32;
/** `subclockflags`: the timeout is a time, not a duration. */
const ABSTIME = 1;

/**
 * `poll_oneoff`: waits until one of the subscriptions (48 bytes each) has come, then stores an event (32 bytes) for
 * each that has, and how many. Clocks relative and absolute, realtime and monotonic; reading from whatever there is:
 * console input, an edge of a pin, a port; writing never has to wait. What is wrong with one subscription is told in
 * its event. `inval` for none at all.
 */
export function poll_oneoff(
  guest: Guest,
  subscriptions: number,
  events: number,
  count: number,
  result: number,
): number {
  const clock = guest.clock;
  const begin = clock.monotonic();
  /** What the last look found worth waiting for. */
  let waiting: Descriptor[];
  let soonest: number;

  /** Stores the events that have come; returns how many. */
  function look(): number {
    let found = 0;
    waiting = [];
    soonest = Infinity;
    for (let i = 0; i < count; i++) {
      const words = load(guest, subscriptions + i * SUBSCRIPTION, SUBSCRIPTION / 4);
      const type = words[2] & 255;
      const id = words[4];
      const errno = type
        ? type > FD_WRITE
          ? INVAL
          : check(guest, id, right.POLL_FD_READWRITE)
        : id >>> 0 > LAST_CLOCK
          ? INVAL
          : 0;
      // A duration doesn't care whether the time of day is set meanwhile.
      const now = words[10] & ABSTIME ? (id ? clock.monotonic() : clock.realtime()) : clock.monotonic() - begin;
      const time = type || errno ? 0 : microseconds(words[6], words[7]) - now;
      if (
        !errno &&
        (time > 0 || (type === FD_READ && (opened.edge ? !opened.edge() : opened.wouldBlock && opened.wouldBlock())))
      ) {
        if (type) waiting.push(opened);
        else soonest = Math.min(soonest, time);
      } else {
        const bytes = errno || type !== FD_READ ? 0 : tree ? Math.max(0, size() - opened.position!) : 1;
        store(guest, events + found++ * EVENT, [words[0], words[1], errno | (type << 16), 0, bytes, 0, 0, 0]);
      }
    }
    store(guest, result, [found]);
    return found;
  }

  if (!count) return INVAL;
  return (
    checkRange(guest, subscriptions, count * SUBSCRIPTION) ||
    checkRange(guest, events, count * EVENT) ||
    checkRange(guest, result, 4) ||
    (look()
      ? 0
      : guest.wait(function (done) {
          let stopTimer: (() => void) | undefined;
          function watch(ready: (() => void) | null): void {
            for (let i = 0; i < waiting.length; i++) waiting[i].onReadable = ready;
          }
          function stop(): void {
            watch(null);
            if (stopTimer) stopTimer();
          }
          function again(): void {
            stop();
            if (look()) done(0);
            else start();
          }
          function start(): void {
            watch(again);
            stopTimer = soonest < Infinity ? clock.after(Math.ceil(soonest), again) : undefined;
          }
          start();
          return stop;
        }))
  );
}
