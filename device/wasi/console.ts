/** The three standard streams over a console. */
import type { Console } from "../../hal/contract/index.js";
import type { Descriptor } from "./guest.js";
import {
  CHARACTER_DEVICE,
  FD_FDSTAT_SET_FLAGS,
  FD_FILESTAT_GET,
  FD_READ,
  FD_WRITE,
  POLL_FD_READWRITE,
} from "./rights.js";

function stream(right: number): Descriptor {
  return {
    kind: CHARACTER_DEVICE,
    flags: 0,
    rights: FD_FDSTAT_SET_FLAGS | FD_FILESTAT_GET | POLL_FD_READWRITE | right,
    inheriting: 0,
  };
}

/** Standard output (1) or errors (2). A write is always taken whole. */
export function outputStream(console: Pick<Console, "write">, number: 1 | 2): Descriptor {
  const output = stream(FD_WRITE);
  output.write = function (source, start, length) {
    console.write(number, source, start, length);
    return length;
  };
  return output;
}

/** Standard input for a module that never reads it: open, and that is all. */
export function closedInput(): Descriptor {
  return stream(0);
}

/**
 * Standard input. The console's input belongs to the guest from the first read or poll until it closes the stream or
 * ends; before, it stays with the prompt.
 */
export function inputStream(console: Pick<Console, "onInput">): Descriptor {
  const stdin = stream(FD_READ);
  /** What came and wasn't read yet, one byte a char: of all buffers that grow, strings take the least. */
  let input = "";
  let ended = false;
  let stop: (() => void) | undefined;
  let ready: (() => void) | undefined;

  stdin.wouldBlock = function () {
    stop =
      stop ||
      console.onInput(function (bytes) {
        for (let i = 0; i < bytes.length; i++) input += String.fromCharCode(bytes[i]);
        ended = !bytes.length;
        if (ready) ready();
      });
    return !input && !ended;
  };
  stdin.onReadable = function (handler) {
    ready = handler;
    return function () {
      ready = undefined;
    };
  };
  stdin.available = function () {
    return input.length;
  };
  stdin.read = function (target, start, length) {
    length = Math.min(length, input.length);
    for (let i = 0; i < length; i++) target[start + i] = input.charCodeAt(i);
    input = input.substr(length);
    return length;
  };
  stdin.close = function () {
    if (stop) stop();
    return 0;
  };
  return stdin;
}
