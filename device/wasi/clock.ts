import { INVAL } from "./errno.js";
import type { Guest } from "./guest.js";
import { nanoseconds, store } from "./memory.js";

/** WASI preview 1 `clockid`s up to this are told: 0 realtime, 1 monotonic. Processor time (2 and 3) can't be, on a board. */
export const LAST_CLOCK = 1;

/** `clock_res_get`: the clock's step in nanoseconds; `inval` for a clock that there isn't. */
export function clock_res_get(guest: Guest, id: number, result: number): number {
  return id >>> 0 > LAST_CLOCK ? INVAL : store(guest, result, nanoseconds(guest.clock.resolution));
}

/** `clock_time_get`: nanoseconds; `inval` for a clock that there isn't. The precision asked for is a hint, and not needed. */
export function clock_time_get(guest: Guest, id: number, _low: number, _high: number, result: number): number {
  return id >>> 0 > LAST_CLOCK
    ? INVAL
    : store(guest, result, nanoseconds(id ? guest.clock.monotonic() : guest.clock.realtime()));
}
