import { expect, test } from "@jest/globals";
import { listFunction } from "./listing.js";
import { assembleByHand } from "./testing/by-hand.js";

test("a function is listed with its literals as data, and calls by name", () => {
  // As an instruction, the literal would load another one: `ldr r0, …`.
  const compilation = assembleByHand(`guest: push {r4, lr}
    ldr  r0, =0x48004801
    loop: subs r0, r0, #1
    bne  loop
    bl   guest
    pop  {r4, pc}`);
  const { offset, bytes } = compilation.functions.at(-1)!;
  const lines = listFunction(compilation, compilation.functions.at(-1)!);
  expect(lines.map(({ at, text }) => [at - offset, text])).toEqual([
    [0, "push {r4, lr}"],
    [2, `ldr r0, 0x${(offset + bytes - 4).toString(16)}`],
    [4, "subs r0, r0, #1"],
    [6, `bne 0x${(offset + 4).toString(16)}`],
    [8, "bl guest"],
    [12, "pop {r4, pc}"],
    ...(bytes === 20 ? [[14, "nop"]] : []),
    [bytes - 4, ".word 0x48004801"],
  ]);
});
