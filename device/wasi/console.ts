/** The three standard streams over a console. */
import type { Console } from "../../hal/contract/index.js";
import type { Descriptor } from "./guest.js";
import { FD_WRITE } from "./rights.js";
import { readFrom, stream } from "./stream.js";

/** Standard output (1) or errors (2). A write is always taken whole. */
export function outputStream(write: Console["write"], number: 1 | 2): Descriptor {
  return stream(FD_WRITE, function (source, start, length) {
    write(number, source, start, length);
    return length;
  });
}

/** Standard input for a module that never reads it: open, and that is all. */
export function closedInput(): Descriptor {
  return stream(0);
}

/**
 * Standard input. The console's input belongs to the guest from the first read or poll until it closes the stream or
 * ends; before, it stays with the prompt.
 */
export function inputStream(onInput: Console["onInput"]): Descriptor {
  return readFrom(0, onInput);
}
