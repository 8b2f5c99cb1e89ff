/** Waiting for a pin: what `wasi:gpio/digital` gives as `pollable`, and `wasi:io/poll@0.2` for it. */
import type { EdgePin } from "../../../hal/contract/index.js";
import type { Guest } from "../guest.js";
import { allocate, answer, held, hold, type Held, trap, wordsAt } from "./hardware.js";

const IN = "digital-in-pin";

/** Makes a pollable for an edge to a state, or for being in it. */
function watch(guest: Guest, handle: number, active: boolean, edge: boolean, result: number): void {
  const pin = held(guest, handle, IN);
  const input = pin.opened as EdgePin;
  const high = active !== pin.inverted;
  let came = false;
  let tell: (() => void) | undefined;
  const stop = input.onEdge(high ? "rising" : "falling", function () {
    came = true;
    if (tell) tell();
  });
  answer(guest, result, [
    0,
    hold(guest, {
      kind: "pollable",
      ready: function () {
        return edge ? came : input.isHigh() === high;
      },
      wait: function (handler) {
        tell = handler;
        return function () {
          tell = undefined;
        };
      },
      drop: stop,
    }),
  ]);
}

/** `watch-active`: a pollable that is ready while the pin is active. */
export function gpioWatchActive(guest: Guest, handle: number, result: number): void {
  watch(guest, handle, true, false, result);
}

/** `watch-inactive`: a pollable that is ready while the pin is not active. */
export function gpioWatchInactive(guest: Guest, handle: number, result: number): void {
  watch(guest, handle, false, false, result);
}

/** @param state `pin-state`: 0 is active */
export function gpioWatchState(guest: Guest, handle: number, state: number, result: number): void {
  watch(guest, handle, !state, false, result);
}

/** A rising edge is one to the active state. */
export function gpioWatchRising(guest: Guest, handle: number, result: number): void {
  watch(guest, handle, true, true, result);
}

/** `watch-falling-edge`: a pollable that is ready once the pin has gone from active to inactive. */
export function gpioWatchFalling(guest: Guest, handle: number, result: number): void {
  watch(guest, handle, false, true, result);
}

/** `watch-for-ready`: a pin is ready once it is open. Answers the handle of a pollable. */
export function gpioWatchReady(guest: Guest): number {
  return hold(guest, {
    kind: "pollable",
    ready: function () {
      return true;
    },
  });
}

/** `pollable.ready`: 1 when waiting would take no time, else 0. Traps for what is no pollable. */
export function pollableReady(guest: Guest, handle: number): number {
  return held(guest, handle, "pollable").ready!() ? 1 : 0;
}

/** Waits until one of some is ready; `then` is called with the guest about to go on. */
function waitFor(guest: Guest, pollables: readonly Held[], then: () => void): number {
  function ready(): boolean {
    for (let i = 0; i < pollables.length; i++) if (pollables[i].ready!()) return true;
    return false;
  }
  if (ready()) {
    then();
    return 0;
  }
  return guest.wait(function (done) {
    const stops: (() => void)[] = [];
    function stop(): void {
      while (stops.length) stops.pop()!();
    }
    function look(): void {
      if (!ready()) return;
      stop();
      then();
      done(0);
    }
    for (let i = 0; i < pollables.length; i++) stops.push(pollables[i].wait!(look));
    return stop;
  });
}

/** `pollable.block`: waits until it is ready. Traps for what is no pollable. */
export function pollableBlock(guest: Guest, handle: number): number {
  return waitFor(guest, [held(guest, handle, "pollable")], function () {});
}

/** `poll`: the places in the list of those that are ready, once there are any. Traps for an empty list. */
export function poll(guest: Guest, list: number, count: number, result: number): number {
  const words = wordsAt(guest, list, count);
  const pollables: Held[] = [];
  for (let i = 0; i < words.length; i++) pollables.push(held(guest, words[i], "pollable"));
  if (!pollables.length) trap("poll of no pollables");
  // Before it waits: a guest that is suspended can't be called.
  const pointer = allocate(guest, 4, 4 * count);
  return waitFor(guest, pollables, function () {
    const ready: number[] = [];
    for (let i = 0; i < pollables.length; i++) if (pollables[i].ready!()) ready.push(i);
    answer(guest, pointer, ready);
    answer(guest, result, [pointer, ready.length]);
  });
}
