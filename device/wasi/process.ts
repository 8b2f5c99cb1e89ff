import { INVAL, NOTSUP, SUCCESS } from "./errno.js";
import type { Exit, Guest } from "./guest.js";

/** `proc_exit`: throws `Exit`, which the engine catches. Any 32-bit code is passed on as it is. */
export function proc_exit(_guest: Guest, exitCode: number): never {
  throw { exitCode: exitCode } as Exit;
}

/** WASI preview 1 `signal`s as bits: none, chld, cont, urg and winch; stop, tstp, ttin and ttou. */
const IGNORED = (1 << 0) | (1 << 16) | (1 << 17) | (1 << 22) | (1 << 27);
const STOPPING = (1 << 18) | (1 << 19) | (1 << 20) | (1 << 21);

/**
 * `proc_raise`: a guest has no handlers, so a signal does what it does by default. Those that end a program end it with
 * 128 + the signal, as a shell reports it; those that are ignored by default do nothing; stopping is `notsup`.
 */
export function proc_raise(guest: Guest, signal: number): number {
  return signal >>> 0 > 30
    ? INVAL
    : (IGNORED >> signal) & 1
      ? SUCCESS
      : (STOPPING >> signal) & 1
        ? NOTSUP
        : proc_exit(guest, 128 + signal);
}

/** `sched_yield`: there is one thread, and the engine slices long runs by itself. */
export function sched_yield(_guest: Guest): number {
  return SUCCESS;
}
