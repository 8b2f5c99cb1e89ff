import { RandomGenerator } from "./random-generator.js";

describe("random generator", () => {
  test("is xoshiro128** 1.1: the outputs of the authors' C code from state 1, 2, 3, 4", () => {
    const generator = RandomGenerator.fromState([1, 2, 3, 4]);
    const outputs = Array.from({ length: 10 }, () => generator.uint32());
    expect(outputs).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  test("the same seed gives the same numbers, another seed others", () => {
    const draw = (seed: number) =>
      Array.from({ length: 20 }, RandomGenerator.prototype.uint32, new RandomGenerator(seed));
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
    expect(draw(0)).not.toEqual(draw(1));
  });

  test("purposes have streams of their own", () => {
    const first = RandomGenerator.forPurpose(1, "button BTN1").uint32();
    expect(RandomGenerator.forPurpose(1, "button BTN1").uint32()).toBe(first);
    expect(RandomGenerator.forPurpose(1, "button BTN2").uint32()).not.toBe(first);
    expect(RandomGenerator.forPurpose(2, "button BTN1").uint32()).not.toBe(first);
  });

  test("floats lie in 0 to 1 with mean 1/2", () => {
    const generator = new RandomGenerator(7);
    let sum = 0;
    for (let i = 0; i < 20_000; i++) {
      const x = generator.float();
      expect(x >= 0 && x < 1).toBe(true);
      sum += x;
    }
    expect(sum / 20_000).toBeCloseTo(0.5, 2);
  });

  test("integers below a bound are all as likely", () => {
    const generator = new RandomGenerator(8);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[generator.below(6)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    expect(generator.below(1)).toBe(0);
    expect(generator.below(0x100000000)).toBeLessThan(0x100000000);
  });

  test("normal deviates have mean 0 and deviation 1", () => {
    const generator = new RandomGenerator(9);
    const drawn = Array.from({ length: 20_000 }, () => generator.normal());
    const mean = drawn.reduce((a, b) => a + b) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });

  test("fills only the bytes that it was given", () => {
    const bytes = new Uint8Array(12);
    new RandomGenerator(10).fill(bytes, 4, 4);
    expect([...bytes.subarray(0, 4), ...bytes.subarray(8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(bytes.subarray(4, 8).some((byte) => byte !== 0)).toBe(true);
  });
});
