import type { FunctionType } from "../../decode/module.js";
import { contextOffsets as word } from "../context.js";
import { wordCount } from "./plan.js";
import { trapLabel } from "./layout/expand.js";
import { labels } from "./select/selector.js";

/** An export that can be started. */
export interface ExportDoor {
  readonly functionIndex: number;
  readonly type: FunctionType;
}

/** How a guest is entered, and what is made ready before. */
export interface GuestDoors {
  readonly memoryOffset: number;
  readonly exports: readonly ExportDoor[];
  /** Function that is run before the first export. */
  readonly start: number | undefined;
  /** Why the module can't be started, a trap's code. */
  readonly startTrap: number | undefined;
  /** Whether r10 holds the stack's limit. */
  readonly stackLimit: boolean;
}

/** Labels are names in assembly text, so they have no spaces there. */
export function assemblyName(label: string): string {
  return label.replace(/ /g, ".");
}

/**
 * `guest`, as `routines/coroutine.ts` calls it: sets the registers that are kept throughout, runs the start function the
 * first time, then the export of `context[6]` with its arguments from `context[16]`, and leaves the results there.
 */
export function guestText({ memoryOffset, exports, start, startTrap, stackLimit }: GuestDoors): string {
  const begin = start !== undefined || startTrap !== undefined;
  return `
      .global guest
    guest:
      push {r4, lr}
      movs r4, r0
      ldr  r1, =${memoryOffset}
      adds r1, r1, r0
      mov  r11, r1
      ldr  r1, [r0, #${word.fuel}]
      mov  r8, r1
      ${stackLimit ? `ldr  r1, [r0, #${word.stackLimit}]\n      mov  r10, r1` : ""}
      ${
        begin
          ? `ldr  r1, [r0, #${word.own}]
      cmp  r1, #0
      bne  started
      movs r1, #1
      str  r1, [r0, #${word.own}]
      ${startTrap === undefined ? "" : `bl   ${trapLabel(startTrap, false)}`}
      ${start === undefined ? "" : `bl   ${assemblyName(labels.function(start))}`}
    started:`
          : ""
      }
      ldr  r0, [r4, #${word.exportIndex}]
      lsls r0, r0, #2
      adr  r1, doors
      ldr  r0, [r1, r0]
      adds r0, r0, r1
      bx   r0
      .pool
      .align 2
    doors:
      ${exports.map((_, n) => `.word door${n} - doors + 1`).join("\n      ")}
      ${exports.length === 0 ? ".word 0" : ""}
      ${exports.map(exportText).join("\n")}`;
}

function exportText({ functionIndex, type }: ExportDoor, n: number): string {
  const parameters = wordCount(type.params);
  const results = wordCount(type.results);
  const onStack = Math.max(0, parameters - 4);
  const lines = [`door${n}:`, "movs r5, r4", `adds r5, #${word.transfer}`];
  if (onStack > 0) {
    lines.push(`sub  sp, #${4 * onStack}`);
    for (let at = 0; at < onStack; at++) lines.push(`ldr  r0, [r5, #${16 + 4 * at}]`, `str  r0, [sp, #${4 * at}]`);
  }
  for (let at = 0; at < Math.min(4, parameters); at++) lines.push(`ldr  r${at}, [r5, #${4 * at}]`);
  lines.push(`bl   ${assemblyName(labels.function(functionIndex))}`);
  if (onStack > 0) lines.push(`add  sp, #${4 * onStack}`);
  // Results beyond two words are at the transfer area's start: they make room.
  for (let at = results - 1; at >= 2; at--) lines.push(`ldr  r2, [r5, #${4 * (at - 2)}]`, `str  r2, [r5, #${4 * at}]`);
  for (let at = 0; at < Math.min(2, results); at++) lines.push(`str  r${at}, [r5, #${4 * at}]`);
  lines.push("pop  {r4, pc}");
  return lines.join("\n      ");
}

/**
 * A function that the host imports to the guest, called as any other: lays its arguments into the context, leaves, and
 * brings back the answer.
 * @param number what the host knows it by, from 1
 * @param first a routine that is asked first: Z set when it has answered in r0, else it leaves the arguments as they are
 */
export function importText(
  index: number,
  type: FunctionType,
  number: number,
  memoryOffset: number,
  first?: string,
): string {
  const name = assemblyName(labels.function(index));
  const parameters = wordCount(type.params);
  const lines = [`.global ${name}`, `${name}:`, "push {r4, lr}"];
  if (first !== undefined) lines.push(`bl   ${first}`, "beq  answered");
  lines.push("mov  r4, r11");
  if (parameters > 0) {
    const registers = [0, 1, 2, 3].slice(0, Math.min(4, parameters)).map((one) => `r${one}`);
    // r12 carries r3 while it holds a number.
    lines.push("mov  r12, r3", `ldr  r3, =${memoryOffset - word.transfer}`, "subs r4, r4, r3", "mov  r3, r12");
    lines.push(`stmia r4!, {${registers.join(", ")}}`);
    for (let at = 4; at < parameters; at++) lines.push(`ldr  r0, [sp, #${8 + 4 * (at - 4)}]`, "stmia r4!, {r0}");
  }
  lines.push("mov  r1, r11", `ldr  r0, =${memoryOffset}`, "subs r1, r1, r0", "movs r4, r1");
  lines.push(`ldr  r0, =${number}`, "bl   yield");
  if (wordCount(type.results) > 1) lines.push(`ldr  r1, [r4, #${word.transfer}]`);
  if (first !== undefined) lines.push("answered:");
  lines.push("pop  {r4, pc}");
  return lines.join("\n      ");
}
