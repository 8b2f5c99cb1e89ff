/** What a reactor does when things happen: one at a time, in order, and no more than it can keep. */
import { mockClock } from "../../hal/testing/index.js";
import type { Guest } from "../wasi/guest.js";
import { run, runWaiting, type Instance } from "./js.js";
import { entering, type Happen, type Reaction, runReactor } from "./reactor.js";
import { every, onEdge, onLine } from "./triggers.js";

interface Exports {
  readonly [name: string]: (...parameters: number[]) => unknown;
}

/** A reactor whose exports are plain functions, and which never waits. */
function react(
  exports: Exports,
  reactions: readonly Omit<Reaction, "trigger">[],
  initialize?: string,
  armed: (entry: string) => void = () => undefined,
) {
  const clock = mockClock();
  const told: string[] = [];
  const happens: Happen[] = [];
  const stopped: string[] = [];
  const ends: string[] = [];
  runReactor(
    entering(run, { 0: exports as Instance[0] }),
    { memory: new Uint8Array(64) },
    initialize,
    reactions.map((reaction, index) => ({
      ...reaction,
      trigger: (happen) => {
        happens[index] = happen;
        armed(reaction.entry);
        return () => stopped.push(reaction.entry);
      },
    })),
    clock.after,
    (line) => told.push(line),
    (exitCode, trap, entry) => ends.push(`${entry} ${trap ? trap.message : exitCode}`),
  );
  return { clock, told, happens, stopped, ends };
}

test("is initialized before anything is waited for", () => {
  const calls: string[] = [];
  const { happens } = react(
    { _initialize: () => calls.push("initialize"), tick: () => calls.push("tick") },
    [{ entry: "tick" }],
    "_initialize",
    (entry) => calls.push(`wait for ${entry}`),
  );
  happens[0]();
  expect(calls).toEqual(["initialize", "wait for tick", "tick"]);
});

test("an export gets the level of a pin", () => {
  const levels: unknown[] = [];
  const { happens } = react({ edge: (level) => levels.push(level) }, [{ entry: "edge" }]);
  happens[0](1);
  expect(levels).toEqual([1]);
});

describe("while a reaction waits", () => {
  /** Exports of a guest that waits in `slow` until `goOn` is called. */
  function slowGuest(reactions: readonly Omit<Reaction, "trigger">[]) {
    const clock = mockClock();
    const guest = { memory: new Uint8Array(64) } as Guest;
    const log: string[] = [];
    const told: string[] = [];
    const ends: string[] = [];
    const happens: Happen[] = [];
    let goOn: (() => void) | undefined;
    let state = 0;
    const instance: Instance = {
      0: {
        slow: () => {
          if (state === 2) {
            state = 0;
            log.push("slow went on");
            return;
          }
          log.push("slow waits");
          state = 1;
          guest.wait((done) => {
            goOn = () => done(0);
            return () => undefined;
          });
        },
        quick: () => void log.push("quick"),
      },
      1: () => state === 1,
      2: () => void (state = 2),
    };
    runReactor(
      entering((entered, entry, ended) => void runWaiting(guest, entered, entry, ended), instance),
      guest,
      undefined,
      reactions.map((reaction, index) => ({
        ...reaction,
        trigger: (happen) => {
          happens[index] = happen;
          return () => undefined;
        },
      })),
      clock.after,
      (line) => told.push(line),
      (exitCode, trap, entry) => ends.push(`${entry} ${trap ? trap.message : exitCode}`),
    );
    return { clock, log, told, ends, happens, goOn: () => goOn!() };
  }

  test("others are queued, and called in the order in which they came, a turn of the event loop between", () => {
    const { clock, log, happens, goOn } = slowGuest([{ entry: "slow" }, { entry: "quick" }]);
    happens[0]();
    happens[1]();
    happens[1]();
    expect(log).toEqual(["slow waits"]);
    goOn();
    expect(log).toEqual(["slow waits", "slow went on"]);
    clock.advance(0);
    expect(log).toEqual(["slow waits", "slow went on", "quick", "quick"]);
  });

  test("a timer's ticks are one", () => {
    const { clock, log, happens, goOn } = slowGuest([{ entry: "slow" }, { entry: "quick", merges: true }]);
    happens[0]();
    for (let tick = 0; tick < 100; tick++) happens[1]();
    goOn();
    clock.advance(0);
    expect(log.filter((entry) => entry === "quick")).toHaveLength(1);
  });

  test("what doesn't fit the queue of 16 is dropped, and that is told once", () => {
    const { clock, log, told, happens, goOn } = slowGuest([{ entry: "slow" }, { entry: "quick" }]);
    happens[0]();
    for (let edge = 0; edge < 20; edge++) happens[1]();
    goOn();
    clock.advance(0);
    expect(log.filter((entry) => entry === "quick")).toHaveLength(16);
    expect(told).toEqual(["reactions dropped: 4"]);
    happens[1]();
    clock.advance(0);
    expect(told).toHaveLength(1);
  });
});

