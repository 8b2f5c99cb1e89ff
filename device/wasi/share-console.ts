/** One console for several guests: whose line it is stands at its beginning. */
import type { Console } from "../../hal/contract/index.js";
import type { Descriptor } from "./guest.js";
import { readFrom } from "./stream.js";

const LINE_FEED = 10;

/**
 * Shares a console. Each line begins with the name of the guest that wrote it, `blink: on`; what one guest leaves
 * unfinished is ended before another's line begins. Nothing is held back.
 * @param streams 1 where output and errors are on one screen, 2 where they go different ways
 * @returns what a guest of that name, one byte a char, writes by
 */
export function shareConsole(write: Console["write"], streams: 1 | 2): (name: string) => Console["write"] {
  /** Whose line is unfinished, by stream; empty when none is. */
  const unfinished = ["", "", ""];
  const feed = new Uint8Array([LINE_FEED]);
  return function (name) {
    const prefix = new Uint8Array(name.length + 2);
    for (let i = 0; i < prefix.length; i++) prefix[i] = (name + ": ").charCodeAt(i);
    return function (stream, bytes, start, length) {
      const at = streams === 1 ? 0 : stream;
      const end = start + length;
      while (start < end) {
        let stop = start + 1;
        while (stop < end && bytes[stop - 1] !== LINE_FEED) stop++;
        if (unfinished[at] !== name) {
          if (unfinished[at]) write(stream, feed, 0, 1);
          write(stream, prefix, 0, prefix.length);
        }
        write(stream, bytes, start, stop - start);
        unfinished[at] = bytes[stop - 1] === LINE_FEED ? "" : name;
        start = stop;
      }
    };
  };
}

/** Standard input that has ended: a console's input goes to one guest. */
export function endedInput(): Descriptor {
  return readFrom(0, function (handler) {
    handler("");
    return function () {};
  });
}
