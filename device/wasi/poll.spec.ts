import { BADF, FAULT, INVAL, NOTCAPABLE } from "./errno.js";
import { poll_oneoff } from "./poll.js";
import { POLL_FD_READWRITE } from "./rights.js";
import { readFrom, stream } from "./stream.js";
import { i64, RESULT, TestGuest } from "./testing/test-guest.js";
import { FileGuest } from "./testing/file-guest.js";

const [CLOCK, FD_READ, FD_WRITE] = [0, 1, 2];
const [REALTIME, MONOTONIC] = [0, 1];
const ABSTIME = 1;

interface Subscription {
  readonly userdata: bigint;
  readonly type: number;
  /** Clock or descriptor. */
  readonly id: number;
  readonly nanoseconds?: bigint;
  readonly flags?: number;
}

interface Event {
  readonly userdata: bigint;
  readonly errno: number;
  readonly type: number;
  readonly bytes: bigint;
}

/** Lays out subscriptions as the specification does, polls, and takes the events apart. */
function poll(guest: TestGuest, ...list: Subscription[]): Event[] {
  const words = list.flatMap(({ userdata, type, id, nanoseconds = 0n, flags = 0 }) => [
    ...i64(userdata),
    type,
    0,
    id,
    0,
    ...i64(nanoseconds),
    0,
    0,
    flags,
    0,
  ]);
  const subscriptions = guest.putWords(...words);
  const events = guest.put(new Uint8Array(32 * list.length));
  expect(poll_oneoff(guest, subscriptions.pointer, events.pointer, list.length, RESULT)).toBe(0);
  return Array.from({ length: guest.u32() }, (_, index) => {
    const at = events.pointer + 32 * index;
    return {
      userdata: guest.u64(at),
      errno: guest.u16(at + 8),
      type: guest.memory[at + 10],
      bytes: guest.u64(at + 16),
    };
  });
}

/** Descriptor 0 gets input as it is scheduled. */
function withInput(guest: TestGuest): (text: string, after: number) => void {
  let handler: ((text: string) => void) | undefined;
  guest.descriptors[0] = readFrom(0, (listener) => {
    handler = listener;
    return () => (handler = undefined);
  });
  return (text, after) => guest.clock.after(after, () => handler?.(text));
}

describe("clocks", () => {
  test("a duration passes on either clock", () => {
    const guest = new TestGuest();
    expect(poll(guest, { userdata: 1n << 63n, type: CLOCK, id: MONOTONIC, nanoseconds: 1_500_000n })).toEqual([
      { userdata: 1n << 63n, errno: 0, type: CLOCK, bytes: 0n },
    ]);
    expect(guest.clock.now).toBe(1500);
    poll(guest, { userdata: 7n, type: CLOCK, id: REALTIME, nanoseconds: 1n });
    expect(guest.clock.now).toBe(1501);
  });

  test("an absolute time is waited for on its own clock", () => {
    const guest = new TestGuest();
    const at = BigInt(guest.clock.epoch) * 1000n + 5_000_000n;
    poll(guest, { userdata: 1n, type: CLOCK, id: REALTIME, nanoseconds: at, flags: ABSTIME });
    expect(guest.clock.now).toBe(5000);
    poll(guest, { userdata: 1n, type: CLOCK, id: MONOTONIC, nanoseconds: 9_000_000n, flags: ABSTIME });
    expect(guest.clock.now).toBe(9000);
  });

  test("what is over already isn't waited for", () => {
    const guest = new TestGuest();
    guest.clock.now = 1000;
    poll(guest, { userdata: 1n, type: CLOCK, id: MONOTONIC, nanoseconds: 999_000n, flags: ABSTIME });
    poll(guest, { userdata: 1n, type: CLOCK, id: MONOTONIC, nanoseconds: 0n });
    expect([guest.clock.now, guest.waits]).toEqual([1000, 0]);
  });

  test("of several the soonest is told, and those due with it", () => {
    const guest = new TestGuest();
    const events = poll(
      guest,
      { userdata: 1n, type: CLOCK, id: MONOTONIC, nanoseconds: 3_000_000n },
      { userdata: 2n, type: CLOCK, id: MONOTONIC, nanoseconds: 1_000_000n },
      { userdata: 3n, type: CLOCK, id: REALTIME, nanoseconds: 1_000_000n },
    );
    expect(events.map(({ userdata }) => userdata)).toEqual([2n, 3n]);
    expect(guest.clock.pending).toBe(0);
  });

  test("a duration doesn't care that the time of day is set meanwhile; an absolute time does", () => {
    const guest = new TestGuest();
    guest.clock.after(1000, () => (guest.clock.epoch += 3_600_000_000));
    poll(guest, { userdata: 1n, type: CLOCK, id: REALTIME, nanoseconds: 5_000_000n });
    expect(guest.clock.now).toBe(5000);
  });

  test("a clock that there isn't is told as inval in its event", () => {
    const events = poll(new TestGuest(), { userdata: 1n, type: CLOCK, id: 2 });
    expect(events).toEqual([{ userdata: 1n, errno: INVAL, type: CLOCK, bytes: 0n }]);
  });
});

