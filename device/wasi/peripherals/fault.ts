import type { HalError } from "../../../hal/contract/index.js";
import { AGAIN, IO, NOTSUP, NXIO } from "../errno.js";

/**
 * Does something with hardware, and says how it failed.
 * @returns what `use` returned, or a negated errno: `nxio` when nobody acknowledged, `again` when a buffer is full,
 * `notsup` for what the board can't do, `io` for the rest
 */
export function attempt(use: () => number): number {
  try {
    return use();
  } catch (fault) {
    const kind = "" + (fault as HalError).kind;
    return -(kind.substr(0, 5) !== "NoAck"
      ? kind === "Overrun"
        ? AGAIN
        : kind === "Unsupported"
          ? NOTSUP
          : IO
      : NXIO);
  }
}
