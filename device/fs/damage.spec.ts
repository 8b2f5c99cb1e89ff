import fc from "fast-check";
import { DIRECTORY, ROOT } from "./file-system.js";
import { mountFileSystem } from "./mount.js";
import { crc32 } from "./testing/crc32.js";
import { applyToFileSystem, pattern, resolve, sizeOf } from "./testing/model.js";
import { createNorFlash, type NorFlash } from "./testing/nor-flash.js";
import { mixed } from "./testing/workloads.js";

const GEOMETRY = { blocks: 16, blockSize: 1024, writeSize: 4 };

/** A device with some history, and each content that each of its bytes ever had. */
function used(): { flash: NorFlash; written: Set<string> } {
  const flash = createNorFlash(GEOMETRY);
  const fs = mountFileSystem(flash, crc32, () => 1.7e15);
  // Every byte of a file tells its place (pattern); the fills that were used are what may be found.
  const written = new Set<string>();
  for (const operation of mixed(300, 7, 200)) {
    applyToFileSystem(fs, operation);
    if (operation.do === "write") written.add(String(operation.fill));
  }
  return { flash, written };
}

/** Walks and reads everything; throws where a byte is one that was never written at that place. */
function readEverything(flash: NorFlash, written: Set<string>): void {
  const fs = mountFileSystem(flash, crc32, () => 1.7e15);
  const walk = function (directory: number, depth: number) {
    let count = 0;
    for (let entry = fs.next(directory, 0); entry; entry = fs.next(directory, entry.cookie)) {
      if (++count > 1000 || depth > 20) throw new Error("the walk doesn't end");
      if (entry.kind === DIRECTORY) {
        walk(entry.node, depth + 1);
        continue;
      }
      const size = sizeOf(fs, entry.node);
      const data = new Uint8Array(Math.min(size, 65536));
      const answer = fs.read(entry.node, 0, data, 0, data.length);
      for (let i = 0; i < answer; i++) {
        const fill = (data[i] - pattern(i, 1, 0)[0]) & 255;
        if (data[i] && !written.has(String(fill))) throw new Error(`${entry.name}: byte ${i} was never written`);
      }
    }
  };
  walk(ROOT, 0);
  // It can be used as far as it goes.
  applyToFileSystem(fs, { do: "create", path: "after" });
  const answer = applyToFileSystem(fs, { do: "write", path: "after", position: 0, length: 100, fill: 3 });
  applyToFileSystem(fs, { do: "sync", path: "after" });
  if (answer === 100) {
    const data = new Uint8Array(100);
    const again = mountFileSystem(flash, crc32, () => 1.7e15);
    expect(again.read(resolve(again, "after"), 0, data, 0, 100)).toBe(100);
    expect(data).toEqual(pattern(0, 100, 3));
  }
}

describe("damaged flash", () => {
  const { flash, written } = used();
  const seed = Number(process.env.SEED ?? 20261121);

  test("flipped bits lose at most what they hit: no wrong byte is read, nothing throws or hangs", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(flash.size - 1), bit: fc.nat(7) }), { minLength: 1, maxLength: 40 }),
        (flips) => {
          const copy = flash.fork();
          for (const { at, bit } of flips) copy.cells[at] ^= 1 << bit;
          readEverything(copy, written);
        },
      ),
      { numRuns: 400, seed },
    );
  });

  test("random blocks and overwritten stretches are survived", () => {
    fc.assert(
      fc.property(fc.nat(flash.size - 1), fc.uint8Array({ minLength: 1, maxLength: 2048 }), (at, noise) => {
        const copy = flash.fork();
        for (let i = 0; i < noise.length && at + i < copy.size; i++) copy.cells[at + i] = noise[i];
        readEverything(copy, written);
      }),
      { numRuns: 300, seed },
    );
  });

  test("random bytes are no file system, and are told from one", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16384, maxLength: 16384 }), (cells) => {
        const fs = mountFileSystem(createNorFlash({ ...GEOMETRY, cells }), crc32, () => 0);
        expect(fs.next(ROOT, 0)).toBeUndefined();
        expect(typeof fs.readOnly).toBe("string");
      }),
      { numRuns: 100, seed },
    );
  });
});
