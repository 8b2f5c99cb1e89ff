import type { Guest } from "../guest.js";
import { formatParameters, nameOf } from "./format.js";
import { ERRNO } from "./names.js";

/** A WASI call, as the engines link it. */
export type TracedCall = (guest: Guest, ...parameters: number[]) => number | void;

function errorName(errno: number): string {
  return nameOf(errno, ERRNO);
}

/**
 * Puts a line around a call: `path_open(fd=3, …, path="led", …) = success, fd=4`. A call that suspends its guest makes
 * two, `fd_read(…) <unfinished ...>` and `<... fd_read resumed> = success, …`; one that doesn't return ends in `= ?`.
 * @param signature its parameters, of `signatures.ts`
 * @param show gets each line without its end, one byte a char
 */
export function traced(name: string, signature: string, call: TracedCall, show: (line: string) => void): TracedCall {
  return function (guest) {
    const given: number[] = [];
    for (let i = 1; i < arguments.length; i++) given.push(arguments[i]);
    const wait = guest.wait;
    let head = name + "(" + formatParameters(guest, signature, given, false, errorName) + ")";
    let ended = false;
    function end(errno: number): void {
      if (ended) return;
      ended = true;
      const results = errno ? "" : formatParameters(guest, signature, given, true, errorName);
      show(head + " = " + errorName(errno) + (results && ", ") + results);
    }
    guest.wait = function (begin) {
      return wait.call(guest, function (done: (errno: number) => void) {
        const giveUp = begin(function (errno) {
          end(errno);
          done(errno);
        });
        if (!ended) {
          show(head + " <unfinished ...>");
          head = "<... " + name + " resumed>";
        }
        return giveUp;
      });
    };
    try {
      const errno = call.apply(undefined, arguments as unknown as [Guest]) as number;
      // Negative is no errno: an engine's word that the guest is to be left.
      if (!(errno < 0)) end(errno | 0);
      return errno;
    } catch (thrown) {
      if (!ended) show(head + " = ?");
      throw thrown;
    } finally {
      guest.wait = wait;
    }
  };
}
