import type { Statement } from "../ir/types.js";
import { walkExpressions, walkStatements } from "../ir/walk.js";

/*
 * Where an access to memory is worth its inline check: about three times the characters of a call, half of its time.
 */

/** A loop with more accesses than this is the main loop of something large, and mostly passed over. */
const ACCESSES_OF_A_SMALL_LOOP = 8;
/** A function with no more than this is likely to be called from loops elsewhere. */
const ACCESSES_OF_A_SMALL_FUNCTION = 2;

/** Whether a loop is small enough to be one that a program spends its time in. */
export function isSmallLoop(body: readonly Statement[]): boolean {
  return countAccesses(body) <= ACCESSES_OF_A_SMALL_LOOP;
}

/** Whether a function is small enough to be one that loops call. */
export function isSmallFunction(body: readonly Statement[]): boolean {
  return countAccesses(body) <= ACCESSES_OF_A_SMALL_FUNCTION;
}

/** Loads and stores, those in nested loops among them. */
function countAccesses(body: readonly Statement[]): number {
  let count = 0;
  walkExpressions(body, ({ kind }) => {
    if (kind === "load") count++;
  });
  walkStatements(body, ({ kind }) => {
    if (kind === "store") count++;
  });
  return count;
}
