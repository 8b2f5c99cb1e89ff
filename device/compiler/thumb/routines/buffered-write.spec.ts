import { assemble } from "../assembler/assemble.js";
import { contextOffsets as word, WRITE_BUFFER_BYTES } from "../context.js";
import { createProcessor, dataAddress } from "../testing/processor.js";
import { linkRoutines, patchReference } from "./link.js";

const memoryOffset = 200;
const context = dataAddress + 0x400;
const buffer = context - WRITE_BUFFER_BYTES;
const memory = context + memoryOffset;
/** Where the caller leaves r0-r3. */
const answers = dataAddress - 0x100;
const RAM = 0x20000000;

/** `buffered.write` called as generated code does, over memory of so many bytes that holds a pattern, as all around it does. */
function createWriter(memoryBytes: number) {
  const linked = linkRoutines(["buffered.write"], { stack: "process", memoryOffset });
  const caller = assemble(`
      .global caller
    caller:
      push {r4, r5, lr}
      mov  r5, r11
      ldr  r4, =${memory}
      mov  r11, r4
      bl   buffered.write
      ldr  r4, =${answers}
      stmia r4!, {r0-r3}
      mov  r11, r5
      beq  taken
      movs r0, #0
      pop  {r4, r5, pc}
    taken:
      movs r0, #1
      pop  {r4, r5, pc}`);
  const code = new Uint8Array([...linked.code, ...caller.code]);
  for (const reference of caller.references) {
    patchReference(code, { ...reference, at: reference.at + linked.code.length }, linked.symbols.get(reference.to)!);
  }
  const processor = createProcessor(code);
  for (let at = dataAddress - 0x200; at < memory + memoryBytes + 0x200; at++) processor.ram[at - RAM] = (at * 31) & 255;
  processor.writeWord(context + word.memoryBytes, memoryBytes);
  processor.writeWord(context + word.bufferedDescriptors, 0b110);
  processor.writeWord(context + word.buffered, 0);
  processor.writeWord(context + word.bufferOwner, 0);
  return {
    processor,
    set: (at: number, ...words: number[]) =>
      words.forEach((value, n) => processor.writeWord(memory + at + 4 * n, value)),
    text: (at: number, text: string) => processor.ram.set(Buffer.from(text), memory + at - RAM),
    /** Whether it was taken; what was left in r0-r3. */
    write(...parameters: [fd: number, iovs: number, count: number, result: number]) {
      const taken = processor.call(linked.code.length, ...parameters.map((value) => value >>> 0))[0] === 1;
      return { taken, registers: [0, 4, 8, 12].map((at) => processor.readWord(answers + at)) };
    },
    word: (at: number) => processor.readWord(memory + at),
    state: () => [word.buffered, word.bufferOwner].map((at) => processor.readWord(context + at)),
    gathered: () =>
      Buffer.from(processor.ram.subarray(buffer - RAM, buffer - RAM + processor.readWord(context + word.buffered))),
  };
}

test("gathers pieces, and answers with success and the number of bytes", () => {
  const writer = createWriter(1024);
  writer.text(100, "one, two\n");
  writer.set(0, 100, 5, 0, 0, 105, 4);
  expect(writer.write(1, 0, 3, 40)).toEqual({ taken: true, registers: [0, 0, 3, 40] });
  expect([writer.gathered().toString(), writer.word(40), writer.state()]).toEqual(["one, two\n", 9, [9, 1]]);
  writer.set(0, 100, 3);
  expect(writer.write(1, 0, 1, 44).taken).toBe(true);
  expect([writer.gathered().toString(), writer.word(44)]).toEqual(["one, two\none", 3]);
});

test("takes no bytes, too, and as many as there is room for, and not one more", () => {
  const writer = createWriter(1024);
  writer.set(0, 300, WRITE_BUFFER_BYTES - 1);
  expect([writer.write(1, 0, 0, 40).taken, writer.word(40), writer.state()[0]]).toEqual([true, 0, 0]);
  expect(writer.write(1, 0, 1, 40).taken).toBe(true);
  writer.set(0, 300, 2);
  expect(writer.write(1, 0, 1, 40).taken).toBe(false);
  writer.set(0, 300, 1);
  expect(writer.write(1, 0, 1, 40).taken).toBe(true);
  expect(writer.write(1, 0, 1, 40).taken).toBe(false);
  expect(writer.write(1, 0, 0, 40).taken).toBe(true);
  expect(writer.state()).toEqual([WRITE_BUFFER_BYTES, 1]);
});