describe("when an export", () => {
  const trap = () => {
    throw new Error("trap: unreachable");
  };
  const exit = () => {
    throw { exitCode: 3 };
  };

  test.each([
    ["traps", trap, "fails trap: unreachable"],
    ["exits", exit, "fails 3"],
  ])("%s, nothing is called any more", (_what, fails, end) => {
    const calls: string[] = [];
    const { happens, ends, stopped, clock } = react({ fails, other: () => calls.push("other") }, [
      { entry: "fails" },
      { entry: "other" },
    ]);
    happens[0]();
    happens[1]();
    clock.advance(1e6);
    expect(ends).toEqual([end]);
    expect(stopped.sort()).toEqual(["fails", "other"]);
    expect(calls).toEqual([]);
  });

  test("traps while it is initialized, nothing is waited for", () => {
    const { ends, happens } = react({ _initialize: trap, tick: () => 0 }, [{ entry: "tick" }], "_initialize");
    expect(ends).toEqual(["_initialize trap: unreachable"]);
    expect(happens).toEqual([]);
  });
});

test("a pin that can't be watched ends the guest, and says so", () => {
  const ends: string[] = [];
  runReactor(
    entering(run, { 0: {} }),
    { memory: new Uint8Array(0) },
    undefined,
    [
      {
        entry: "edge",
        trigger: () => {
          throw new Error("D9: this pin can't be watched");
        },
      },
    ],
    mockClock().after,
    () => undefined,
    (_exitCode, trap, entry) => ends.push(`${entry} ${trap!.message}`),
  );
  expect(ends).toEqual(["edge D9: this pin can't be watched"]);
});

describe("a line", () => {
  test("lies where cabi_realloc gave room, and the export gets its place and length", () => {
    const rooms: number[][] = [];
    const lines: unknown[] = [];
    const { happens } = react(
      {
        cabi_realloc: (...given) => {
          rooms.push(given);
          return 8;
        },
        line: (pointer, length) => lines.push([pointer, length]),
      },
      [{ entry: "line", takesLine: true }],
    );
    happens[0]("hello");
    expect(rooms).toEqual([[0, 0, 1, 5]]);
    expect(lines).toEqual([[8, 5]]);
  });

  test.each([
    ["gives none", 0],
    ["gives it outside of memory", 60],
    ["gives it below zero", -1],
  ])("is lost, and that is told, when cabi_realloc %s", (_what, pointer) => {
    const lines: unknown[] = [];
    const { happens, told, ends } = react({ cabi_realloc: () => pointer, line: () => lines.push(1) }, [
      { entry: "line", takesLine: true },
    ]);
    happens[0]("hello");
    expect(told).toEqual(["line: no room for a line of 5 bytes"]);
    expect(lines).toEqual([]);
    expect(ends).toEqual([]);
  });

  test("ends at a line feed, however its bytes come; 256 of them are kept", () => {
    let arrive: (bytes: Uint8Array) => void = () => undefined;
    const lines: unknown[] = [];
    onLine((line) => lines.push(line), {
      write: () => undefined,
      onData: (handler) => {
        arrive = handler;
        return () => undefined;
      },
    });
    for (const piece of ["ab", "c\r", "\n\nde\nf", "g\n", "x".repeat(300) + "\n"]) arrive(Buffer.from(piece));
    expect(lines).toEqual(["abc", "", "de", "fg", "x".repeat(256)]);
  });
});

test("every so many microseconds, without drift, and once for what was missed", () => {
  const clock = mockClock();
  const times: number[] = [];
  const begin = clock.monotonic();
  const stop = every(() => times.push(clock.monotonic() - begin), clock, 1000);
  clock.advance(3500);
  expect(times).toEqual([1000, 2000, 3000]);
  stop();
  clock.advance(5000);
  expect(times).toHaveLength(3);

  // An event loop that was kept busy for ten periods.
  let now = 0;
  const due: { at: number; handler: () => void }[] = [];
  const busy: number[] = [];
  every(
    () => busy.push(now),
    {
      monotonic: () => now,
      after: (microseconds, handler) => {
        due.push({ at: now + microseconds, handler });
        return () => undefined;
      },
    },
    1000,
  );
  now = 10_300;
  due.shift()!.handler();
  expect(busy).toEqual([10_300]);
  expect(due.map(({ at }) => at)).toEqual([11_000]);
});

test("an edge tells the level after it", () => {
  const levels: unknown[] = [];
  let edge: (high: boolean, microseconds: number) => void = () => undefined;
  onEdge(
    (level) => levels.push(level),
    {
      isHigh: () => false,
      isLow: () => true,
      onEdge: (_edge, handler) => {
        edge = handler;
        return () => undefined;
      },
    },
    "both",
  );
  edge(true, 1);
  edge(false, 2);
  expect(levels).toEqual([1, 0]);
});
