import type { Clock } from "../../contract/clock.js";
import type { Watchdog } from "../../contract/watchdog.js";
import { attempt, checkSame } from "./case.js";
import type { ConformanceCase } from "./case.js";

/** A watchdog whose bite is counted rather than suffered; a real one can't be run through this. */
export interface WatchdogSubject {
  readonly watchdog: Watchdog;
  readonly clock: Clock;
  /** How often it has restarted the board. */
  restarts(): number;
}

export const watchdogConformance: readonly ConformanceCase<WatchdogSubject>[] = [
  {
    name: "it restarts the board when it isn't fed in time",
    run: function (subject, done) {
      subject.watchdog.start(100000);
      subject.clock.after(150000, function () {
        attempt(done, function () {
          checkSame(subject.restarts(), 1, "restarts");
          done();
        });
      });
    },
  },
  {
    name: "it leaves the board alone while it is fed",
    run: function (subject, done) {
      let fed = 0;
      subject.watchdog.start(100000);
      function feed(): void {
        attempt(done, function () {
          subject.watchdog.feed();
          if (++fed < 5) return void subject.clock.after(60000, feed);
          checkSame(subject.restarts(), 0, "restarts");
          done();
        });
      }
      subject.clock.after(60000, feed);
    },
  },
];
