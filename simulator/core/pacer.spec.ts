import { Pacer, type WallTime } from "./pacer.js";
import { VirtualClock } from "./virtual-clock.js";

/** A wall whose time moves only by `pass`. */
function makeWall() {
  let now = 1000;
  let pending: { at: number; action: () => void }[] = [];
  const wall: WallTime = {
    now: () => now,
    after: (milliseconds, action) => {
      // As of a host's timers, none is shorter than a millisecond.
      const entry = { at: now + Math.max(1, milliseconds), action };
      pending.push(entry);
      return () => (pending = pending.filter((other) => other !== entry));
    },
  };
  const pass = (milliseconds: number) => {
    const end = now + milliseconds;
    for (;;) {
      const next = pending.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      pending = pending.filter((entry) => entry !== next);
      now = Math.max(now, next.at);
      next.action();
    }
    now = Math.max(now, end);
  };
  return { wall, pass, work: (milliseconds: number) => (now += milliseconds) };
}

function makePacer() {
  const clock = new VirtualClock();
  const { wall, pass, work } = makeWall();
  const pacer = new Pacer(clock, wall);
  pacer.start();
  return { clock, pacer, pass, work };
}

test("virtual time goes with the wall's, at its speed", () => {
  const { clock, pacer, pass } = makePacer();
  pass(1600);
  expect(clock.now()).toBe(1.6e6);
  pacer.setSpeed(10);
  pass(1600);
  expect(clock.now()).toBe(17.6e6);
});

test("events run at their times, and listeners are told of each turn", () => {
  const { clock, pacer, pass } = makePacer();
  const seen: number[] = [];
  clock.schedule(100_500, () => seen.push(clock.now()));
  let turns = 0;
  pacer.onTurn(() => turns++);
  pass(160);
  expect(seen).toEqual([100_500]);
  expect(turns).toBe(10);
});

test("a pause stands still, and nothing is made up for afterwards", () => {
  const { clock, pacer, pass } = makePacer();
  pass(160);
  pacer.setPaused(true);
  pass(5000);
  expect(clock.now()).toBe(160_000);
  pacer.setPaused(false);
  pass(160);
  expect(clock.now()).toBeLessThanOrEqual(320_000);
  expect(clock.now()).toBeGreaterThan(300_000);
});

test("as fast as it goes: event after event, while there are any", () => {
  const { clock, pacer, pass } = makePacer();
  let count = 0;
  const again = () => {
    if (++count < 50) clock.schedule(1e6, again);
  };
  clock.schedule(0, again);
  pacer.setSpeed(Infinity);
  pass(16);
  expect(count).toBe(50);
  expect(clock.now()).toBe(49e6);
});

test("a simulation that is too slow falls behind, and the wall gets its turns", () => {
  const { clock, pacer, pass, work } = makePacer();
  const again = () => {
    work(5);
    clock.schedule(1000, again);
  };
  clock.schedule(0, again);
  let turns = 0;
  pacer.onTurn(() => turns++);
  pass(1000);
  expect(turns).toBeGreaterThan(20);
  expect(clock.now()).toBeLessThan(200_000);
});

test("a process that was held up doesn't make up for all of it", () => {
  const { clock, pass, work } = makePacer();
  pass(16);
  work(60_000);
  pass(16);
  expect(clock.now()).toBeLessThanOrEqual(16_000 + 250_000 + 16_000);
});

test("stopped, it stands; started again, it goes on", () => {
  const { clock, pacer, pass } = makePacer();
  pass(160);
  pacer.stop();
  pass(1000);
  expect(clock.now()).toBe(160_000);
  pacer.start();
  pacer.start();
  pass(160);
  expect(clock.now()).toBe(320_000);
});
