import { converse } from "../testing/converse.js";
import { FakeBoard } from "../testing/fake-board.js";
import { connect } from "./connect.js";
import { BoardException, evaluate, removeHelpers } from "./evaluate.js";
import type { Operation } from "./operation.js";
import { newSession, send, type Session } from "./session.js";

function conversation<T>(board: FakeBoard, body: (session: Session) => Operation<T>, noiseEvery?: number, seed = 1): T {
  const session = newSession("fake", "t");
  function* whole(): Operation<T> {
    yield* connect(session);
    return yield* body(session);
  }
  return converse(board, whole(), noiseEvery ? { noiseEvery, seed } : {}).result;
}

describe("evaluating on the board", () => {
  test("gives values as JSON carries them", () => {
    const values = conversation(new FakeBoard(), function* (session) {
      return [
        yield* evaluate(session, "1+2"),
        yield* evaluate(session, '[null,"a<b>:c\\n",{x:1.5}]'),
        yield* evaluate(session, '"\\xff\\0"'),
      ];
    });
    expect(values).toEqual([3, [null, "a<b>:c\n", { x: 1.5 }], "\xff\0"]);
  });

  test("throws what the board threw", () => {
    expect(() => conversation(new FakeBoard(), (session) => evaluate(session, "nothing.there"))).toThrow(
      BoardException,
    );
  });

  test("finds its answer among what a program prints", () => {
    const board = new FakeBoard();
    board.peek('function chat(){print("<t1:1:=1:t1> Uncaught nonsense");setTimeout(chat,7)};chat()');
    expect(conversation(board, (session) => evaluate(session, "6*7"))).toBe(42);
  });

  test("survives a reset between two questions", () => {
    const answer = conversation(new FakeBoard(), function* (session) {
      yield* evaluate(session, "1");
      yield* send(session, "\x10reset()\n");
      return yield* evaluate(session, "2");
    });
    expect(answer).toBe(2);
  });

  test("leaves no helper behind when told so", () => {
    const board = new FakeBoard();
    const before = Object.keys(board.peek("global") as object);
    conversation(board, function* (session) {
      yield* evaluate(session, "1");
      yield* removeHelpers(session);
    });
    expect(Object.keys(board.peek("global") as object)).toEqual(before);
  });

  test.each([1, 2, 3, 4, 5, 6])("never gives a wrong value over a line with a fault in 300 bytes, seed %i", (seed) => {
    const sums = conversation(
      new FakeBoard(),
      function* (session) {
        const found: number[] = [];
        for (let i = 0; i < 30; i++) found.push(yield* evaluate<number>(session, `${i}*1000003`));
        return found;
      },
      300,
      seed,
    );
    expect(sums).toEqual(Array.from({ length: 30 }, (_, i) => i * 1000003));
  });
});

describe("XOFF", () => {
  /** Runs `send` by hand: what was sent, and when, in milliseconds. */
  function sending(bytes: number, onSent: (count: number) => string): { at: number; count: number }[] {
    const operation = send(newSession("fake", "t"), "x".repeat(bytes));
    const log: { at: number; count: number }[] = [];
    let now = 0;
    let incoming = "";
    let next = operation.next();
    while (!next.done) {
      const step = next.value;
      let arrived: Uint8Array | undefined;
      if (step.kind === "send") {
        log.push({ at: now, count: step.bytes.length });
        incoming += onSent(log.length);
      } else if (step.kind === "receive") {
        if (incoming) arrived = Buffer.from(incoming, "latin1");
        else now = Math.max(now, step.until);
        incoming = "";
      }
      next = operation.next(arrived ? { now, bytes: arrived } : { now });
    }
    return log;
  }

  test("holds the sender back, and one whose XON got lost for a second at most", () => {
    expect(sending(300, () => "")).toEqual([
      { at: 0, count: 128 },
      { at: 0, count: 128 },
      { at: 0, count: 44 },
    ]);
    const held = sending(300, (count) => (count === 1 ? "\x13" : ""));
    expect(held.map(({ at }) => at)).toEqual([0, 1000, 1000]);
    const released = sending(300, (count) => (count === 1 ? "\x13\x11" : ""));
    expect(released.map(({ at }) => at)).toEqual([0, 0, 0]);
  });
});
