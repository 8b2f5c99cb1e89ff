import { INVAL, NOTSUP, SUCCESS } from "./errno.js";
import type { Exit, Guest } from "./guest.js";

/** `proc_exit`: throws `Exit`, which the engine catches. Any 32-bit code is passed on as it is. */
export function proc_exit(_guest: Guest, exitCode: number): never {
  throw { exitCode: exitCode } as Exit;
}

/**
 * `proc_raise`: a guest has no handlers, so a signal does what it does by default. Those that end a program end it with
 * 128 + the signal, as a shell reports it; those that are ignored by default do nothing; stopping is `notsup`.
 */
export function proc_raise(guest: Guest, signal: number): number {
  if (signal >>> 0 > 30) return INVAL;
  // none, chld, cont, urg, winch
  if (!signal || signal === 16 || signal === 17 || signal === 22 || signal === 27) return SUCCESS;
  // stop, tstp, ttin, ttou
  return signal > 17 && signal < 22 ? NOTSUP : proc_exit(guest, 128 + signal);
}

/** `sched_yield`: there is one thread, and the engine slices long runs by itself. */
export function sched_yield(_guest: Guest): number {
  return SUCCESS;
}
