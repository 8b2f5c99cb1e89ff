/** Runs a reactor: initializes it, then calls its exports when what they are there for happens. */
import type { Clock } from "../../hal/contract/index.js";
import type { Guest } from "../wasi/guest.js";
import { storeText } from "../wasi/memory.js";
import type { Ended, Instance } from "./js.js";

/**
 * Says that it has happened.
 * @param value what the export gets: a pin's level, or a line, one byte a char
 */
export type Happen = (value?: number | string) => void;

/** An export and what it is called for. */
export interface Reaction {
  readonly entry: string;
  /** Waits for it to happen, again and again; returns how to end that. May throw `HalError`. */
  readonly trigger: (happen: Happen) => () => void;
  /** Once is as good as twice: what waits to be called isn't queued again. */
  readonly merges?: boolean;
  /** Takes a line's place and length in the guest's memory, for which `cabi_realloc` gives the room. */
  readonly takesLine?: boolean;
}

/**
 * Calls an export to its end.
 * @param returned gets what it returns
 * @param ended told instead, when it exits, traps or is stopped
 * @returns how to stop it, where it can be
 */
export type Enter = (
  entry: string,
  parameters: readonly unknown[],
  returned: (result: number) => void,
  ended: Ended,
) => (() => void) | void;

type Exported = (...parameters: unknown[]) => unknown;

const STOPPED = 130;

/**
 * Enters generated ECMAScript.
 * @param run `run` or `runWaiting`
 */
export function entering(
  run: (instance: Instance, entry: string, ended: Ended) => (() => void) | void,
  instance: Instance,
): Enter {
  return function (entry, parameters, returned, ended) {
    let inside: boolean;
    let result: unknown;
    return run(
      {
        0: {
          call: function () {
            inside = true;
            result = (instance[0][entry] as Exported).apply(undefined, parameters as unknown[]);
            inside = false;
          },
        },
        1: instance[1],
        2: instance[2],
      },
      "call",
      function (exitCode, trap) {
        // Stopped: it is neither inside nor at its end.
        if (inside || exitCode) ended(exitCode, trap);
        else returned(result as number);
      },
    );
  };
}

/** Reactions that wait for their turn; a board has little memory, and what comes faster than that won't be caught up with. */
const MOST = 16;

/**
 * Initializes a reactor and lets it react. One reaction runs at a time; what happens meanwhile, also while a reaction
 * waits, is queued in its order, and dropped when 16 are in the queue. A turn of the event loop is between two.
 * @param initialize name of the export to call first; undefined for a module without one
 * @param tell gets a line for a person: what was dropped
 * @param ended called once, when the guest exits or traps: nothing is called any more. `entry` is the export that did it
 * @returns stops it: `ended` is told 130, as a shell says of SIGINT
 */
export function runReactor(
  enter: Enter,
  guest: Pick<Guest, "memory">,
  initialize: string | undefined,
  reactions: readonly Reaction[],
  after: Clock["after"],
  tell: (line: string) => void,
  ended: (exitCode: number, trap: Error | undefined, entry: string) => void,
): () => void {
  const queue: { reaction: Reaction; value: number | string | undefined }[] = [];
  const stops: (() => void)[] = [];
  let busy = true;
  let over = false;
  let dropped = 0;

  let stopEntered: (() => void) | void;

  function finish(exitCode: number, trap: Error | undefined, entry: string): void {
    if (over) return;
    over = true;
    while (stops.length) stops.pop()!();
    ended(exitCode, trap, entry);
  }

  /** Calls an export; what returns isn't an exit or a trap. */
  function call(entry: string, parameters: unknown[], then: (result: number) => void): void {
    stopEntered = enter(entry, parameters, then, function (exitCode, trap) {
      finish(exitCode, trap, entry);
    });
  }

  function turn(): void {
    const item = queue.shift();
    busy = !!item && !over;
    if (!busy) {
      if (dropped) tell("reactions dropped: " + dropped);
      dropped = 0;
      return;
    }
    const entry = item!.reaction.entry;
    const value = item!.value;
    function later(): void {
      after(0, turn);
    }
    if (!item!.reaction.takesLine) return call(entry, [value], later);
    const length = (value as string).length;
    call("cabi_realloc", [0, 0, 1, length], function (pointer) {
      if (pointer && !storeText(guest, pointer, value as string)) call(entry, [pointer, length], later);
      else {
        tell(entry + ": no room for a line of " + length + " bytes");
        later();
      }
    });
  }

  function happens(reaction: Reaction): Happen {
    return function (value) {
      if (reaction.merges) for (let i = 0; i < queue.length; i++) if (queue[i].reaction === reaction) return;
      if (queue.length < MOST) queue.push({ reaction: reaction, value: value });
      else dropped++;
      if (!busy) turn();
    };
  }

  function react(): void {
    for (let i = 0; i < reactions.length && !over; i++)
      try {
        stops.push(reactions[i].trigger(happens(reactions[i])));
      } catch (fault) {
        finish(1, fault as Error, reactions[i].entry);
      }
    turn();
  }

  if (initialize) call(initialize, [], react);
  else react();
  return function () {
    if (busy && stopEntered) stopEntered();
    finish(STOPPED, undefined, "");
  };
}
