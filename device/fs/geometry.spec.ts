import { REGULAR_FILE, ROOT } from "./file-system.js";
import { mountFileSystem } from "./mount.js";
import { crc32 } from "./testing/crc32.js";
import { pattern } from "./testing/model.js";
import { createNorFlash } from "./testing/nor-flash.js";
import { cutPower } from "./testing/power-cut.js";
import { runSequence } from "./testing/sequence.js";
import { mixed } from "./testing/workloads.js";

/** Every geometry that is promised: blocks of 1 to 128 KB, five write sizes, parts that allow a second program or don't. */
const GEOMETRIES = [1, 2, 4, 8, 16, 32, 64, 128].flatMap((kilobytes) =>
  [1, 2, 4, 8, 16].flatMap((writeSize) =>
    [true, false].map((reprogrammable) => ({ blocks: 4, blockSize: kilobytes * 1024, writeSize, reprogrammable })),
  ),
);

const now = (): number => 1e15;

describe.each(GEOMETRIES)(
  "4 blocks of $blockSize bytes, writes of $writeSize, a second program allowed: $reprogrammable",
  (geometry) => {
    test("does what a map of files would, and programs nothing twice", () => {
      const flash = runSequence({ ...geometry, blocks: 6 }, mixed(150, geometry.blockSize + geometry.writeSize, 120));
      expect(flash.counters.refused).toBe(0);
    });

    test("loses nothing to power cuts", () => {
      const workload = { name: "mixed", flash: geometry, operations: mixed(60, 9, 80) };
      const choice = {
        every: geometry.blockSize > 8192 ? 25 : 9,
        prefixes: 2,
        secondEvery: 5,
        secondOperations: 2,
        seed: 0,
      };
      const { counts, losses } = cutPower(workload, choice);
      expect(losses.map(({ message }) => message)).toEqual([]);
      expect(counts.clean).toBeGreaterThan(0);
    });

    test("a full device keeps everything, and deleting makes room", () => {
      const flash = createNorFlash(geometry);
      let fs = mountFileSystem(flash, crc32, now);
      const size = geometry.blockSize >> 3;
      const content = pattern(0, size, 5);
      const put = (name: string): boolean => {
        const node = fs.create(ROOT, name, REGULAR_FILE);
        return node > 0 && fs.write(node, 0, content, 0, size) === size && fs.sync(node) === 0;
      };
      let count = 0;
      while (count < 100 && put(`f${count}`)) count++;
      expect(count).toBeGreaterThan(1);
      expect(count).toBeLessThan(100);
      fs = mountFileSystem(flash, crc32, now);
      expect(fs.readOnly).toBeUndefined();
      for (let i = 0; i < count; i++) {
        const found = new Uint8Array(size);
        expect(fs.read(fs.lookup(ROOT, `f${i}`), 0, found, 0, size)).toBe(size);
        expect(found).toEqual(content);
      }
      for (let i = 0; i < count; i++) expect(fs.remove(ROOT, `f${i}`, REGULAR_FILE)).toBe(0);
      expect(put("again")).toBe(true);
    });
  },
);
