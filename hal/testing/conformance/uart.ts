import type { Clock } from "../../contract/clock.js";
import type { Uart } from "../../contract/uart.js";
import { attempt, checkBytes, checkSame } from "./case.js";
import type { ConformanceCase } from "./case.js";

/** A port whose output is wired to its input. */
export interface UartSubject {
  readonly port: Uart;
  readonly clock: Clock;
}

/** Microseconds in which 256 bytes must have come back, at 9600 bits a second or more. */
const SOON = 400000;

export const uartConformance: readonly ConformanceCase<UartSubject>[] = [
  {
    name: "every byte arrives unchanged, in order",
    run: function (subject, done) {
      const sent = new Uint8Array(256);
      for (let i = 0; i < 256; i++) sent[i] = i;
      const received: number[] = [];
      subject.port.onData(function (bytes) {
        for (let j = 0; j < bytes.length; j++) received.push(bytes[j]);
      });
      subject.port.write(sent);
      checkSame(received.length, 0, "bytes told from within write");
      subject.clock.after(SOON, function () {
        attempt(done, function () {
          checkBytes(received, sent, "bytes");
          done();
        });
      });
    },
  },
  {
    name: "a second handler replaces the first",
    run: function (subject, done) {
      let first = 0;
      let second = 0;
      subject.port.onData(function () {
        first++;
      });
      subject.port.onData(function (bytes) {
        second += bytes.length;
      });
      subject.port.write([1, 2, 3]);
      subject.clock.after(SOON, function () {
        attempt(done, function () {
          checkSame(first, 0, "calls of the first");
          checkSame(second, 3, "bytes for the second");
          done();
        });
      });
    },
  },
  {
    name: "nothing is told after the end, and ending twice does nothing more",
    run: function (subject, done) {
      let told = 0;
      const stop = subject.port.onData(function () {
        told++;
      });
      stop();
      stop();
      subject.port.write([1]);
      subject.clock.after(SOON, function () {
        attempt(done, function () {
          checkSame(told, 0, "calls");
          done();
        });
      });
    },
  },
];
