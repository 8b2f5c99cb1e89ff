import fc from "fast-check";
import { crc32 } from "../session/crc32.js";
import { FakeBoard } from "../testing/fake-board.js";
import { FakeStorage } from "../testing/fake-storage.js";
import {
  BOOTS,
  CELL,
  cellOffset,
  chooseSlot,
  decodeSlot,
  encodeTrailer,
  FOOTER_BYTES,
  SLOT_NAMES,
  slotFile,
  slotFileBytes,
  trailerOffset,
  type SlotName,
} from "./layout.js";
import { LOADER } from "./loader.js";

/** A slot as a test wants it. */
interface Given {
  readonly sequence: number;
  readonly damage: "none" | "code" | "trailer" | "no trailer" | "short" | "missing";
  readonly confirmed: boolean;
  readonly rejected: boolean;
  readonly boots: number;
}

const given = fc.record<Given>({
  sequence: fc.integer({ min: 1, max: 3 }),
  damage: fc.constantFrom("none", "none", "none", "code", "trailer", "no trailer", "short", "missing"),
  confirmed: fc.boolean(),
  rejected: fc.boolean(),
  boots: fc.integer({ min: 0, max: BOOTS }),
});

function lay(storage: FakeStorage, slot: SlotName, { sequence, damage, confirmed, rejected, boots }: Given): void {
  const file = slotFile(slot);
  if (damage === "missing") return;
  if (damage === "short") return void storage.write(file, "too short");
  const code = `print("runs ${slot}")`;
  const bytes = slotFileBytes(code.length);
  storage.write(file, damage === "code" ? code.replace("runs", "ruins").slice(0, code.length) : code, 0, bytes);
  const trailer = encodeTrailer({ sequence, bytes: code.length, crc: crc32(code), name: "x" });
  if (damage !== "no trailer") {
    storage.write(
      file,
      damage === "trailer" ? trailer.replace("ristretto", "ristrettu") : trailer,
      trailerOffset(bytes),
    );
  }
  if (confirmed) storage.write(file, "\0", cellOffset(bytes, CELL.confirmed));
  if (rejected) storage.write(file, "\0", cellOffset(bytes, CELL.rejected));
  for (let i = 0; i < boots; i++) storage.write(file, "\0", cellOffset(bytes, CELL.firstBoot + i));
}

test("the loader starts the slot that the host says it will, whatever the slots are like", () => {
  fc.assert(
    fc.property(given, given, (a, b) => {
      fc.pre(a.sequence !== b.sequence);
      const flash = new Uint8Array(8192).fill(0xff);
      const storage = new FakeStorage(flash);
      lay(storage, "a", a);
      lay(storage, "b", b);
      const states = SLOT_NAMES.flatMap((slot) => {
        const text = storage.read(slotFile(slot));
        if (text === undefined) return [];
        const footer = text.slice(-FOOTER_BYTES).padEnd(FOOTER_BYTES, "\xff");
        return [decodeSlot(slot, text.length, footer, (bytes) => crc32(text.slice(0, bytes)))];
      });
      storage.write(".bootcde", LOADER);
      const board = new FakeBoard({ flash });
      board.advance(6000);
      const runs = /runs (\w)/.exec(board.printed)?.[1];
      expect(runs).toBe(chooseSlot(states)?.slot);
      expect(board.printed).not.toContain("Uncaught");
    }),
    { numRuns: 500 },
  );
});

test("the loader is small, and has nothing that an ES5 interpreter of one-byte chars would trip over", () => {
  expect(LOADER.length).toBeLessThan(1100);
  expect(LOADER).toMatch(/^[\n -~]*$/);
});

describe("a trailer", () => {
  const trailer = { sequence: 4294967295, bytes: 16777215, crc: 4294967295, name: "a-name.of_20_letters" };
  const decode = (text: string) => decodeSlot("a", 1000, text.padEnd(FOOTER_BYTES, "\xff"), () => trailer.crc);

  test("holds the largest figures and the longest name", () => {
    expect(decode(encodeTrailer(trailer))).toMatchObject({ trailer, intact: true, boots: 0 });
  });

  test("that was cut off anywhere is none", () => {
    const text = encodeTrailer({ ...trailer, name: "short" }).trimEnd();
    for (let cut = 0; cut < text.length; cut++) {
      expect(decode(text.slice(0, cut).padEnd(80, "\xff")).trailer).toBeUndefined();
    }
  });
});
