import type { ScheduledEvent } from "../../core/virtual-clock.js";
import type { NativeContext, Natives } from "./context.js";

/** Timers and watches on the board's clock, after `jsiIdle` of `jsinteractive.c`. */
export function timerNatives({ board, enter }: NativeContext, listen: (pin: string) => void): Natives {
  const timers = new Map<number, { event: ScheduledEvent; interval: number }>();
  const watches = new Map<number, () => void>();
  const seconds = (microseconds: number) => (microseconds + board.realtime() - board.clock.now()) / 1e6;

  const start = (id: number, due: number, interval: number) => {
    const event = board.schedule(due - board.clock.now(), () => {
      // The next turn counts from when this one was due, so that an interval doesn't drift.
      if (interval > 0) start(id, due + interval, interval);
      else timers.delete(id);
      enter("timer", id);
    });
    timers.set(id, { event, interval });
  };
  const stop = (id: number) => {
    const timer = timers.get(id);
    if (timer) board.cancel(timer.event);
    timers.delete(id);
  };

  const watch = (id: number, name: string, edge: number, debounce: number) => {
    const pin = board.pin(name);
    listen(pin.name);
    let state = pin.read();
    let lastTime: number | undefined;
    let pending: { event: ScheduledEvent; state: boolean } | undefined;
    const happen = (high: boolean, at: number) => {
      state = high;
      const before = lastTime;
      lastTime = seconds(at);
      if (edge === 0 || high === edge > 0) enter("watch", id, high, pin.name, lastTime, before);
    };
    const settle = (high: boolean, at: number) => {
      if (!pending && high === state) return;
      if (pending) board.cancel(pending.event);
      const event = board.schedule(at + debounce - board.clock.now(), () => {
        pending = undefined;
        // Back where it was: the bounce is over and nothing has happened.
        if (high !== state) happen(high, at);
      });
      pending = { event, state: high };
    };
    const end = pin.watch("both", (high, at) => (debounce > 0 ? settle(high, at) : happen(high, at)));
    watches.set(id, () => {
      end();
      if (pending) board.cancel(pending.event);
      watches.delete(id);
    });
  };

  return {
    setTimer: (id, delay, interval) => {
      stop(Number(id));
      start(Number(id), board.clock.now() + Number(delay), Number(interval));
    },
    clearTimer: (id) => stop(Number(id)),
    timeLeft: (id) => Math.max(0, (timers.get(Number(id))?.event.microseconds ?? 0) - board.clock.now()),
    setWatch: (id, pin, edge, debounce) => watch(Number(id), String(pin), Number(edge), Number(debounce)),
    clearWatch: (id) => watches.get(Number(id))?.(),
    realtime: () => board.realtime(),
    setRealtime: (microseconds) => board.setRealtime(Number(microseconds)),
    random: () => board.entropy.uint32() | 0,
  };
}
