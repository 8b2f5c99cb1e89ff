import { fails, mockClock, mockOutputPin, pinSet } from "../testing/index.js";
import { openLed } from "./led.js";

describe("an LED", () => {
  it("is lit by a high pin", () => {
    const pin = mockOutputPin([pinSet(true), pinSet(false), pinSet(true)]);
    const led = openLed(pin, mockClock(), {});
    led.on();
    expect(led.isOn()).toBe(true);
    led.off();
    expect(led.isOn()).toBe(false);
    led.toggle();
    expect(led.isOn()).toBe(true);
    pin.done();
  });

  it("is lit by a low pin if it is active low", () => {
    const pin = mockOutputPin([pinSet(false), pinSet(true)], "LED1", true);
    const led = openLed(pin, mockClock(), { activeLow: true });
    expect(led.isOn()).toBe(false);
    led.on();
    expect(led.isOn()).toBe(true);
    led.off();
    pin.done();
  });

  it("blinks a pattern over and over until it is stopped, and is dark then", () => {
    const pin = mockOutputPin([true, false, true, false, true, false, false].map(pinSet));
    const clock = mockClock();
    const stop = openLed(pin, clock, {}).blink([100_000, 200_000, 100_000, 600_000]);
    const seen: string[] = [];
    for (let tick = 0; tick < 11; tick++) {
      seen.push(pin.isSetHigh() ? "*" : ".");
      clock.advance(100_000);
    }
    expect(seen.join("")).toBe("*..*......*");
    stop();
    expect(clock.pending).toBe(0);
    pin.done();
  });

  it("stops blinking when it is switched, and an old stop can't end what came later", () => {
    const pin = mockOutputPin([true, true, true, false].map(pinSet));
    const clock = mockClock();
    const led = openLed(pin, clock, {});
    const stopFirst = led.blink([1_000, 1_000]);
    led.on();
    stopFirst();
    expect(led.isOn()).toBe(true);
    const stopSecond = led.blink([5_000, 5_000]);
    stopFirst();
    expect(clock.pending).toBe(1);
    stopSecond();
    stopSecond();
    pin.done();
  });

  it("lets a pin's fault reach whoever switched it", () => {
    const pin = mockOutputPin([fails(pinSet(true), "Other")]);
    expect(() => openLed(pin, mockClock(), {}).on()).toThrow(expect.objectContaining({ kind: "Other" }));
  });
});
