import fc from "fast-check";
import { randomSteps } from "./testing/random-steps.js";
import { runSequence, type Step } from "./testing/sequence.js";

// SEED takes another start, RUNS more sequences; SHRINK=1 looks for the shortest that fails, which takes minutes.
const seed = Number(process.env.SEED ?? 20261121);
const numRuns = Number(process.env.RUNS ?? 200);

const GEOMETRIES = [
  { blocks: 64, blockSize: 4096, writeSize: 4, reprogrammable: true },
  { blocks: 16, blockSize: 1024, writeSize: 1, reprogrammable: true },
  { blocks: 16, blockSize: 2048, writeSize: 8, reprogrammable: false },
  { blocks: 8, blockSize: 4096, writeSize: 16, reprogrammable: false },
  { blocks: 12, blockSize: 4096, writeSize: 2, reprogrammable: true },
  { blocks: 4, blockSize: 131072, writeSize: 4, reprogrammable: false },
];

describe.each(GEOMETRIES)("on $blocks x $blockSize bytes, writes of $writeSize", (geometry) => {
  test(`any sequence does what a map of files would, with remounts, crashes, open handles and walks (seed ${seed})`, () => {
    const step = randomSteps(geometry.blocks * geometry.blockSize);
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 150, size: "max" }), (steps) => {
        expect(runSequence(geometry, steps).counters.refused).toBe(0);
      }),
      { numRuns, seed, endOnFailure: process.env.SHRINK === undefined },
    );
  });
});

test("a gap that doesn't fit is refused, and never shows another file's bytes", () => {
  const long = "n".repeat(40);
  const write = (path: string, position: number, length: number, fill: number): Step => ({
    do: "write",
    path,
    position,
    length,
    fill,
  });
  const create = (path: string): Step => ({ do: "create", path });
  runSequence({ blocks: 16, blockSize: 1024, writeSize: 1 }, [
    ...["log.csv", long, "a"].map(create),
    write("log.csv", 726, 539, 170),
    write("a", 1871, 12, 185),
    { do: "truncate", path: "a", size: 1576 },
    { do: "truncate", path: "log.csv", size: 1955 },
    write(long, 434, 11, 243),
    write("log.csv", 842, 498, 185),
    create("dir"),
    write("dir", 1628, 248, 183),
    write("log.csv", 1302, 2, 64),
    write("a", 4, 163, 120),
    write(long, 46, 7, 10),
    { do: "remount" },
    write(long, 13, 236, 220),
    write("dir", 38, 11, 153),
    create("b"),
    write(long, 654, 380, 232),
    write("b", 1603, 15, 63),
  ]);
});
