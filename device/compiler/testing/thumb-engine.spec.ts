import { describe, expect, test } from "@jest/globals";
import { ModuleError } from "../decode/errors.js";
import { contextOffsets as word } from "../thumb/context.js";
import { assembleByHand, MEMORY_OFFSET } from "../thumb/testing/by-hand.js";
import { trapCodes } from "../thumb/traps.js";
import { encodeModule, type Instruction } from "./encode.js";
import { type Imports, Refusal, Trap } from "./engine.js";
import { START } from "./self-contained.js";
import { createThumbEngine } from "./thumb-engine.js";
import { instantiateThumb } from "./thumb-instance.js";
import { numeric } from "./values.js";

const GLOBAL = word.layout;

/** Adds the arguments to a global and returns the sum; export 1 divides by zero; export 2 loops on fuel. */
const GUEST = `guest: push {r4, lr}
  mov  r4, r0
  ldr  r1, =${MEMORY_OFFSET}
  adds r1, r0, r1
  mov  r11, r1
  ldr  r1, [r0, #${word.exportIndex}]
  cmp  r1, #1
  beq  trapping
  cmp  r1, #2
  beq  slices
  ldr  r2, =${GLOBAL}
  ldr  r3, [r0, r2]
  ldr  r1, [r0, #${word.transfer}]
  adds r3, r3, r1
  str  r3, [r0, r2]
  str  r3, [r0, #${word.transfer}]
  mov  r1, r11
  str  r3, [r1, #4]
  pop  {r4, pc}
  slices: bl fuel
  bl   fuel
  pop  {r4, pc}
  trapping: movs r0, #${~trapCodes["integer divide by zero"]}
  mvns r0, r0
  mov  r1, r4
  movs r2, #0
  bl   trap`;

/** Calls import 0 with 5 and returns what it answers. */
const CALLER = `guest: push {r4, lr}
  mov  r4, r0
  movs r1, #5
  str  r1, [r0, #${word.transfer}]
  movs r0, #1
  mov  r1, r4
  bl   yield
  str  r0, [r4, #${word.transfer}]
  pop  {r4, pc}`;

const one = { params: ["i32"], results: ["i32"] } as const;

describe("a compilation on the core", () => {
  const started = () =>
    instantiateThumb(
      assembleByHand(GUEST, { exports: ["add", "divide", "slice"], data: [{ offset: 8, bytes: Uint8Array.of(7) }] }),
      {
        memoryBytes: 64,
        imports: [],
        fuel: 3,
      },
    );

  test("keeps its state from call to call, and counts", () => {
    const instance = started();
    expect(instance.call("add", [40], 1)).toEqual([40]);
    const once = instance.instructions;
    expect(instance.call("add", [2], 1)).toEqual([42]);
    expect(instance.instructions).toBe(2 * once);
    expect(instance.cycles).toBeGreaterThan(instance.instructions);
    expect([instance.words[GLOBAL >> 2], instance.memory()[4], instance.memory()[8]]).toEqual([42, 42, 7]);
    expect(instance.stackUsed()).toBeGreaterThan(8);
    expect(instance.stackUsed()).toBeLessThan(64);
  });

  test("traps by name, and can be entered again", () => {
    const instance = started();
    expect(() => instance.call("divide")).toThrow(/^trap: integer divide by zero at thumb:\d+$/);
    expect(instance.call("add", [1], 1)).toEqual([1]);
  });

  test("is given fuel again where it has run out", () => {
    const instance = started();
    instance.call("slice");
    expect([instance.slices, instance.words[word.fuel >> 2]]).toEqual([2, 3]);
  });

  test("is stopped when it takes too many cycles", () => {
    const endless = instantiateThumb(assembleByHand("guest: b guest"), {
      memoryBytes: 0,
      imports: [],
      cycleLimit: 1e5,
    });
    expect(() => endless.call("_start")).toThrow(/more cycles than it was given/);
  });

  test("can be called from its own import, on the stack below", () => {
    let depth = 0;
    const instance = instantiateThumb(assembleByHand(CALLER, { imports: [{ module: "m", name: "f", type: one }] }), {
      memoryBytes: 0,
      imports: [(words) => (++depth < 4 ? [instance.call("_start", [], 1)[0] + words[0]] : [100])],
    });
    expect(instance.call("_start", [], 1)).toEqual([115]);
    expect(depth).toBe(4);
  });
});

describe("the thumb engine", () => {
  const text = (op: string, operands: Instruction[] = []): Instruction => ({ op, operands, results: [] });
  const module = encodeModule({
    imports: [{ module: "host", name: "f", type: one }],
    functions: [{ type: one, locals: [], body: [text("unreachable")] }],
    memory: { minimum: 1 },
    globals: [{ type: "i32", mutable: true, initial: 0n }],
    exports: [
      { name: "run", kind: "function", index: 1 },
      { name: "global", kind: "global", index: 0 },
      { name: "memory", kind: "memory", index: 0 },
    ],
    elements: [],
    data: [],
  });
  const from = { module: "host", name: "f", type: one };
  const engine = (guest: string) =>
    createThumbEngine({
      name: "by hand",
      compile: () => assembleByHand(guest, { exports: [START, "run"], imports: [from] }),
    });
  const imports: Imports = {
    host: {
      f: { host: { ...one, call: ([value]) => [numeric("i32", "bits" in value ? Number(value.bits) * 2 : 0)] } },
    },
  };

  test("hands values over as bits, and lets globals and memory be seen", () => {
    const instance = engine(CALLER).instantiate(module, imports);
    expect(instance.invoke("run", [], ["i32"])).toEqual([numeric("i32", 10)]);
    expect(instance.global("global", "i32")).toEqual(numeric("i32", 0));
    expect(instance.memory("memory").length).toBe(65536);
  });

  test("says which trap it was, in instantiation too", () => {
    const traps = `guest: movs r1, #${~trapCodes.unreachable}
      mvns r2, r1
      mov  r1, r0
      mov  r0, r2
      movs r2, #0
      bl   trap`;
    expect(() => engine(traps).instantiate(module, imports)).toThrow(Trap);
  });

  test("lets one instance import a function of another", () => {
    const first = engine(CALLER).instantiate(module, imports);
    const second = engine(CALLER).instantiate(module, { host: { f: { exported: first.exported("run") } } });
    expect(second.invoke("run", [], ["i32"])).toEqual([numeric("i32", 10)]);
  });

  test("refuses what the compiler does, and what is missing", () => {
    expect(() => engine(CALLER).instantiate(module, {})).toThrow("host.f is missing");
    const refusing = createThumbEngine({
      name: "none",
      compile() {
        throw new ModuleError("no");
      },
    });
    expect(() => refusing.instantiate(module, imports)).toThrow(Refusal);
  });
});
