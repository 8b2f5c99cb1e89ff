/** Lets a guest that computes leave now and then, so that the event loop goes on. */
import type { Clock } from "../../hal/contract/index.js";
import type { Guest } from "../wasi/guest.js";

const FIRST = 1000;
const LEAST = 100;
/** About a second at 64 MHz, should the board's clock stand still. */
const MOST = 100000;

/**
 * Makes the function that loops ask for fuel (`CompileOptions.fuel`). What it gives follows from how long the last took;
 * when a slice is over it suspends the guest as a call that waits does, until the event loop's next turn.
 * @param milliseconds of a slice
 * @returns how much to go on with, or 0 to leave
 */
export function slices(guest: Guest, milliseconds: number, after: Clock["after"]): () => number {
  var began = -1;
  var last = 0;
  var given = FIRST;
  return function () {
    var now = Date.now();
    var took = now - last;
    last = now;
    // Back from the event loop, or somebody set the clock; while the module is made, it can't leave.
    if (began < 0 || took < 0 || !guest.wait) began = now;
    else if (now - began < milliseconds) {
      if (took * 8 < milliseconds) given = Math.min(given * 2, MOST);
      else if (took * 4 > milliseconds) given = Math.max(given >> 1, LEAST);
    } else {
      began = -1;
      guest.wait(function (done) {
        return after(0, function () {
          done(0);
        });
      });
      return 0;
    }
    return given;
  };
}
