import { trapCodes } from "../traps.js";
import type { TrapName } from "../traps.js";

/**
 * Instructions with which a routine stops the guest. LR must be what it was at the routine's entry and the stack as it
 * was, so that the place noted is the call.
 */
export function stopWith(trap: TrapName): string {
  return `mov  r1, lr
      movs r0, #${~trapCodes[trap]}
      mvns r0, r0
      bl   trap_at`;
}
