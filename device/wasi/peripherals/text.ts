/** Text and bytes on their way between a descriptor and a peripheral. */
import type { Descriptor } from "../guest.js";
import { attempt } from "./fault.js";

/** Reads a value as a line of text, cut off where the buffer ends. */
export function readText(descriptor: Descriptor, value: () => number): void {
  descriptor.read = function (target, start, length) {
    return attempt(function () {
      const text = value() + "\n";
      length = Math.min(length, text.length);
      for (let i = 0; i < length; i++) target[start + i] = text.charCodeAt(i);
      return length;
    });
  };
}

/**
 * Writes in one go what a call brings in pieces.
 * @param send gets all bytes, and the position of a `pwrite`; throws `HalError`, or returns a negated errno
 */
export function writeWhole(descriptor: Descriptor, send: (bytes: number[], position?: number) => number | void): void {
  let bytes: number[] = [];
  let position: number | undefined;
  descriptor.write = function (source, start, length, more, at) {
    if (!bytes.length) position = at;
    for (let i = 0; i < length; i++) bytes.push(source[start + i]);
    if (more) return length;
    const all = bytes;
    bytes = [];
    return attempt(function () {
      return send(all, position) || length;
    });
  };
}
