import { formatFileSystem, mountFileSystem } from "./mount.js";
import { crc32 } from "./testing/crc32.js";
import { applyToFileSystem, difference, snapshot } from "./testing/model.js";
import { createNorFlash } from "./testing/nor-flash.js";
import { ALL_CUTS, CUT_MODES, cutPower, SOME_CUTS } from "./testing/power-cut.js";
import { POWER_CUT_WORKLOADS } from "./testing/power-cut-workloads.js";
import { fill } from "./testing/workloads.js";

// A part of all cuts; `npm run test:powercut -- --all` makes every one, `-- <id>` the one that a failure names.
describe("power cuts at the flash operations of a workload", () => {
  const seed = Number(process.env.SEED ?? 0);

  test.each(POWER_CUT_WORKLOADS.map((workload) => [workload.name, workload] as const))(
    "%s loses nothing",
    (name, workload) => {
      const { counts, losses } = cutPower(workload, { ...SOME_CUTS, seed });
      console.log(`${name}, seed ${seed}: ${CUT_MODES.map((mode) => `${counts[mode]} ${mode}`).join(", ")}`);
      expect(losses.map(({ message }) => message)).toEqual([]);
      expect(counts.clean).toBeGreaterThan(15);
      expect(counts["torn erase"]).toBeGreaterThan(0);
      expect(counts["second cut"]).toBeGreaterThan(15);
    },
  );

  test("an id makes that one cut again", () => {
    const [workload] = POWER_CUT_WORKLOADS;
    const total = (id: string) =>
      Object.values(cutPower(workload, ALL_CUTS, id).counts).reduce((sum, count) => sum + count);
    expect(total("W1:100:torn-5")).toBe(1);
    expect(total("W1:100:torn-5/2:clean")).toBe(2);
    expect(total("W1:100000:clean")).toBe(0);
  });
});

test("formatting that is cut leaves what was there, or nothing", () => {
  const flash = createNorFlash({ blocks: 8, blockSize: 1024 });
  const old = mountFileSystem(flash, crc32, () => 1e15);
  for (const operation of fill(1).slice(0, 60)) applyToFileSystem(old, operation);
  const before = snapshot(old);
  let cuts = 0;
  flash.before = (operation) => {
    const { bytes } = operation;
    for (let count = 0; count < (bytes?.length ?? 3); count++) {
      const copy = flash.fork();
      if (bytes) copy.tear(operation, { kind: "program", count, seed: count });
      else copy.tear(operation, { kind: (["random", "weak", "half"] as const)[count], seed: count });
      const fs = mountFileSystem(copy, crc32, () => 1e15);
      expect(fs.readOnly).toBeUndefined();
      const found = snapshot(fs);
      if (found.size > 0) expect(difference(before, found)).toBeUndefined();
      cuts++;
    }
  };
  formatFileSystem(flash, crc32, () => 1e15);
  expect(cuts).toBeGreaterThan(10);
});
