import { contextOffsets as word } from "../context.js";

/** How the guest gets a stack of its own, and how it finds its context. */
export interface CoroutineOptions {
  /**
   * `process`: PSP by way of CONTROL, so that interrupt handlers stay on the host's stack; the host must run on MSP in
   * privileged thread mode, as Espruino does. `plain`: SP itself is exchanged, for hosts without a PSP (an emulator of
   * user mode); handlers then run on the guest's stack.
   */
  readonly stack: "process" | "plain";
  /** Linear memory begins this many bytes behind the context; generated code has its address in r11 at all times. */
  readonly memoryOffset: number;
  /** Traps of generated code: an entry for each, by a label of its own. */
  readonly traps?: readonly TrapEntry[];
}

/** A way into `trap` for one reason, reached by `bl`; all but lr and r2 may have been lost. */
export interface TrapEntry {
  readonly label: string;
  readonly code: number;
  /** Whether r2 is a lr that is in no frame; otherwise it's set to 0. */
  readonly leaf: boolean;
}

/**
 * The way into the guest and out of it, which must stand at offset 0 of the blob.
 *
 * - `entry(context, value)`: from the host, AAPCS. Saves r4-r11 and lr on the host's stack. Starts the guest by calling
 *   `guest` (of the generated code) with r0 = context on an empty stack, or resumes it.
 * - `yield(result, context)`: from the guest, AAPCS. Leaves with r0; returns in r0 what `entry` is called with as
 *   `value`. r4-r11 are kept.
 * - `fuel`: from the guest by `bl`. Leaves with -1, and has r8 from the context's word 5 afterwards; keeps all other
 *   registers but lr and the flags.
 * - `trap`: from the guest by `bl`, never returns. Leaves with r0, a trap's code; r1 is the context; the place noted is
 *   that of the `bl`; r2 is noted as a lr that is in no frame.
 * - `trap_at`: the same for routines; r0 is the code, r1 their return address, so the place noted is their call.
 *   It takes the context from r11.
 */
export function coroutine(options: CoroutineOptions): string {
  const traps = options.traps ?? [];
  const trapEntries = traps.map(
    ({ label, code, leaf }) => `
    ${label}:
      ${leaf ? "" : "movs r2, #0"}
      movs r0, #${-code}
      b    trapped`,
  );
  const plain = options.stack === "plain";
  /** From the host's stack to the one whose pointer is in r2; r0 is the context, r3 is lost. */
  const toGuest = plain
    ? `mov  r3, sp
       str  r3, [r0, #${word.hostStack}]
       mov  sp, r2`
    : `msr  psp, r2
       mrs  r3, control
       movs r2, #2
       orrs r3, r2
       msr  control, r3
       isb`;
  /** Back to the host's stack; r1 is the context, r2 and r3 are lost. */
  const toHost = plain
    ? `ldr  r2, [r1, #${word.hostStack}]
       mov  sp, r2`
    : `mrs  r3, control
       movs r2, #2
       bics r3, r2
       msr  control, r3
       isb`;
  return `
      .global entry
      .global yield
      .global fuel
      .global trap
      .global trap_at
    entry:
      push {r4-r7, lr}
      mov  r4, r8
      mov  r5, r9
      mov  r6, r10
      mov  r7, r11
      push {r4-r7}
      ldr  r2, [r0, #${word.guestStack}]
      cmp  r2, #0
      beq  first
      ${toGuest}
      mov  r0, r1             @ the answer
      b    restore            @ r4-r11 as yield has left them
    first:
      ldr  r2, [r0, #${word.stackTop}]
      ${toGuest}
      push {r0, r1}           @ two, for the alignment
      bl   guest
      pop  {r1, r2}
      movs r0, #0
      str  r0, [r1, #${word.guestStack}]
      b    leave

    fuel:
      push {r0-r3, lr}
      mov  r0, r12
      mov  r1, r11
      ldr  r2, =${options.memoryOffset}
      subs r1, r1, r2
      push {r0, r1}
      movs r0, #0
      mvns r0, r0
      bl   yield
      pop  {r0, r1}
      mov  r12, r0
      ldr  r1, [r1, #${word.fuel}]
      mov  r8, r1
      pop  {r0-r3, pc}

    yield:
      push {r4-r7, lr}
      mov  r4, r8
      mov  r5, r9
      mov  r6, r10
      mov  r7, r11
      push {r4-r7}
      mov  r2, sp
      str  r2, [r1, #${word.guestStack}]
    leave:
      ${toHost}
    restore:
      pop  {r4-r7}
      mov  r8, r4
      mov  r9, r5
      mov  r10, r6
      mov  r11, r7
      pop  {r4-r7, pc}

    trap:
      mov  r3, lr
      b    note
    trap_at:
      mov  r3, r1
      mov  r1, r11
      ldr  r2, =${options.memoryOffset}
      subs r1, r1, r2
      movs r2, #0
    note:
      str  r2, [r1, #${word.trapLink}]
      mov  r2, pc             @ the address of "here"
      subs r3, r3, r2
    here:
      ldr  r2, offset
      adds r3, r3, r2
      str  r3, [r1, #${word.trapAddress}]
      mov  r2, sp
      str  r2, [r1, #${word.guestStack}]
      str  r2, [r1, #${word.trapStack}]
      b    leave
      .align 2
    offset:                   @ less the Thumb bit and the size of the bl
      .word here - entry - 5
      ${traps.map(({ label }) => `.global ${label}`).join("\n")}
      ${trapEntries.join("")}
    ${
      traps.length > 0
        ? `trapped:
      negs r0, r0
      mov  r1, r11
      ldr  r3, =${options.memoryOffset}
      subs r1, r1, r3
      b    trap`
        : ""
    }`;
}
