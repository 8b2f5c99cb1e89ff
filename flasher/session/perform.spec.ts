import type { Transport } from "../transport/transport.js";
import type { Clock, Operation } from "./operation.js";
import { perform } from "./perform.js";

/** A clock that a test moves. */
function handClock(): Clock & { advance(milliseconds: number): void } {
  let now = 0;
  let waiting: { at: number; call: () => void }[] = [];
  return {
    now: () => now,
    after(milliseconds, call) {
      const entry = { at: now + milliseconds, call };
      waiting.push(entry);
      return () => void (waiting = waiting.filter((other) => other !== entry));
    },
    advance(milliseconds) {
      now += milliseconds;
      const due = waiting.filter(({ at }) => at <= now);
      waiting = waiting.filter(({ at }) => at > now);
      for (const { call } of due) call();
    },
  };
}

function wire(): Transport & { arrive(text: string): void; lose(error: Error): void; written: string } {
  let onData: (bytes: Uint8Array) => void = () => {};
  let onLost: (error: Error) => void = () => {};
  const self = {
    written: "",
    open: async () => {},
    close: async () => {},
    write: async (bytes: Uint8Array) => void (self.written += Buffer.from(bytes).toString()),
    onData: (listener: typeof onData) => void (onData = listener),
    onLost: (listener: typeof onLost) => void (onLost = listener),
    describe: () => "wire",
    arrive: (text: string) => onData(Buffer.from(text)),
    lose: (error: Error) => onLost(error),
  };
  return self;
}

const listen = function* (until: number): Operation<string> {
  const { now, bytes } = yield { kind: "receive", until };
  return `${now}: ${bytes ? Buffer.from(bytes).toString() : "nothing"}`;
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("running a conversation over a transport", () => {
  test("wakes it when bytes arrive, with all of them", async () => {
    const clock = handClock();
    const transport = wire();
    const ending = perform(transport, listen(100), { clock });
    clock.advance(30);
    transport.arrive("he");
    transport.arrive("llo");
    expect(await ending).toBe("30: hello");
  });

  test("wakes it when its time is over, and not before", async () => {
    const clock = handClock();
    let over = false;
    const ending = perform(wire(), listen(100), { clock }).finally(() => (over = true));
    clock.advance(99);
    await settled();
    expect(over).toBe(false);
    clock.advance(1);
    expect(await ending).toBe("100: nothing");
  });

  test("throws into it what became of the transport, after what still arrived", async () => {
    const clock = handClock();
    const transport = wire();
    const ending = perform(
      transport,
      (function* (): Operation<string> {
        const first = yield* listen(100);
        try {
          return yield* listen(200);
        } catch (error) {
          return `${first}, then ${(error as Error).message}`;
        }
      })(),
      { clock },
    );
    transport.arrive("last words");
    transport.lose(new Error("unplugged"));
    expect(await ending).toBe("0: last words, then unplugged");
  });

  test("passes progress on and sends in order", async () => {
    const transport = wire();
    const phases: string[] = [];
    const conversation = function* (): Operation<void> {
      yield { kind: "send", bytes: Buffer.from("a") };
      yield { kind: "report", progress: { phase: "write" } };
      yield { kind: "send", bytes: Buffer.from("b") };
    };
    await perform(transport, conversation(), { onProgress: ({ phase }) => phases.push(phase) });
    expect([transport.written, phases]).toEqual(["ab", ["write"]]);
  });
});
