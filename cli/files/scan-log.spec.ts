import { REGULAR_FILE, ROOT } from "../../device/fs/file-system.js";
import { mountFileSystem } from "../../device/fs/mount.js";
import { applyToFileSystem } from "../../device/fs/testing/model.js";
import { createNorFlash, type NorFlash } from "../../device/fs/testing/nor-flash.js";
import { mixed } from "../../device/fs/testing/workloads.js";
import { crc32 } from "../../simulator/engine/crc32.js";
import { scanLog } from "./scan-log.js";

const GEOMETRY = { blocks: 16, blockSize: 1024, writeSize: 4 };

/** A device with a history. */
function used(seed: number): NorFlash {
  const flash = createNorFlash(GEOMETRY);
  const files = mountFileSystem(flash, crc32, () => 1.7e15);
  for (const operation of mixed(200, seed, 200)) applyToFileSystem(files, operation);
  return flash;
}

test.each([1, 2, 3, 4, 5, 6])("a device that was only used has no damage, seed %i", (seed) => {
  expect(scanLog(used(seed)).damaged).toEqual([]);
});

test("nor has an empty one, or one that was never formatted", () => {
  expect(scanLog(createNorFlash(GEOMETRY))).toEqual({ damaged: [], writeAmplification: undefined });
});

test("nor has one whose power was cut in any program or erase of some work", () => {
  const work = (flash: NorFlash): void => {
    const files = mountFileSystem(flash, crc32, () => 1.7e15);
    for (let round = 0; round < 40; round++) {
      const node = files.create(ROOT, `file ${round}`, REGULAR_FILE);
      files.write(node, 0, new Uint8Array(300).fill(round), 0, 300);
      files.sync(node);
      if (round > 2) files.remove(ROOT, `file ${round - 3}`, REGULAR_FILE);
    }
  };
  const copies: NorFlash[] = [];
  const whole = createNorFlash({ ...GEOMETRY, blocks: 6 });
  whole.before = (operation) => {
    const copy = whole.fork();
    const { bytes, index: seed } = operation;
    copy.tear(
      operation,
      bytes ? { kind: "program", count: (seed * 7) % bytes.length, seed } : { kind: "random", seed },
    );
    copies.push(copy);
  };
  work(whole);
  expect(whole.counters.erases).toBeGreaterThan(6);
  for (const [cut, copy] of copies.entries()) {
    expect([cut, scanLog(copy).damaged]).toEqual([cut, []]);
    work(copy);
    expect([cut, "later", scanLog(copy).damaged]).toEqual([cut, "later", []]);
  }
});

test("a damaged length is found, in its block, where records behind it are lost by that", () => {
  const flash = used(7);
  let found = 0;
  for (let at = 24; at < flash.size; at += 11) {
    if (flash.cells[at] === 0xff) continue;
    const copy = flash.fork();
    copy.cells[at] ^= 2;
    const { damaged } = scanLog(copy);
    expect([[], [Math.floor(at / GEOMETRY.blockSize)]]).toContainEqual(damaged);
    found += damaged.length;
  }
  expect(found).toBeGreaterThan(10);
});

test("write amplification is that of the bytes that were programmed", () => {
  const flash = createNorFlash(GEOMETRY);
  const files = mountFileSystem(flash, crc32, () => 1.7e15);
  const node = files.create(ROOT, "log", REGULAR_FILE);
  let written = 0;
  for (let round = 0; round < 400; round++) {
    files.write(node, (round % 50) * 100, new Uint8Array(100).fill(round), 0, 100);
    files.sync(node);
    written += 100;
  }
  const real = flash.counters.bytesProgrammed / written;
  expect(scanLog(flash).writeAmplification! / real).toBeGreaterThan(0.85);
  expect(scanLog(flash).writeAmplification! / real).toBeLessThan(1.2);
});
