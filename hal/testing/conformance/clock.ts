import type { Clock } from "../../contract/clock.js";
import { attempt, check, checkSame, immediate } from "./case.js";
import type { ConformanceCase } from "./case.js";

export const clockConformance: readonly ConformanceCase<Clock>[] = [
  immediate("monotonic time never goes back", function (clock) {
    let latest = clock.monotonic();
    for (let i = 0; i < 100; i++) {
      const now = clock.monotonic();
      check(now >= latest, "from " + latest + " to " + now);
      latest = now;
    }
  }),
  immediate("its resolution is positive and less than a second", function (clock) {
    check(clock.resolution > 0 && clock.resolution < 1e6, "resolution is " + clock.resolution);
  }),
  immediate("real time is a number of microseconds since 1970", function (clock) {
    check(clock.realtime() >= 0 && clock.realtime() < 1e16, "real time is " + clock.realtime());
  }),
  {
    name: "a handler runs once, not before its time, and not from within the call",
    run: function (clock, done) {
      const start = clock.monotonic();
      let calls = 0;
      clock.after(5000, function () {
        attempt(done, function () {
          calls++;
          check(clock.monotonic() - start >= 5000, "after " + (clock.monotonic() - start) + " us");
        });
      });
      checkSame(calls, 0, "calls from within after");
      clock.after(30000, function () {
        attempt(done, function () {
          checkSame(calls, 1, "calls");
          done();
        });
      });
    },
  },
  {
    name: "handlers run in the order of their times",
    run: function (clock, done) {
      let order = "";
      clock.after(20000, function () {
        order += "b";
      });
      clock.after(5000, function () {
        order += "a";
      });
      clock.after(40000, function () {
        attempt(done, function () {
          checkSame(order, "ab", "order");
          done();
        });
      });
    },
  },
  {
    name: "a handler after no time at all still waits for the event loop",
    run: function (clock, done) {
      let within = true;
      clock.after(0, function () {
        attempt(done, function () {
          check(!within, "it ran from within after");
          done();
        });
      });
      within = false;
    },
  },
  {
    name: "a cancelled handler doesn't run, and cancelling late or twice does nothing",
    run: function (clock, done) {
      let calls = 0;
      const cancelFirst = clock.after(5000, function () {
        calls++;
      });
      cancelFirst();
      cancelFirst();
      const cancelSecond = clock.after(5000, function () {
        calls += 10;
        cancelSecond();
      });
      clock.after(15000, function () {
        const third = clock.after(5000, function () {
          attempt(done, function () {
            checkSame(calls, 10, "calls");
            done();
          });
        });
        cancelFirst();
        cancelSecond();
        check(typeof third === "function", "after returns how to cancel it");
      });
    },
  },
];
