import { generic } from "../../hal/boards/index.js";
import { PowerLoss, SimulatedBoard } from "../board/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { StorageArea, StorageError } from "./storage-area.js";

const area = { address: 0x1000, bytes: 4 * 1024, blockBytes: 1024 };

function start() {
  const profile = { ...generic, flash: { ...generic.flash, blockBytes: 1024, storage: area, free: [] } };
  const board = new SimulatedBoard({ profile, clock: new VirtualClock(), seed: 1 });
  const storage = new StorageArea(board.flash, { ...area, writeBytes: 4 });
  return { board, storage };
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const text = (data: Uint8Array | undefined) => data && Buffer.from(data).toString("latin1");

describe("StorageArea", () => {
  it("lays files out as Espruino does: size, name, data, padded to words", () => {
    const { board, storage } = start();
    storage.write("abc", bytes("hello"));
    const header = board.flash.peek(0x1000, 44);
    expect([...header.subarray(0, 8)]).toEqual([5, 0, 0, 0, 97, 98, 99, 0]);
    expect(text(header.subarray(32))).toBe("hello\xff\xff\xff\xff\xff\xff\xff");
    storage.erase("abc");
    expect([...board.flash.peek(0x1004, 4)]).toEqual([0, 0, 0, 0]);
  });

  it("fills in what is still erased, and nothing else", () => {
    const { storage } = start();
    storage.write("f", bytes("ab"), 0, 0, 6);
    storage.write("f", bytes("ef"), 0, 4);
    expect(text(storage.read("f"))).toBe("ab\xff\xffef");
    expect(() => storage.write("f", bytes("x"), 0, 1)).toThrow(
      new StorageError("File already written with different data"),
    );
    expect(() => storage.write("f", bytes("xyz"), 0, 4)).toThrow(new StorageError("Too much data for file size"));
    expect(() => storage.write("g", bytes("x"), 0, 4)).toThrow(new StorageError("Unable to find or create file"));
  });

  it("needs a compaction before replaced files make room", () => {
    const { board, storage } = start();
    for (let i = 0; i < 40; i++) storage.write("big", bytes(String(i).padEnd(1500, "x")));
    storage.write("small", bytes("s"));
    expect(text(storage.read("big"))?.slice(0, 2)).toBe("39");
    expect(storage.list().map(({ name }) => name)).toEqual(["big", "small"]);
    expect(board.flash.counters.erases).toBeGreaterThan(20);
    expect(() => storage.write("other", bytes("y".repeat(3000)))).toThrow("Unable to find or create file");
  });

  it("loses data when the power goes, as the real one does, and tells a broken chain", () => {
    let lost = 0;
    let broken = 0;
    for (let cut = 1; cut <= 30; cut++) {
      const { board, storage } = start();
      storage.write("keep", bytes("k".repeat(700)));
      storage.write("key", bytes("1".repeat(900)));
      board.flash.planPowerCut({ operation: cut, moment: "before" });
      try {
        for (let i = 0; i < 8; i++) storage.write("key", bytes(String(i).repeat(900)));
        break;
      } catch (error) {
        if (!(error instanceof PowerLoss)) throw error;
      }
      board.powerOn();
      if (!storage.isValid()) broken++;
      else if (!storage.read("key") || !storage.read("keep")) lost++;
    }
    expect(lost + broken).toBeGreaterThan(3);
  });
});
