import fc from "fast-check";
import { VirtualClock } from "./virtual-clock.js";

describe("virtual clock", () => {
  test("stands still until it is advanced", () => {
    const clock = new VirtualClock();
    expect(clock.now()).toBe(0);
    clock.schedule(10, () => {});
    expect(clock.now()).toBe(0);
    expect(clock.next()).toBe(10);
    clock.advanceTo(5);
    expect(clock.now()).toBe(5);
  });

  test("runs events at their time, in the order of time and then of scheduling", () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.schedule(20, () => seen.push(`b@${clock.now()}`));
    clock.schedule(10, () => seen.push(`a@${clock.now()}`));
    clock.schedule(20, () => seen.push(`c@${clock.now()}`));
    clock.advanceTo(30);
    expect(seen).toEqual(["a@10", "b@20", "c@20"]);
    expect(clock.now()).toBe(30);
    expect(clock.next()).toBeUndefined();
    expect(clock.step()).toBe(false);
  });

  test("an event may schedule another for the same moment, which runs in the same advance", () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    clock.schedule(10, () => clock.schedule(0, () => seen.push(clock.now())));
    clock.advanceTo(10);
    expect(seen).toEqual([10]);
  });

  test("a delay below 0 is now", () => {
    const clock = new VirtualClock();
    clock.advanceTo(7);
    expect(clock.schedule(-5, () => {}).microseconds).toBe(7);
  });

  test("a cancelled event doesn't run, and isn't what comes next", () => {
    const clock = new VirtualClock();
    let ran = false;
    const event = clock.schedule(1, () => (ran = true));
    clock.schedule(2, () => {});
    clock.cancel(event);
    expect(clock.next()).toBe(2);
    clock.advanceTo(5);
    expect(ran).toBe(false);
    clock.cancel(event);
  });

  test("time that is spent passes without running what falls due; that runs late, at the next step", () => {
    const clock = new VirtualClock();
    let ranAt = -1;
    clock.schedule(10, () => (ranAt = clock.now()));
    clock.spend(25);
    expect(ranAt).toBe(-1);
    expect(clock.now()).toBe(25);
    clock.step();
    expect(ranAt).toBe(25);
    clock.advanceTo(20);
    expect(clock.now()).toBe(25);
  });

  test("what happens outside happens at its moment, also while time is spent", () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.schedule(5, () => seen.push(`processor@${clock.now()}`));
    clock.scheduleOutside(10, () => {
      seen.push(`outside@${clock.now()}`);
      clock.scheduleOutside(5, () => seen.push(`outside again@${clock.now()}`));
    });
    clock.scheduleOutside(30, () => seen.push(`outside late@${clock.now()}`));
    clock.spend(20);
    expect(seen).toEqual(["outside@10", "outside again@15"]);
    clock.advanceTo(40);
    expect(seen.slice(2)).toEqual(["processor@20", "outside late@30"]);
  });

  test("spending ends early when an event outside says stop", () => {
    const clock = new VirtualClock();
    let stopped = false;
    clock.scheduleOutside(10, () => (stopped = true));
    clock.scheduleOutside(12, () => expect(clock.now()).toBe(12));
    clock.spend(100, () => stopped);
    expect(clock.now()).toBe(10);
  });

  test("any schedule and cancellations run in a stable order of time", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.boolean(), fc.boolean()), { maxLength: 200 }), (entries) => {
        const clock = new VirtualClock();
        const seen: number[] = [];
        const events = entries.map(([delay, , outside], i) =>
          outside ? clock.scheduleOutside(delay, () => seen.push(i)) : clock.schedule(delay, () => seen.push(i)),
        );
        entries.forEach(([, cancelled], i) => cancelled && clock.cancel(events[i]));
        clock.advanceTo(50);
        const expected = entries
          .map(([delay, cancelled], i) => ({ delay, cancelled, i }))
          .filter((entry) => !entry.cancelled)
          .sort((a, b) => a.delay - b.delay || a.i - b.i)
          .map((entry) => entry.i);
        expect(seen).toEqual(expected);
      }),
    );
  });
});