describe("descriptors", () => {
  test("input or the timeout, whichever comes first; the other leaves nothing behind", () => {
    const guest = new TestGuest();
    const type = withInput(guest);
    const both: Subscription[] = [
      { userdata: 1n, type: FD_READ, id: 0 },
      { userdata: 2n, type: CLOCK, id: MONOTONIC, nanoseconds: 10_000_000n },
    ];
    expect(poll(guest, ...both)).toEqual([{ userdata: 2n, errno: 0, type: CLOCK, bytes: 0n }]);
    type("hello", 4000);
    expect(poll(guest, ...both)).toEqual([{ userdata: 1n, errno: 0, type: FD_READ, bytes: 1n }]);
    expect([guest.clock.now, guest.clock.pending]).toEqual([14000, 0]);
    expect(poll(guest, ...both)).toEqual([{ userdata: 1n, errno: 0, type: FD_READ, bytes: 1n }]);
  });

  test("files are always ready, and writing never waits", () => {
    const guest = new FileGuest();
    guest.file("f", "abc");
    const fd = guest.open("f");
    expect(
      poll(
        guest,
        { userdata: 1n, type: FD_READ, id: fd },
        { userdata: 2n, type: FD_WRITE, id: fd },
        { userdata: 3n, type: CLOCK, id: MONOTONIC, nanoseconds: 1n },
      ),
    ).toEqual([
      { userdata: 1n, errno: 0, type: FD_READ, bytes: 3n },
      { userdata: 2n, errno: 0, type: FD_WRITE, bytes: 0n },
    ]);
  });

  test("what is wrong with one subscription is told in its event, at once", () => {
    const guest = new TestGuest();
    withInput(guest);
    guest.descriptors[1] = stream(0);
    guest.descriptors[1].rights &= ~POLL_FD_READWRITE;
    expect(
      poll(
        guest,
        { userdata: 1n, type: FD_READ, id: 0 },
        { userdata: 2n, type: FD_READ, id: 9 },
        { userdata: 3n, type: FD_WRITE, id: 1 },
        { userdata: 4n, type: 3, id: 0 },
      ).map(({ userdata, errno }) => [userdata, errno]),
    ).toEqual([
      [2n, BADF],
      [3n, NOTCAPABLE],
      [4n, INVAL],
    ]);
  });
});

test("no subscriptions are inval; what doesn't fit is a fault", () => {
  const guest = new TestGuest(4096);
  expect(poll_oneoff(guest, 0, 0, 0, RESULT)).toBe(INVAL);
  expect(poll_oneoff(guest, 4090, 0, 1, RESULT)).toBe(FAULT);
  expect(poll_oneoff(guest, 0, 4090, 1, RESULT)).toBe(FAULT);
  expect(poll_oneoff(guest, 0, 0, 1, 4093)).toBe(FAULT);
  expect(poll_oneoff(guest, 0, 0, -1, RESULT)).toBe(FAULT);
  expect(poll_oneoff(guest, 0, 0, 0x7fffffff, RESULT)).toBe(FAULT);
});

test("a guest that is stopped while it waits leaves no timer and no watch", () => {
  const guest = new TestGuest();
  withInput(guest);
  let giveUp: (() => void) | undefined;
  guest.wait = (begin) => ((giveUp = begin(() => {})), 0);
  poll(
    guest,
    { userdata: 1n, type: CLOCK, id: MONOTONIC, nanoseconds: 1_000_000n },
    { userdata: 2n, type: FD_READ, id: 0 },
  );
  expect(guest.clock.pending).toBe(1);
  giveUp!();
  expect(guest.clock.pending).toBe(0);
});
