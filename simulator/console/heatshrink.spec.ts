import { heatshrinkDecode } from "./heatshrink.js";

describe("heatshrinkDecode", () => {
  it("reads what Espruino's own module compressed", () => {
    const compressed = Buffer.from(
      "s11t1julpt9ukFoststlvlFusNtsspkF7kFwuVpt10lEipAUDkEilYWEncgvsKFxsyF8FhsQB/ALIA==",
      "base64",
    );
    const line = (name: string) => `function ${name}(name) { print("Hello "+name); }\n`;
    expect(Buffer.from(heatshrinkDecode(compressed)).toString()).toBe(line("hello") + line("hello2") + "ab".repeat(46));
  });

  it("has zeros before the beginning", () => {
    // 0, distance 1 - 1 in 8 bits, length 3 - 1 in 6 bits.
    expect([...heatshrinkDecode(Uint8Array.of(0b00000000, 0b00000100))]).toEqual([0, 0, 0]);
  });
});
