import { assemble } from "../assembler/assemble.js";
import { linkRoutines, patchReference } from "../routines/link.js";
import { createProcessor } from "./processor.js";

const answer = (code: number): string => `
      eors r0, r4
      eors r1, r5
      eors r2, r6
      eors r3, r7
      orrs r0, r1
      orrs r0, r2
      orrs r0, r3
      bne  lost
      movs r0, #${code}
      pop  {r4-r7, pc}`;

/**
 * A routine that answers in the flags, to be called with up to four words: 0 lower, 1 equal, 2 higher as `cmp` leaves
 * them; 3 where r0-r3 aren't kept.
 */
export function createFlagsRoutine(name: string): (...words: number[]) => number {
  const linked = linkRoutines([name], { stack: "process", memoryOffset: 256 });
  const caller = assemble(`
      .global caller
    caller:
      push {r4-r7, lr}
      movs r4, r0
      movs r5, r1
      movs r6, r2
      movs r7, r3
      bl   ${name}
      bne  1f
      bcc  lost
      ${answer(1)}
    1:
      bcs  1f
      ${answer(0)}
    1:
      ${answer(2)}
    lost:
      movs r0, #3
      pop  {r4-r7, pc}`);
  const code = new Uint8Array([...linked.code, ...caller.code]);
  for (const reference of caller.references) {
    patchReference(code, { ...reference, at: reference.at + linked.code.length }, linked.symbols.get(reference.to)!);
  }
  const processor = createProcessor(code);
  return (...words) => processor.call(linked.code.length, ...words)[0];
}
