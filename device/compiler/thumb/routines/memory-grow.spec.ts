import { assemble } from "../assembler/assemble.js";
import { contextOffsets } from "../context.js";
import { createProcessor, dataAddress } from "../testing/processor.js";
import { linkRoutines, patchReference } from "./link.js";

const memoryOffset = 1024;
const PAGE = 65536;

/** `memory.grow` called as generated code does: r11 is the address of linear memory. The RAM behind the context is dirty. */
function createMemory(bytes: number, limit: number) {
  const linked = linkRoutines(["memory.grow"], { stack: "process", memoryOffset });
  const caller = assemble(`
      .global caller
    caller:
      push {r4, lr}
      mov  r4, r11
      mov  r11, r1
      bl   memory.grow
      mov  r11, r4
      pop  {r4, pc}`);
  const code = new Uint8Array([...linked.code, ...caller.code]);
  for (const reference of caller.references) {
    patchReference(code, { ...reference, at: reference.at + linked.code.length }, linked.symbols.get(reference.to)!);
  }
  const processor = createProcessor(code);
  const context = dataAddress - 0x10000;
  const memory = context + memoryOffset;
  const start = memory - 0x20000000;
  processor.ram.fill(0xa5, start, start + limit + 8);
  processor.writeWord(context + contextOffsets.memoryBytes, bytes);
  processor.writeWord(context + contextOffsets.memoryLimit, limit);
  return {
    grow: (pages: number) => processor.call(linked.code.length, pages >>> 0, memory)[0] | 0,
    bytes: () => processor.readWord(context + contextOffsets.memoryBytes),
    /** Of linear memory, as many bytes from a place. */
    read: (at: number, count: number) => [...processor.ram.subarray(start + at, start + at + count)],
    processor,
  };
}

test("grows by pages that are zero, and tells how many there were", () => {
  const memory = createMemory(0, 2 * PAGE);
  expect(memory.grow(0)).toBe(0);
  expect(memory.grow(1)).toBe(0);
  expect(memory.bytes()).toBe(PAGE);
  expect(memory.read(0, PAGE).every((byte) => byte === 0)).toBe(true);
  expect(memory.read(PAGE, 8)).toEqual(Array.from({ length: 8 }, () => 0xa5));
  memory.processor.ram.fill(1, 0x11400, 0x11400 + 4);
  expect(memory.grow(1)).toBe(1);
  expect(memory.bytes()).toBe(2 * PAGE);
  expect(memory.read(PAGE, PAGE).every((byte) => byte === 0)).toBe(true);
  expect(memory.read(2 * PAGE, 8)).toEqual(Array.from({ length: 8 }, () => 0xa5));
  expect(memory.grow(0)).toBe(2);
});

test("refuses what there is no room for, and leaves everything as it is", () => {
  const memory = createMemory(PAGE, 2 * PAGE + 40000);
  for (const pages of [2, 3, 0x7fff, 0xffff, 0x10000, 0x10001, 0x80000000, 0xffffffff]) {
    expect([pages, memory.grow(pages)]).toEqual([pages, -1]);
  }
  expect(memory.bytes()).toBe(PAGE);
  expect(memory.read(PAGE, PAGE).every((byte) => byte === 0xa5)).toBe(true);
});

test("memory that isn't a whole number of pages keeps its odd end, as do pages behind it", () => {
  const memory = createMemory(1000, PAGE + 1000);
  expect(memory.grow(1)).toBe(0);
  expect(memory.bytes()).toBe(PAGE + 1000);
  expect(memory.read(996, 8)).toEqual([0xa5, 0xa5, 0xa5, 0xa5, 0, 0, 0, 0]);
  expect(memory.grow(1)).toBe(-1);
});
