import fc from "fast-check";
import { mountFileSystem } from "./mount.js";
import { crc32 } from "./testing/crc32.js";
import { applyToFileSystem, applyToModel, difference, snapshot, type Model, type Operation } from "./testing/model.js";
import { createNorFlash } from "./testing/nor-flash.js";

const GEOMETRIES = [
  { blocks: 64, blockSize: 4096, writeSize: 4, reprogrammable: true },
  { blocks: 16, blockSize: 1024, writeSize: 1, reprogrammable: true },
  { blocks: 16, blockSize: 2048, writeSize: 8, reprogrammable: false },
  { blocks: 8, blockSize: 4096, writeSize: 16, reprogrammable: false },
  { blocks: 12, blockSize: 4096, writeSize: 2, reprogrammable: true },
  { blocks: 4, blockSize: 131072, writeSize: 4, reprogrammable: false },
];

const names = fc.constantFrom("a", "b", "log.csv", "n".repeat(40));
const path = fc.oneof(
  { weight: 3, arbitrary: names },
  fc.tuple(fc.constantFrom("a", "b", "dir"), names).map((parts) => parts.join("/")),
  fc.constantFrom("dir", "dir/a/b"),
);

function operations(capacity: number): fc.Arbitrary<Operation> {
  const most = Math.min(20000, capacity >> 3);
  const position = fc.oneof(fc.nat(64), fc.nat(most));
  const length = fc.oneof(fc.nat(40), fc.nat(600));
  return fc.oneof(
    { weight: 2, arbitrary: fc.record({ do: fc.constant("create" as const), path }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom("mkdir" as const, "unlink" as const, "rmdir" as const), path }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("sync" as const), path }) },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant("write" as const), path, position, length, fill: fc.nat(255) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("truncate" as const), path, size: position }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("rename" as const), path, to: path }) },
    { weight: 1, arbitrary: fc.constant({ do: "remount" as const }) },
  );
}

describe.each(GEOMETRIES)("on $blocks x $blockSize bytes, writes of $writeSize", (geometry) => {
  test("any sequence of operations, with remounts, does what a map of files would", () => {
    const capacity = geometry.blocks * geometry.blockSize;
    fc.assert(
      fc.property(fc.array(operations(capacity), { minLength: 1, maxLength: 150, size: "max" }), (sequence) => {
        const flash = createNorFlash(geometry);
        const model: Model = new Map();
        let fs = mountFileSystem(flash, crc32, () => 1e15);
        sequence.forEach((operation, index) => {
          if (operation.do === "remount") {
            for (const path of model.keys()) applyToFileSystem(fs, { do: "sync", path });
            fs = mountFileSystem(flash, crc32, () => 1e15);
          }
          const before = new Map(model);
          const expected = applyToModel(model, operation);
          const answer = applyToFileSystem(fs, operation);
          if (answer === -51) {
            // A small device may be full. Then nothing has happened.
            model.clear();
            for (const [path, data] of before) model.set(path, data);
          } else if (operation.do === "write" && answer > 0 && answer < expected) {
            // Room for a part of it was all that could be made.
            model.clear();
            for (const [path, data] of before) model.set(path, data);
            applyToModel(model, { ...operation, length: answer });
          } else if (answer !== expected)
            throw new Error(`operation ${index}, ${JSON.stringify(operation)}: ${answer} instead of ${expected}`);
          if (operation.do === "remount" || index === sequence.length - 1) {
            const differs = difference(model, snapshot(fs));
            if (differs) throw new Error(`after operation ${index}, ${JSON.stringify(operation)}: ${differs}`);
          }
        });
      }),
      { numRuns: 150, seed: Number(process.env.SEED ?? 20261121) },
    );
  });
});
