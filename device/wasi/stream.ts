/** What console streams and peripherals have in common. */
import type { Descriptor } from "./guest.js";
import { copyText } from "./memory.js";
import { CHARACTER_DEVICE, FD_FDSTAT_SET_FLAGS, FD_FILESTAT_GET, FD_READ, POLL_FD_READWRITE } from "./rights.js";

const STREAM = FD_FDSTAT_SET_FLAGS | FD_FILESTAT_GET | POLL_FD_READWRITE;

/** @param rights beside those that every stream has: `FD_READ`, `FD_WRITE`, and `FD_SEEK` for `pread` and `pwrite` */
export function stream(rights: number, write?: Descriptor["write"]): Descriptor {
  return {
    kind: CHARACTER_DEVICE,
    rights: STREAM | rights,
    write: write,
  };
}

/**
 * A stream that can be read: what comes is kept until it is read. Listening begins with the first read or poll, and
 * ends when the stream is closed.
 * @param rights beside those to read
 * @param listen hands over what comes, one char a byte; an empty text is the end of input
 */
export function readFrom(rights: number, listen: (handler: (text: string) => void) => () => void): Descriptor {
  /** What came and wasn't read yet: of all buffers that grow, strings take the least. */
  let input = "";
  let ended = false;
  const descriptor: Descriptor = {
    kind: CHARACTER_DEVICE,
    rights: STREAM | FD_READ | rights,
    wouldBlock: function () {
      if (!descriptor.close)
        descriptor.close = listen(function (text) {
          input += text;
          ended = !text;
          if (descriptor.onReadable) descriptor.onReadable();
        });
      return !input && !ended;
    },
    read: function (target, start, length) {
      length = Math.min(length, input.length);
      copyText(input, length, target, start);
      input = input.substr(length);
      return length;
    },
  };
  return descriptor;
}
