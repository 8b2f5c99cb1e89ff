/** `/dev/gpio/<name>`: a pin is read and written as `0` and `1`. */
import type { EdgePin, StatefulOutputPin } from "../../../hal/contract/index.js";
import { INVAL } from "../errno.js";
import type { Descriptor } from "../guest.js";
import { FD_READ, FD_WRITE } from "../rights.js";
import { stream } from "../stream.js";
import { attempt } from "./fault.js";
import { readText } from "./text.js";

/**
 * A pin granted for reading. `poll_oneoff` waits for an edge in either direction; edges between two polls count, from
 * the first poll on.
 */
export function openInput(pin: EdgePin): Descriptor {
  const input = stream(FD_READ);
  let stop: (() => void) | undefined;
  let came = false;
  readText(input, function () {
    return pin.isHigh() ? 1 : 0;
  });
  input.edge = function () {
    const edge = came;
    came = false;
    stop =
      stop ||
      pin.onEdge("both", function () {
        came = true;
        if (input.onReadable) input.onReadable();
      });
    return edge;
  };
  input.close = function () {
    if (stop) stop();
    return 0;
  };
  return input;
}

/** A pin granted for writing; reading tells what it was set to. White space between levels is left out. */
export function openOutput(pin: StatefulOutputPin): Descriptor {
  const output = stream(FD_READ | FD_WRITE);
  readText(output, function () {
    return pin.isSetHigh() ? 1 : 0;
  });
  output.write = function (source, start, length) {
    return attempt(function () {
      for (let i = 0; i < length; i++) {
        const char = source[start + i];
        if (char === 48 || char === 49) pin.setState(char === 49);
        else if (char > 32) return i || -INVAL;
      }
      return length;
    });
  };
  return output;
}
