/** Runs a guest that the compiler turned into ECMAScript. */
import type { Exit, Guest } from "../wasi/guest.js";

/**
 * What generated code returns (`JsCompilation.source`): exports, and for a guest that can be suspended whether it is,
 * and how to let it go on with the value of the call that waited.
 */
export interface Instance {
  0: Record<string, () => void>;
  1?: () => boolean;
  2?: (value: number) => void;
}

/**
 * Told once how a guest ended.
 * @param exitCode what it exited with; 134 for a trap, as a shell says of SIGABRT; 130 for having been stopped
 * @param trap an error whose message is `trap: ` and the reason in the core specification's words, or whatever else
 * was thrown
 */
export type Ended = (exitCode: number, trap?: Error) => void;

/** What a call that waits returns: no errno is negative, so the generated code knows that it must leave. */
const WAITING = -1;
const TRAPPED = 134;
/** As a shell says of SIGINT. */
const STOPPED = 130;

/** Calls an export of a guest that can't be suspended. */
export function run(instance: Instance, entry: string, ended: Ended): void {
  try {
    instance[0][entry]();
  } catch (thrown) {
    var code = (thrown as Exit).exitCode;
    return code === undefined ? ended(TRAPPED, thrown as Error) : ended(code);
  }
  ended(0);
}

/**
 * Calls an export of a guest that can wait. Returns when it has ended or waits; the event loop goes on with it.
 * @param setTimeout the interpreter's own, where it may end a script that is running (Espruino does, on Ctrl-C): tells
 * that it has
 * @returns stops it where it waits: what for is given up
 */
export function runWaiting(
  guest: Guest,
  instance: Instance,
  entry: string,
  ended: Ended,
  setTimeout?: (action: () => void, milliseconds: number) => void,
): () => void {
  /** 0 unless the guest waits. */
  var giveUp: (() => void) | 0;
  var inside: boolean;

  function stop(): void {
    if (!giveUp) return;
    giveUp();
    giveUp = 0;
    ended(STOPPED);
  }

  guest.wait = function (begin) {
    giveUp = begin(function (errno) {
      instance[2]!(errno);
      goOn();
    });
    return WAITING;
  };

  function goOn(): void {
    giveUp = 0;
    inside = true;
    // An interrupted script just isn't there any more, but timers go on.
    if (setTimeout)
      setTimeout(function () {
        if (inside) ended(STOPPED);
        inside = false;
      }, 0);
    try {
      instance[0][entry]();
    } catch (thrown) {
      inside = false;
      var code = (thrown as Exit).exitCode;
      return code === undefined ? ended(TRAPPED, thrown as Error) : ended(code);
    }
    inside = false;
    if (!instance[1]!()) ended(0);
  }

  goOn();
  return stop;
}
