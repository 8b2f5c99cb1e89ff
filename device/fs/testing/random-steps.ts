import fc from "fast-check";
import type { Operation } from "./model.js";
import type { Step } from "./sequence.js";

const names = fc.constantFrom("a", "b", "log.csv", "n".repeat(40));
const path = fc.oneof(
  { weight: 3, arbitrary: names },
  fc.tuple(fc.constantFrom("a", "b", "dir"), names).map((parts) => parts.join("/")),
  fc.constantFrom("dir", "dir/a/b"),
);

/** Operations on a few paths, so that they meet; positions and lengths fit a device of so many bytes. */
function randomOperation(capacity: number): fc.Arbitrary<Operation> {
  const most = Math.min(20000, capacity >> 3);
  const position = fc.oneof(fc.nat(64), fc.nat(most));
  const length = fc.oneof(fc.nat(40), fc.nat(Math.min(600, most)));
  const of = <T extends string>(...words: T[]) => fc.constantFrom(...words);
  return fc.oneof(
    { weight: 2, arbitrary: fc.record({ do: of("create"), path }) },
    { weight: 1, arbitrary: fc.record({ do: of("mkdir", "unlink", "rmdir"), path }) },
    { weight: 2, arbitrary: fc.record({ do: of("sync"), path }) },
    { weight: 6, arbitrary: fc.record({ do: of("write"), path, position, length, fill: fc.nat(255) }) },
    { weight: 1, arbitrary: fc.record({ do: of("truncate"), path, size: position }) },
    { weight: 1, arbitrary: fc.record({ do: of("rename"), path, to: path }) },
  );
}

/** Operations, remounts, crashes, open handles and walks. */
export function randomSteps(capacity: number): fc.Arbitrary<Step> {
  const operation = randomOperation(capacity);
  return fc.oneof(
    { weight: 14, arbitrary: operation },
    { weight: 2, arbitrary: fc.constantFrom({ do: "remount" as const }, { do: "crash" as const }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("open" as const), path }) },
    { weight: 1, arbitrary: fc.constant({ do: "close" as const }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("walk" as const),
        path: fc.constantFrom("", "dir"),
        meanwhile: fc.array(operation, { maxLength: 6 }),
      }),
    },
  );
}
