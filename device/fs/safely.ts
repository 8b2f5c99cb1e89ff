import type { HalError } from "../../hal/contract/index.js";
import * as errno from "./errno.js";

/** Turns an errno that is thrown into a result. */
export function safely<A extends unknown[], R>(
  call: (...values: A) => R,
): (...values: A) => [R] extends [void] ? number | undefined : R {
  return function (a: never, b: never, c: never, d: never, e: never) {
    try {
      return (call as unknown as (...values: never[]) => R)(a, b, c, d, e);
    } catch (error) {
      if ((error as number) < 0) return error;
      // What flash throws.
      if ((error as HalError).kind) return errno.EIO;
      throw error;
    }
  } as never;
}
