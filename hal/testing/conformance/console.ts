import type { Console } from "../../contract/console.js";
import type { Clock } from "../../contract/clock.js";
import { attempt, checkBytes, immediate } from "./case.js";
import type { ConformanceCase } from "./case.js";

/** A console that somebody watches. Line by line consoles, as of bare ECMAScript, don't conform. */
export interface ConsoleSubject {
  readonly console: Console;
  readonly clock: Clock;
  /** What arrived on both streams since the last call. */
  written(): ArrayLike<number>;
  /** Types something; absent where nobody can. */
  type?(bytes: Uint8Array): void;
}

/** Microseconds in which what was typed must have been told. */
const SOON = 50000;

export const consoleConformance: readonly ConformanceCase<ConsoleSubject>[] = [
  immediate("every byte arrives unchanged", function (subject) {
    const bytes = new Uint8Array(256);
    for (let i = 0; i < 256; i++) bytes[i] = i;
    subject.written();
    subject.console.write(1, bytes, 0, 256);
    checkBytes(subject.written(), bytes, "bytes");
  }),
  immediate("only the part asked for is written", function (subject) {
    subject.written();
    subject.console.write(1, new Uint8Array([1, 2, 3, 4, 5]), 1, 3);
    subject.console.write(1, new Uint8Array([6]), 0, 0);
    checkBytes(subject.written(), [2, 3, 4], "bytes");
  }),
  immediate("both streams can be written to", function (subject) {
    subject.written();
    subject.console.write(1, new Uint8Array([111]), 0, 1);
    subject.console.write(2, new Uint8Array([101]), 0, 1);
    checkBytes(subject.written(), [111, 101], "bytes");
  }),
  {
    name: "what is typed is told until the input is given back",
    run: function (subject, done) {
      const type = subject.type;
      if (!type) return done();
      const received: number[] = [];
      const stop = subject.console.onInput(function (text) {
        for (let i = 0; i < text.length; i++) received.push(text.charCodeAt(i));
      });
      type.call(subject, new Uint8Array([97, 10, 200]));
      subject.clock.after(SOON, function () {
        attempt(done, function () {
          checkBytes(received, [97, 10, 200], "bytes");
          stop();
          stop();
          type!.call(subject, new Uint8Array([10]));
          subject.clock.after(SOON, function () {
            attempt(done, function () {
              checkBytes(received, [97, 10, 200], "bytes after the input was given back");
              done();
            });
          });
        });
      });
    },
  },
];
