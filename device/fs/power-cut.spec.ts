import { cutPower, type PowerCutOptions } from "./testing/power-cut.js";
import { appends, keyPuts, mixed, overwrites, rewrites } from "./testing/workloads.js";

const SMALL = { blocks: 8, blockSize: 1024, writeSize: 4 };

const SEQUENCES: PowerCutOptions[] = [
  { name: "W1", flash: SMALL, operations: keyPuts(300), secondEvery: 5 },
  { name: "W2", flash: SMALL, operations: appends(120), secondEvery: 5 },
  { name: "W3", flash: SMALL, operations: overwrites(700), secondEvery: 5 },
  { name: "W4", flash: { ...SMALL, blocks: 12 }, operations: rewrites(20, 80), secondEvery: 5 },
  {
    name: "mixed-1",
    flash: { blocks: 16, blockSize: 1024, writeSize: 4 },
    operations: mixed(500, 1, 300),
    secondEvery: 5,
  },
  {
    name: "mixed-2",
    flash: { blocks: 8, blockSize: 4096, writeSize: 8, reprogrammable: false },
    operations: mixed(500, 2),
    secondEvery: 5,
  },
  {
    name: "mixed-3",
    flash: { blocks: 12, blockSize: 1024, writeSize: 16, reprogrammable: false },
    operations: mixed(400, 3, 200),
    secondEvery: 5,
  },
  {
    name: "mixed-4",
    flash: { blocks: 12, blockSize: 2048, writeSize: 1 },
    operations: mixed(400, 4, 300),
    secondEvery: 5,
  },
];

// A fifth of the cuts in CI; POWERCUT_EVERY=1 makes all, POWERCUT=<id> only the one that an error names.
describe("power cuts at every flash operation", () => {
  test.each(SEQUENCES.map((options) => [options.name, options] as const))("%s loses nothing", (_, options) => {
    const report = cutPower({
      ...options,
      every: process.env.POWERCUT_EVERY ? Number(process.env.POWERCUT_EVERY) : 5,
      only: process.env.POWERCUT,
    });
    console.log(`${options.name}: ${report.cuts} cuts and ${report.secondCuts} second ones, 0 losses`);
    expect(report.cuts).toBeGreaterThan(process.env.POWERCUT ? -1 : 50);
  });
});
