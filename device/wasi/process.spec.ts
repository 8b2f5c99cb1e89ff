import { FAULT, INVAL, NOTSUP } from "./errno.js";
import { proc_exit, proc_raise, sched_yield } from "./process.js";
import { random_get } from "./random.js";
import { TestGuest } from "./testing/test-guest.js";

const guest = new TestGuest(64);

test("proc_exit throws the exit code", () => {
  expect(() => proc_exit(guest, 3)).toThrow(expect.objectContaining({ exitCode: 3 }));
});

describe("proc_raise", () => {
  test("ends the program as the signal does by default, with the code that a shell would report", () => {
    const [ABRT, TERM] = [6, 15];
    expect(() => proc_raise(guest, ABRT)).toThrow(expect.objectContaining({ exitCode: 134 }));
    expect(() => proc_raise(guest, TERM)).toThrow(expect.objectContaining({ exitCode: 143 }));
  });

  test("none, chld, cont, urg and winch do nothing", () => {
    for (const signal of [0, 16, 17, 22, 27]) expect(proc_raise(guest, signal)).toBe(0);
  });

  test("stop, tstp, ttin and ttou can't be had; others aren't signals", () => {
    for (const signal of [18, 19, 20, 21]) expect(proc_raise(guest, signal)).toBe(NOTSUP);
    for (const signal of [31, 255, -1]) expect(proc_raise(guest, signal)).toBe(INVAL);
  });
});

test("sched_yield has nobody to yield to", () => {
  expect(sched_yield(guest)).toBe(0);
});

describe("random_get", () => {
  test("fills that many bytes and no other", () => {
    expect(random_get(guest, 60, 4)).toBe(0);
    expect([...guest.memory.subarray(58)]).toEqual([0, 0, 1, 2, 3, 4]);
    expect(random_get(guest, 64, 0)).toBe(0);
  });

  test("a range that leaves memory is a fault", () => {
    expect(random_get(guest, 61, 4)).toBe(FAULT);
    expect(random_get(guest, 0, -1)).toBe(FAULT);
    expect(random_get(guest, -1, 1)).toBe(FAULT);
  });
});