test("leaves the other stream to the host until the buffer is empty, and what isn't a stream always", () => {
  const writer = createWriter(1024);
  writer.set(0, 300, 4);
  const refused = (fd: number) => writer.write(fd, 0, 1, 40).taken;
  expect([1, 2, 1].map(refused)).toEqual([true, false, true]);
  writer.processor.writeWord(context + word.buffered, 0);
  expect([2, 1].map(refused)).toEqual([true, false]);
  writer.processor.writeWord(context + word.buffered, 0);
  expect([0, 3, 31, 32, 33, 257, -1, -255, 0x7fffffff].map(refused)).toEqual(Array.from({ length: 9 }, () => false));
  writer.processor.writeWord(context + word.bufferedDescriptors, 0b100);
  expect([1, 2].map(refused)).toEqual([false, true]);
});

test("costs some 7 cycles a byte and a hundred for the call", () => {
  const writer = createWriter(1024);
  writer.set(0, 300, 100);
  writer.write(1, 0, 1, 40);
  expect(writer.processor.cycles).toBeLessThan(700 + 150);
});

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** What it must do, as `fd_write` has it: true when all of it is for the buffer. */
function mayBeTaken(bytes: DataView, room: number, iovs: number, count: number, result: number): boolean {
  const size = bytes.byteLength;
  if (iovs % 4 || result % 4 || result + 4 > size || iovs + 8 * count > size) return false;
  let total = 0;
  for (let at = iovs; at < iovs + 8 * count; at += 8) {
    const [start, length] = [bytes.getUint32(at, true), bytes.getUint32(at + 4, true)];
    if (start + length > size) return false;
    total += length;
  }
  return total <= room;
}

test(`whatever it is given, it does all or nothing, and touches nothing else (SEED=${SEED} repeats it)`, () => {
  let state = SEED;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const counted = { taken: 0, refused: 0 };
  for (const size of [0, 3, 4, 12, 100, 1024]) {
    const writer = createWriter(size);
    const { ram } = writer.processor;
    const places = [() => size - below(12), () => -below(12), () => 2 ** 31 - below(2), () => below(2 ** 32)];
    /** Mostly a multiple of 4 in memory, else at or far beyond an end of it. */
    const edge = () => (below(10) ? below(size >> 2) * 4 : places[below(4)]()) >>> 0;
    for (let step = 0; step < 50 + size; step++) {
      for (let at = 0; at + 8 <= size; at += 8) if (below(2)) writer.set(at, edge(), below(20) ? below(50) : edge());
      const fd = below(10) ? 1 + below(2) : edge();
      const [iovs, result] = [edge(), edge()];
      const count = [below(4), below(12), edge(), 0x20000000, 0x20000001][below(12) ? 0 : below(5)] >>> 0;
      const before = ram.slice(dataAddress - 0x200 - RAM, memory + size + 0x200 - RAM);
      const view = new DataView(before.buffer, memory - dataAddress + 0x200, size);
      const [filled, owner] = writer.state();
      const expected =
        (fd === 1 || fd === 2) &&
        (filled === 0 || owner === fd) &&
        mayBeTaken(view, WRITE_BUFFER_BYTES - filled, iovs, count, result);
      const { taken, registers } = writer.write(fd, iovs, count, result);
      const where = `step ${step}: fd ${fd}, ${count} at ${iovs}, result ${result}, memory ${size}`;
      expect([where, taken, registers]).toEqual([where, expected, [taken ? 0 : fd, iovs, count, result]]);
      counted[taken ? "taken" : "refused"]++;
      const model = before.slice();
      const place = (address: number) => address - dataAddress + 0x200;
      const words = new DataView(model.buffer);
      let end = filled;
      if (taken) {
        for (let at = iovs; at < iovs + 8 * count; at += 8) {
          const [start, length] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
          model.set(before.subarray(place(memory) + start, place(memory) + start + length), place(buffer) + end);
          end += length;
        }
        words.setUint32(place(context) + word.buffered, end, true);
        words.setUint32(place(context) + word.bufferOwner, fd, true);
        words.setUint32(place(memory) + result, end - filled, true);
      }
      const after = ram.slice(dataAddress - 0x200 - RAM, memory + size + 0x200 - RAM);
      // Behind what counts the buffer may hold anything, and the caller's note isn't the routine's.
      for (const bytes of [model, after]) {
        bytes.fill(0, place(buffer) + end, place(context));
        bytes.fill(0, place(answers), place(answers) + 16);
      }
      expect([where, Buffer.compare(after, model)]).toEqual([where, 0]);
      if (!below(3)) writer.processor.writeWord(context + word.buffered, 0);
    }
  }
  expect(counted.taken).toBeGreaterThan(200);
  expect(counted.refused).toBeGreaterThan(200);
});
