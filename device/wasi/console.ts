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

const STREAM_RIGHTS = FD_FDSTAT_SET_FLAGS | FD_FILESTAT_GET | POLL_FD_READWRITE;

/** Standard output (1) or errors (2). A write is always taken whole. */
export function outputStream(console: Console, stream: 1 | 2): Descriptor {
  return {
    kind: CHARACTER_DEVICE,
    flags: 0,
    rights: STREAM_RIGHTS | FD_WRITE,
    inheriting: 0,
    write: function (source, start, length) {
      console.write(stream, source, start, length);
      return length;
    },
  };
}

/** Standard input for a module that never reads it: open, and at its end. */
export function closedInput(): Descriptor {
  return { kind: CHARACTER_DEVICE, flags: 0, rights: STREAM_RIGHTS, inheriting: 0 };
}

/**
 * Standard input. The console's input belongs to the guest from the first read or poll until it closes the stream or
 * ends; before, it stays with the prompt.
 */
export function inputStream(console: Console): Descriptor {
  const pieces: Uint8Array[] = [];
  let ended = false;
  let offset = 0;
  let listening: (() => void) | undefined;
  let ready: (() => void) | undefined;

  function listen(): void {
    listening =
      listening ||
      console.onInput(function (bytes) {
        if (bytes.length) pieces.push(bytes);
        else ended = true;
        if (ready) ready();
      });
  }

  return {
    kind: CHARACTER_DEVICE,
    flags: 0,
    rights: STREAM_RIGHTS | FD_READ,
    inheriting: 0,
    wouldBlock: function () {
      listen();
      return !pieces.length && !ended;
    },
    onReadable: function (handler) {
      ready = handler;
      return function () {
        ready = undefined;
      };
    },
    available: function () {
      return pieces.length ? pieces[0].length - offset : 0;
    },
    read: function (target, start, length) {
      let count = 0;
      while (pieces.length && count < length) {
        target[start + count++] = pieces[0][offset++];
        if (offset === pieces[0].length) {
          pieces.shift();
          offset = 0;
        }
      }
      return count;
    },
    close: function () {
      if (listening) listening();
      listening = undefined;
      return 0;
    },
  };
}
