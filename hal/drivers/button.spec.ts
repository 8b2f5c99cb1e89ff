import { mockClock, mockPin, pinGet } from "../testing/index.js";
import { openButton } from "./button.js";

function press(activeLow: boolean, edges: readonly [microseconds: number, high: boolean][]) {
  const pin = mockPin([pinGet(activeLow)]);
  const clock = mockClock();
  const told: [boolean, number][] = [];
  const button = openButton(pin, clock, { activeLow, debounceMicroseconds: 20_000 }, (pressed, at) =>
    told.push([pressed, at]),
  );
  for (const [microseconds, high] of edges) {
    clock.advance(microseconds - clock.monotonic());
    pin.edge(high, microseconds);
  }
  clock.advance(1_000_000);
  pin.done();
  return { told, button, pin, clock };
}

describe("a button", () => {
  it("tells presses and releases once the contacts stand still", () => {
    const { told, button } = press(false, [
      [1_000, true],
      [500_000, false],
    ]);
    expect(told).toEqual([
      [true, 1_000],
      [false, 500_000],
    ]);
    expect(button.isPressed()).toBe(false);
  });

  it("counts a bouncing press once, from its last edge", () => {
    const { told, button } = press(false, [
      [1_000, true],
      [2_000, false],
      [4_000, true],
      [5_000, false],
      [9_000, true],
    ]);
    expect(told).toEqual([[true, 9_000]]);
    expect(button.isPressed()).toBe(true);
  });

  it("ignores a glitch", () => {
    expect(
      press(false, [
        [1_000, true],
        [3_000, false],
      ]).told,
    ).toEqual([]);
  });

  it("may be active low", () => {
    expect(press(true, [[1_000, false]]).told).toEqual([[true, 1_000]]);
  });

  it("tells nothing more when closed, not even what it was waiting for", () => {
    const { button, pin, clock, told } = press(false, []);
    pin.edge(true, clock.monotonic());
    button.close();
    button.close();
    clock.advance(1_000_000);
    expect(told).toEqual([]);
    expect(pin.watches).toBe(0);
    expect(clock.pending).toBe(0);
  });
});
