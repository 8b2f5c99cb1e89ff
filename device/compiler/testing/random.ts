import { toBits } from "./values.js";

/** A small seeded generator (mulberry32): the same seed gives the same module on every machine. */
export class Random {
  constructor(private state: number) {}

  /** An unsigned 32-bit integer. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** An integer from 0 to below `limit`. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Picks by weight. */
  weighted<T>(items: readonly (readonly [number, T])[]): T {
    let rest = this.below(items.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, item] of items) {
      if (rest < weight) return item;
      rest -= weight;
    }
    throw new Error("no weights");
  }

  /** The bits of a value of the type, mostly one where something changes: a sign, a carry, a rounding, a NaN. */
  bits(type: "i32" | "i64" | "f32" | "f64"): bigint {
    switch (type) {
      case "i32":
        return BigInt(this.integer());
      case "i64":
        return this.oneIn(4)
          ? BigInt.asUintN(64, BigInt(this.integer() | 0))
          : (BigInt(this.integer()) << 32n) | BigInt(this.integer());
      case "f32":
        return this.oneIn(4) ? BigInt(this.next()) : toBits("f32", this.float());
      case "f64":
        return this.oneIn(4) ? (BigInt(this.next()) << 32n) | BigInt(this.next()) : toBits("f64", this.float());
    }
  }

  private integer(): number {
    if (this.oneIn(3)) return this.below(20);
    if (this.oneIn(4)) return this.next();
    const edge = this.pick([0, 0x80, 0x100, 0x8000, 0x10000, 0x80000000, 0xffffffff, 1 << this.below(31)]);
    return (edge + this.between(-2, 2)) >>> 0;
  }

  private float(): number {
    if (this.oneIn(4)) return this.between(-100, 100) / this.pick([1, 1, 2, 3, 10]);
    const edge = this.pick([
      0,
      0.5,
      1,
      1.5,
      2.5,
      2 ** 23,
      2 ** 24,
      2 ** 31,
      2 ** 32,
      2 ** 52,
      2 ** 53,
      2 ** 63,
      2 ** 64,
    ]);
    const special = this.pick([-0, NaN, Infinity, -Infinity, 5e-324, 1.4e-45, 1e-40, 3.5e38, 1e300, 0.1, 1e-5]);
    const value = this.oneIn(3)
      ? special
      : this.oneIn(3)
        ? edge * (1 - 2 ** -53)
        : edge + this.pick([0, 0, 1, -1, 0.5]);
    return this.oneIn(2) ? -value : value;
  }
}
