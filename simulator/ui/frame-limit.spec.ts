import { VirtualClock } from "../core/virtual-clock.js";
import { limitFrames } from "./frame-limit.js";

function makeLimit() {
  const clock = new VirtualClock();
  const drawn: number[] = [];
  const limit = limitFrames(
    () => drawn.push(clock.now() / 1000),
    (milliseconds, action) => {
      const event = clock.schedule(milliseconds * 1000, action);
      return () => clock.cancel(event);
    },
  );
  const requestAt = (...milliseconds: number[]) => {
    for (const at of milliseconds) clock.schedule(at * 1000, limit.request);
  };
  return { clock, drawn, limit, requestAt };
}

test("the first change is drawn at once, those of the same frame together at its end", () => {
  const { clock, drawn, requestAt } = makeLimit();
  requestAt(5, 6, 7, 50, 104);
  clock.advanceTo(1e6);
  expect(drawn).toEqual([5, 105]);
});

test("a thousand changes in a second are ten frames", () => {
  const { clock, drawn, requestAt } = makeLimit();
  requestAt(...Array.from({ length: 1000 }, (_, i) => i));
  clock.advanceTo(2e6);
  expect(drawn.length).toBe(11);
});

test("after a quiet time a change is drawn at once again", () => {
  const { clock, drawn, requestAt } = makeLimit();
  requestAt(0, 500);
  clock.advanceTo(1e6);
  expect(drawn).toEqual([0, 500]);
});

test("stopped, it draws no more", () => {
  const { clock, drawn, limit, requestAt } = makeLimit();
  requestAt(0, 10);
  clock.advanceTo(20_000);
  limit.stop();
  clock.advanceTo(1e6);
  expect(drawn).toEqual([0]);
});
