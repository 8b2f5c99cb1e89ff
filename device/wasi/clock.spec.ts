import { clock_res_get, clock_time_get } from "./clock.js";
import { FAULT, INVAL } from "./errno.js";
import { nanoseconds } from "./memory.js";
import { microseconds, number64 } from "./numbers.js";
import { i64, RESULT, TestGuest } from "./testing/test-guest.js";

const REALTIME = 0;
const MONOTONIC = 1;

describe("clock_time_get", () => {
  test("tells nanoseconds, exact where a double of nanoseconds wouldn't be", () => {
    const guest = new TestGuest();
    guest.clock.epoch = 1_763_718_000_123_457;
    expect(clock_time_get(guest, REALTIME, 0, 0, RESULT)).toBe(0);
    expect(guest.u64()).toBe(1_763_718_000_123_457_000n);
    guest.clock.now = 5_000_001;
    expect(clock_time_get(guest, MONOTONIC, 0, 0, RESULT)).toBe(0);
    expect(guest.u64()).toBe(5_000_001_000n);
  });

  test("processor time, and clocks that there aren't, are inval", () => {
    const guest = new TestGuest();
    for (const id of [2, 3, 4, -1]) {
      expect(clock_time_get(guest, id, 0, 0, RESULT)).toBe(INVAL);
      expect(clock_res_get(guest, id, RESULT)).toBe(INVAL);
    }
  });

  test("a result beyond memory is a fault", () => {
    const guest = new TestGuest(64);
    expect(clock_time_get(guest, REALTIME, 0, 0, 57)).toBe(FAULT);
    expect(clock_time_get(guest, REALTIME, 0, 0, 56)).toBe(0);
  });
});

test("clock_res_get tells the clock's step", () => {
  const guest = new TestGuest();
  expect(clock_res_get(guest, MONOTONIC, RESULT)).toBe(0);
  expect(guest.u64()).toBe(1000n);
});

describe("64-bit numbers as two int32", () => {
  const values = [0n, 1n, 999n, 1000n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 1n << 32n, 1_763_718_000_123_456n];

  test("times go out and come in without loss", () => {
    for (const value of values) {
      const [low, high] = nanoseconds(Number(value));
      expect((BigInt(high) << 32n) | (BigInt(low) & 0xffffffffn)).toBe(value * 1000n);
      expect(microseconds(...i64(value * 1000n))).toBe(Number(value));
    }
  });

  test("offsets keep their sign, sizes have none", () => {
    for (const value of values) expect(number64(...i64(-value)) + Number(value)).toBe(0);
    expect(number64(-1, 0 >>> 0)).toBe(4294967295);
    expect(number64(-1, -1 >>> 0)).toBeGreaterThan(1e19);
  });
});
