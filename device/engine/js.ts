/** Runs a guest that the compiler turned into ECMAScript. */
import type { Clock } from "../../hal/contract/index.js";
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
 * @param after where the interpreter may end a script that is running (Espruino does, on Ctrl-C): tells that it has
 * @returns stops it, unless it has ended: what it waits for is given up
 */
export function runWaiting(
  guest: Guest,
  instance: Instance,
  entry: string,
  ended: Ended,
  after?: Clock["after"],
): () => void {
  var giveUp: (() => void) | undefined;
  var over = false;

  function stop(): void {
    if (over) return;
    over = true;
    if (giveUp) giveUp();
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
    giveUp = undefined;
    // An interrupted script just isn't there any more, but timers go on.
    var calm = after && after(0, stop);
    try {
      instance[0][entry]();
      over = !instance[1]!();
    } catch (thrown) {
      over = true;
      if (calm) calm();
      var code = (thrown as Exit).exitCode;
      return code === undefined ? ended(TRAPPED, thrown as Error) : ended(code);
    }
    if (calm) calm();
    if (over) ended(0);
  }

  goOn();
  return stop;
}
