/** What console streams and peripherals have in common. */
import type { Descriptor } from "./guest.js";
import { CHARACTER_DEVICE, FD_FDSTAT_SET_FLAGS, FD_FILESTAT_GET, FD_READ, POLL_FD_READWRITE } from "./rights.js";

/** @param rights beside those that every stream has: `FD_READ`, `FD_WRITE`, and `FD_SEEK` for `pread` and `pwrite` */
export function stream(rights: number): Descriptor {
  return {
    kind: CHARACTER_DEVICE,
    flags: 0,
    rights: FD_FDSTAT_SET_FLAGS | FD_FILESTAT_GET | POLL_FD_READWRITE | rights,
    inheriting: 0,
  };
}

/**
 * Makes a stream readable: what comes is kept until it is read. Listening begins with the first read or poll, and
 * ends when the stream is closed.
 * @param listen hands over what comes; no bytes at all are the end of input
 */
export function readFrom(
  descriptor: Descriptor,
  listen: (handler: (bytes: Uint8Array) => void) => () => void,
): Descriptor {
  /** What came and wasn't read yet, one byte a char: of all buffers that grow, strings take the least. */
  let input = "";
  let ended = false;
  let stop: (() => void) | undefined;
  let ready: (() => void) | undefined;

  descriptor.rights |= FD_READ;
  descriptor.wouldBlock = function () {
    stop =
      stop ||
      listen(function (bytes) {
        for (let i = 0; i < bytes.length; i++) input += String.fromCharCode(bytes[i]);
        ended = !bytes.length;
        const handler = ready;
        ready = undefined;
        if (handler) handler();
      });
    return !input && !ended;
  };
  descriptor.onReadable = function (handler) {
    ready = handler;
    return function () {
      ready = undefined;
    };
  };
  descriptor.read = function (target, start, length) {
    length = Math.min(length, input.length);
    for (let i = 0; i < length; i++) target[start + i] = input.charCodeAt(i);
    input = input.substr(length);
    return length;
  };
  descriptor.close = function () {
    if (stop) stop();
    return 0;
  };
  return descriptor;
}
