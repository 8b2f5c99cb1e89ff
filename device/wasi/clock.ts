import { INVAL, NOTSUP } from "./errno.js";
import type { Guest } from "./guest.js";
import { storeTime } from "./memory.js";

/** WASI preview 1 `clockid`. 2 and 3, the processor time of process and thread, can't be told on a board. */
export const REALTIME = 0;
export const MONOTONIC = 1;

/** `clock_res_get`: the clock's step in nanoseconds. `notsup` for processor time, `inval` beyond. */
export function clock_res_get(guest: Guest, id: number, result: number): number {
  return unknown(id) || storeTime(guest, result, guest.clock.resolution);
}

/** `clock_time_get`: nanoseconds. The precision asked for is a hint, and not needed. */
export function clock_time_get(guest: Guest, id: number, _low: number, _high: number, result: number): number {
  return unknown(id) || storeTime(guest, result, id ? guest.clock.monotonic() : guest.clock.realtime());
}

/** @returns errno: success for a clock that there is */
export function unknown(id: number): number {
  return id >>> 0 < 2 ? 0 : id >>> 0 < 4 ? NOTSUP : INVAL;
}
