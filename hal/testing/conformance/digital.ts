import type { EdgePin, StatefulOutputPin } from "../../contract/digital.js";
import type { Clock } from "../../contract/clock.js";
import { attempt, checkSame, check, immediate } from "./case.js";
import type { ConformanceCase } from "./case.js";

/** An output that is wired to an input, low to begin with. */
export interface DigitalSubject {
  readonly output: StatefulOutputPin;
  readonly input: EdgePin;
  /** The one that edges are told in. */
  readonly clock: Clock;
}

/** Microseconds in which an edge must have been told. */
const SOON = 20000;

export const digitalConformance: readonly ConformanceCase<DigitalSubject>[] = [
  immediate("an output is at the level that it was set to", function (subject) {
    const output = subject.output;
    output.setHigh();
    checkSame(subject.input.isHigh(), true, "isHigh after setHigh");
    checkSame(subject.input.isLow(), false, "isLow after setHigh");
    output.setLow();
    checkSame(subject.input.isHigh(), false, "isHigh after setLow");
    checkSame(subject.input.isLow(), true, "isLow after setLow");
    output.setState(true);
    checkSame(subject.input.isHigh(), true, "isHigh after setState(true)");
    output.setState(false);
    checkSame(subject.input.isHigh(), false, "isHigh after setState(false)");
  }),
  immediate("an output knows what it was set to", function (subject) {
    const output = subject.output;
    output.setHigh();
    checkSame(output.isSetHigh(), true, "isSetHigh after setHigh");
    checkSame(output.isSetLow(), false, "isSetLow after setHigh");
    output.toggle();
    checkSame(output.isSetHigh(), false, "isSetHigh after toggle");
    checkSame(output.isSetLow(), true, "isSetLow after toggle");
    output.toggle();
    checkSame(subject.input.isHigh(), true, "isHigh after toggle twice");
  }),
  {
    name: "both edges are told, in order, with the level after each and times that don't go back",
    run: function (subject, done) {
      let levels = "";
      let latest = subject.clock.monotonic();
      const stop = subject.input.onEdge("both", function (high, microseconds) {
        attempt(done, function () {
          levels += high ? "1" : "0";
          check(microseconds >= latest - subject.clock.resolution, "an edge's time went back");
          check(
            microseconds <= subject.clock.monotonic() + subject.clock.resolution,
            "an edge's time is in the future",
          );
          latest = microseconds;
        });
      });
      subject.output.setHigh();
      checkSame(levels, "", "told from within setHigh");
      subject.clock.after(SOON, function () {
        subject.output.setLow();
        subject.clock.after(SOON, function () {
          attempt(done, function () {
            stop();
            checkSame(levels, "10", "levels");
            done();
          });
        });
      });
    },
  },
  {
    name: "rising means rising only, falling means falling only",
    run: function (subject, done) {
      let levels = "";
      let stop = subject.input.onEdge("rising", function (high) {
        levels += high ? "r1" : "r0";
      });
      subject.output.setHigh();
      subject.clock.after(SOON, function () {
        subject.output.setLow();
        subject.clock.after(SOON, function () {
          stop();
          subject.output.setHigh();
          subject.clock.after(SOON, function () {
            stop = subject.input.onEdge("falling", function (high) {
              levels += high ? "f1" : "f0";
            });
            subject.output.setLow();
            subject.clock.after(SOON, function () {
              attempt(done, function () {
                stop();
                checkSame(levels, "r1f0", "edges");
                done();
              });
            });
          });
        });
      });
    },
  },
  {
    name: "nothing is told after the watch has ended, and ending it twice does nothing more",
    run: function (subject, done) {
      let told = 0;
      const stop = subject.input.onEdge("both", function () {
        told++;
      });
      stop();
      stop();
      subject.output.setHigh();
      subject.clock.after(SOON, function () {
        attempt(done, function () {
          checkSame(told, 0, "edges told");
          done();
        });
      });
    },
  },
];
