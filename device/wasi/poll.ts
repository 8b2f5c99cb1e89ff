import { unknown } from "./clock.js";
import { check } from "./descriptor.js";
import { FAULT, INVAL } from "./errno.js";
import type { Descriptor, Guest } from "./guest.js";
import { fits, load32, store32, store64 } from "./memory.js";
import { microseconds } from "./numbers.js";
import { POLL_FD_READWRITE } from "./rights.js";

/** WASI preview 1 `eventtype`. */
const CLOCK = 0;
const FD_READ = 1;
const FD_WRITE = 2;
/** Bytes of a `subscription` and an `event`. */
const SUBSCRIPTION = 48;
const EVENT = 32;
/** `subclockflags`: the timeout is a time, not a duration. */
const ABSTIME = 1;

/** A subscription that may have to wait. */
interface Waiting {
  readonly subscription: number;
  readonly type: number;
  /** What is wrong with it: told as an event at once. */
  readonly errno: number;
  /** For a clock: how many microseconds are left. */
  readonly left?: () => number;
  readonly descriptor?: Descriptor;
}

function subscribe(guest: Guest, at: number): Waiting {
  const type = guest.memory[at + 8];
  const id = load32(guest, at + 16);
  if (type === CLOCK) {
    const clock = guest.clock;
    const absolute = guest.memory[at + 40] & ABSTIME;
    // A duration doesn't care whether the time of day is set meanwhile.
    const realtime = absolute && !id;
    let until = microseconds(load32(guest, at + 24), load32(guest, at + 28));
    if (!absolute) until += clock.monotonic();
    return {
      subscription: at,
      type: type,
      errno: unknown(id),
      left: function () {
        return until - (realtime ? clock.realtime() : clock.monotonic());
      },
    };
  }
  const descriptor = guest.descriptors[id];
  return {
    subscription: at,
    type: type,
    errno: type > FD_WRITE ? INVAL : check(descriptor, POLL_FD_READWRITE),
    descriptor: descriptor,
  };
}

function isReady(one: Waiting): boolean {
  const descriptor = one.descriptor;
  if (one.errno) return true;
  if (one.left) return one.left() <= 0;
  return (
    one.type === FD_WRITE ||
    (descriptor!.edge ? descriptor!.edge() : !descriptor!.wouldBlock || !descriptor!.wouldBlock())
  );
}

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
  const list: Waiting[] = [];
  if (!count) return INVAL;
  if (
    !fits(guest, subscriptions, count * SUBSCRIPTION) ||
    !fits(guest, events, count * EVENT) ||
    !fits(guest, result, 4)
  )
    return FAULT;
  for (let i = 0; i < count; i++) list.push(subscribe(guest, subscriptions + i * SUBSCRIPTION));

  function collect(): number {
    const ready: Waiting[] = list.filter(isReady);
    // The events may lie where the subscriptions are, so all of these are read before one of those is written.
    const users = ready.map(function (one) {
      return [load32(guest, one.subscription), load32(guest, one.subscription + 4)];
    });
    for (let i = 0; i < ready.length; i++) {
      const event = events + i * EVENT;
      const descriptor = ready[i].descriptor;
      store32(guest, event, users[i][0]);
      store32(guest, event + 4, users[i][1]);
      store32(guest, event + 8, ready[i].errno | (ready[i].type << 16));
      store32(guest, event + 12, 0);
      store64(
        guest,
        event + 16,
        ready[i].type !== FD_READ || ready[i].errno ? 0 : descriptor!.available ? descriptor!.available() : 1,
      );
      store64(guest, event + 24, 0);
    }
    store32(guest, result, ready.length);
    return ready.length;
  }

  if (collect()) return 0;
  return guest.wait(function (done) {
    let watches: (() => void)[];
    function stop(): void {
      while (watches.length) watches.pop()!();
    }
    function look(): void {
      stop();
      if (collect()) done(0);
      else start();
    }
    function start(): void {
      let soonest = Infinity;
      watches = [];
      for (let i = 0; i < list.length; i++) {
        const descriptor = list[i].descriptor;
        if (list[i].left) soonest = Math.min(soonest, list[i].left!());
        else if (descriptor!.onReadable) watches.push(descriptor!.onReadable(look));
      }
      if (soonest < Infinity) watches.push(guest.clock.after(Math.ceil(soonest), look));
    }
    start();
    return stop;
  });
}
