import { expect, test } from "@jest/globals";
import { stackTrace } from "./stack-trace.js";
import { assembleByHand } from "./testing/by-hand.js";

const compiled = assembleByHand(`guest: push {r4, lr}
    bl   outer
    .global after_guest
    after_guest: pop {r4, pc}
    .global outer
    outer: push {r4, lr}
    bl   leaf
    .global after_outer
    after_outer: pop {r4, pc}
    .global leaf
    leaf: bx lr`);
const at = (name: string) => compiled.functions.find((each) => each.name === name)!.offset;
/** The labels behind calls stand for no functions of their own. */
const functions = [
  { name: "guest", index: 1, offset: at("guest"), bytes: at("outer") - at("guest"), frameBytes: 8, wasmBytes: 9 },
  { name: "outer", index: 2, offset: at("outer"), bytes: at("leaf") - at("outer"), frameBytes: 8, wasmBytes: 9 },
  { name: "leaf", index: 3, offset: at("leaf"), bytes: 2, frameBytes: 0, wasmBytes: 9 },
];
const compilation = { ...compiled, functions };

test("names the functions, innermost first", () => {
  const places = [
    { offset: at("leaf"), depth: 24 },
    { offset: at("after_outer"), depth: 24 },
    { offset: at("after_guest"), depth: 20 },
  ];
  expect(stackTrace(compilation, places)).toEqual(["leaf", "outer", "guest"]);
});

test("doesn't take a value that looks like an address for one", () => {
  const places = [
    { offset: at("outer") + 2, depth: 24 },
    // What r4 happened to be: behind a call, but not where the return address of `outer` is kept.
    { offset: at("after_outer"), depth: 24 },
    { offset: at("after_guest"), depth: 20 },
    { offset: at("leaf"), depth: 12 },
  ];
  expect(stackTrace(compilation, places)).toEqual(["outer", "guest"]);
});

test("leaves routines of the runtime out, and looks on where it doesn't know their frames", () => {
  const routine = { name: "routine", offset: at("leaf"), bytes: 2 };
  const places = [
    { offset: at("leaf"), depth: 40 },
    { offset: at("outer"), depth: 36 },
    { offset: at("after_outer"), depth: 28 },
    { offset: at("after_guest"), depth: 20 },
  ];
  expect(stackTrace({ ...compilation, functions: [...functions.slice(0, 2), routine] }, places)).toEqual([
    "outer",
    "guest",
  ]);
});

test("says nothing where nothing is known", () => {
  expect(stackTrace(compilation, [])).toEqual([]);
  expect(stackTrace(compilation, [{ offset: 0x7fffffff, depth: 0 }])).toEqual([]);
});
