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
 * @param exitCode what it exited with; 134 for a trap, as a shell says of SIGABRT
 * @param trap an error whose message is `trap: ` and the reason in the core specification's words, or whatever else
 * was thrown
 */
export type Ended = (exitCode: number, trap?: Error) => void;

/** What a call that waits returns: no errno is negative, so the generated code knows that it must leave. */
const WAITING = -1;
const TRAPPED = 134;

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
 * @returns stops it: what it waits for is given up, and `ended` isn't called any more
 */
export function runWaiting(guest: Guest, instance: Instance, entry: string, ended: Ended): () => void {
  var giveUp: (() => void) | undefined;

  guest.wait = function (begin) {
    giveUp = begin(function (errno) {
      instance[2]!(errno);
      goOn();
    });
    return WAITING;
  };

  function goOn(): void {
    giveUp = undefined;
    try {
      instance[0][entry]();
    } catch (thrown) {
      var code = (thrown as Exit).exitCode;
      return code === undefined ? ended(TRAPPED, thrown as Error) : ended(code);
    }
    if (!instance[1]!()) ended(0);
  }

  goOn();
  return function () {
    if (giveUp) giveUp();
  };
}
