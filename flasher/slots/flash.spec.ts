import { FlasherError } from "../error.js";
import { crc32 } from "../session/crc32.js";
import { newSession } from "../session/session.js";
import { converse, type Conversation, type LineFaults } from "../testing/converse.js";
import { FakeBoard, type FakeBoardOptions } from "../testing/fake-board.js";
import { flashOperation, type FlashReport } from "./flash.js";
import { infoOperation, type BoardInfo } from "./info.js";
import { LOADER } from "./loader.js";
import type { FlashOptions } from "./plan.js";
import { rollbackOperation } from "./rollback.js";

const program = (name: string, code = `print("I am ${name}")`): { name: string; source: Uint8Array } => ({
  name,
  source: Buffer.from(code, "latin1"),
});

/** Code of so many bytes that prints who it is, with every byte value in it. */
function large(name: string, bytes: number): { name: string; source: Uint8Array } {
  const start = `print("I am ${name}");//`;
  const filler = Uint8Array.from(
    { length: bytes - start.length },
    (_, i) => 32 + ((i * 7 + i / 251 + name.length) % 94),
  );
  return { name, source: Buffer.concat([Buffer.from(start), filler]) };
}

let nonce = 0;

function flash(
  board: FakeBoard,
  what: { name: string; source: Uint8Array; scriptBytes?: number },
  options: FlashOptions = {},
  faults: LineFaults = {},
): Conversation<FlashReport> {
  return converse(board, flashOperation(newSession("fake", `t${nonce++}n`), what, options), faults);
}

function info(board: FakeBoard): BoardInfo {
  return converse(board, infoOperation(newSession("fake", `t${nonce++}n`))).result;
}

/** What the board prints when it is powered off and on. */
function boot(board: FakeBoard): string {
  board.powerCycle();
  return /I am (\w+)/.exec(board.take())?.[1] ?? "nothing";
}

function refusal(run: () => unknown): FlasherError {
  try {
    run();
  } catch (error) {
    if (error instanceof FlasherError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("flashing an empty board", () => {
  test("writes the slot and the loader, and the program runs now and after a power cut", () => {
    const board = new FakeBoard();
    const { result, progress } = flash(board, large("first", 5000));
    expect(result).toMatchObject({
      slot: "a",
      sequence: 1,
      bytes: 5000,
      kept: 0,
      loaderWritten: true,
      state: "proving",
    });
    expect(result.output).toBe("I am first");
    expect(boot(board)).toBe("first");
    expect(progress.filter(({ phase }) => phase === "write").map(({ done }) => done)).toEqual([
      0, 960, 1920, 2880, 3840, 4800,
    ]);
  });

  test("carries every byte value unchanged", () => {
    const board = new FakeBoard();
    const bytes = Buffer.concat([Buffer.from("/*"), Uint8Array.from({ length: 254 }, (_, i) => i), Buffer.from("*/")]);
    flash(board, { name: "bytes", source: bytes });
    expect(Buffer.from(board.storage.read("ristretto-a", 0, bytes.length)!, "latin1")).toEqual(bytes);
  });

  test("runs only the script of a program with machine code behind it, and writes and verifies both", () => {
    const board = new FakeBoard();
    const script = Buffer.from('print("I am mixed")');
    const source = Buffer.concat([script, Uint8Array.from({ length: 2000 }, (_, i) => (i * 7) & 255)]);
    const mixed = { name: "mixed", source, scriptBytes: script.length };
    expect(flash(board, mixed).result).toMatchObject({ output: "I am mixed", crc: crc32(script) });
    expect(Buffer.from(board.storage.read("ristretto-a", 0, source.length)!, "latin1")).toEqual(source);
    expect(boot(board)).toBe("mixed");
    expect(flash(board, mixed).result).toMatchObject({ present: true });
  });

  test("leaves no variable of ours behind once the program has proved itself", () => {
    const board = new FakeBoard();
    const empty = Object.keys(board.peek("global") as object);
    flash(board, program("tidy"));
    expect(Object.keys(board.peek("global") as object)).toEqual([...empty, "$b"]);
    board.advance(10_000);
    expect(Object.keys(board.peek("global") as object)).toEqual(empty);
  });
});

describe("flashing again", () => {
  test("uses the other slot, keeps the loader and the old program", () => {
    const board = new FakeBoard();
    flash(board, program("first"));
    board.advance(10_000);
    const { result } = flash(board, program("second"));
    expect(result).toMatchObject({ slot: "b", sequence: 2, loaderWritten: false });
    expect(boot(board)).toBe("second");
    expect(info(board).slots).toMatchObject([
      { slot: "a", intact: true, confirmed: true, trailer: { name: "first" } },
      { slot: "b", intact: true, confirmed: false, trailer: { name: "second" } },
    ]);
  });

  test("does nothing but start a program that is there", () => {
    const board = new FakeBoard();
    flash(board, program("first"));
    const words = board.storage.words;
    expect(flash(board, program("first")).result).toMatchObject({ present: true, slot: "a", sequence: 1 });
    expect(board.storage.words - words).toBe(1); // the count of its second boot
  });

  test("overwrites a program that hasn't proved itself before one that has", () => {
    const board = new FakeBoard();
    flash(board, program("first"));
    board.advance(10_000);
    flash(board, program("second"));
    expect(flash(board, program("third")).result).toMatchObject({ slot: "b", sequence: 3 });
    expect(boot(board)).toBe("third");
  });
});

describe("a program that doesn't prove itself", () => {
  const proved = (): FakeBoard => {
    const board = new FakeBoard();
    flash(board, program("good"));
    board.advance(10_000);
    return board;
  };

  test("is given up after three boots, none of which lived for 10 s", () => {
    const board = proved();
    flash(board, program("crashes"));
    board.advance(5000);
    expect([boot(board), boot(board), boot(board)]).toEqual(["crashes", "crashes", "good"]);
    expect(boot(board)).toBe("good");
  });

  test("is kept for good once it lived for 10 s", () => {
    const board = proved();
    flash(board, program("fine"));
    board.advance(10_000);
    expect(Array.from({ length: 6 }, () => boot(board))).toEqual(Array(6).fill("fine"));
  });

  test("is rejected at once when it throws as it starts, and the old one runs again", () => {
    const board = proved();
    const error = refusal(() => flash(board, program("bad", 'print("I am bad");throw new Error("no sensor")')));
    expect(error).toMatchObject({ kind: "program-failed", exitCode: 1 });
    expect(error.message).toContain("no sensor");
    expect(error.message).toContain("good runs again");
    expect(boot(board)).toBe("good");
  });

  test("is tried again behind a free prompt when there is nothing to fall back to", () => {
    const board = new FakeBoard();
    flash(board, program("only"));
    boot(board);
    boot(board);
    board.powerCycle();
    expect(board.take()).toContain("ristretto-a failed 3 boots, tried again in 5 s");
    board.advance(5000);
    expect(board.take()).toContain("I am only");
    board.advance(5000);
    expect(boot(board)).toBe("only");
  });
});

describe("a program that keeps the prompt busy", () => {
  test("is started and not interrupted; the report says that it could not be asked", () => {
    const board = new FakeBoard();
    const { result } = flash(board, program("busy", 'print("I am busy");spin(60000)'));
    expect(result).toMatchObject({ state: "busy", output: "I am busy" });
  });

  test("is interrupted by the next flash", () => {
    const board = new FakeBoard();
    flash(board, program("busy", 'print("I am busy");spin(60000)'));
    expect(flash(board, program("next")).result.state).toBe("proving");
    expect(boot(board)).toBe("next");
  });
});

describe("a program that keeps files", () => {
  const keeper = (name: string) => ({ ...program(name), needsFiles: true });
  /** A board as the RP2040: Storage of 64 pages, nothing else, and `getFree()` answers with Storage. */
  const withoutFree = (): FakeBoard =>
    new FakeBoard({ storageBytes: 64 * 4096, free: [{ addr: 0x6c000, length: 64 * 4096 }] });

  test("is flashed like any other where flash outside Storage has blocks enough", () => {
    const board = new FakeBoard({ free: [{ addr: 0x60000, length: 4 * 4096 }] });
    expect(flash(board, keeper("log")).result).toMatchObject({ setAside: 0, storageErased: false });
    expect(board.storage.list()).toEqual(["ristretto-a", ".bootcde"]);
  });

  test("has a quarter of Storage set aside where there is no other flash, ahead of everything else, and once", () => {
    const board = withoutFree();
    expect(flash(board, keeper("first")).result).toMatchObject({ setAside: 16 * 4096 - 32, storageErased: false });
    expect(board.storage.list()).toEqual(["ristretto", "ristretto-a", ".bootcde"]);
    // What the program writes there, past the header's page, stays.
    board.storage.flash[5000] = 0x55;
    expect(flash(board, keeper("second")).result).toMatchObject({ setAside: 0, slot: "b" });
    expect(board.storage.flash[5000]).toBe(0x55);
    expect(boot(board)).toBe("second");
  });

  test("is refused where Storage holds something, and nothing is changed, until it may be erased", () => {
    const board = withoutFree();
    flash(board, program("old"));
    board.storage.write("settings", "volume 11");
    const error = refusal(() => flash(board, keeper("new")));
    expect(error.kind).toBe("storage-not-empty");
    expect(error.message).toContain("--erase-storage");
    expect(board.storage.list()).toEqual(["ristretto-a", ".bootcde", "settings"]);
    expect(boot(board)).toBe("old");
    expect(flash(board, keeper("new"), { eraseStorage: true }).result).toMatchObject({
      setAside: 16 * 4096 - 32,
      storageErased: true,
      slot: "a",
      sequence: 1,
      loaderWritten: true,
    });
    expect(board.storage.list()).toEqual(["ristretto", "ristretto-a", ".bootcde"]);
    expect(boot(board)).toBe("new");
  });

  test("is refused by a board without flash for files, though it may be erased", () => {
    const board = new FakeBoard({ storageBytes: 12 * 4096, free: [{ addr: 0x60000, length: 3 * 4096 }] });
    const error = refusal(() => flash(board, keeper("log"), { eraseStorage: true }));
    expect(error.kind).toBe("no-file-flash");
    expect(board.storage.list()).toEqual([]);
  });

  test("is told of the wrong board first", () => {
    const error = refusal(() => flash(withoutFree(), keeper("log"), { expectedBoard: "PICO_R1_3" }));
    expect(error.kind).toBe("wrong-board");
  });

  test("a power cut anywhere leaves a board that can be flashed again", () => {
    const counting = withoutFree();
    flash(counting, keeper("log"));
    for (let cutAfter = 0; cutAfter < counting.storage.words; cutAfter += 7) {
      const board = withoutFree();
      board.storage.cutAfter = cutAfter;
      refusal(() => flash(board, keeper("log")));
      board.powerCycle();
      flash(board, keeper("log"), { eraseStorage: true });
      expect([cutAfter, boot(board)]).toEqual([cutAfter, "log"]);
    }
  });
});

describe("looking at a board", () => {
  test("tells what is there and leaves no trace", () => {
    const board = new FakeBoard();
    flash(board, program("first"));
    board.advance(10_000);
    const flashBefore = board.storage.flash.slice();
    const names = Object.keys(board.peek("global") as object);
    expect(info(board)).toMatchObject({
      identity: { board: "PUCKJS", version: "2v29", console: "USB" },
      storage: { total: 65536, trash: 0 },
      starts: "a",
      loader: "current",
      foreign: [],
      slots: [
        {
          slot: "a",
          intact: true,
          confirmed: true,
          rejected: false,
          boots: 1,
          trailer: { name: "first", sequence: 1 },
        },
      ],
    });
    expect(board.storage.flash).toEqual(flashBefore);
    expect(Object.keys(board.peek("global") as object)).toEqual(names);
  });
});

describe("going back", () => {
  test("starts the program before, and stays there", () => {
    const board = new FakeBoard();
    flash(board, program("first"));
    board.advance(10_000);
    flash(board, program("second"));
    const { result } = converse(board, rollbackOperation(newSession("fake", "back")));
    expect(result).toMatchObject({ from: { name: "second" }, to: { slot: "a", name: "first" }, state: "confirmed" });
    expect(boot(board)).toBe("first");
  });

  test("is refused when there is no other program", () => {
    const board = new FakeBoard();
    flash(board, program("only"));
    const error = refusal(() => converse(board, rollbackOperation(newSession("fake", "back"))));
    expect(error.kind).toBe("nothing-to-roll-back");
    expect(boot(board)).toBe("only");
  });
});

describe("refused before anything is changed", () => {
  const full = (): FakeBoard => {
    const board = new FakeBoard({ storageBytes: 16384 });
    board.storage.write("log.csv", "x".repeat(9000));
    flash(board, large("old", 2000));
    return board;
  };
  const unchanged = (board: FakeBoard, run: () => unknown): FlasherError => {
    const before = Buffer.from(board.storage.flash).toString("hex");
    const error = refusal(run);
    expect(Buffer.from(board.storage.flash).toString("hex")).toBe(before);
    return error;
  };

  test("the wrong board", () => {
    const board = new FakeBoard({ board: "PICO_R1_3" });
    const error = unchanged(board, () => flash(board, program("x"), { expectedBoard: "PUCKJS" }));
    expect(error).toMatchObject({ kind: "wrong-board", exitCode: 1 });
    expect(error.message).toBe(
      "The image is for PUCKJS, but the board says that it is PICO_R1_3. " +
        "Build for this board with --board, or give the port of the other one.",
    );
  });

  test("Storage too small, with what fills it", () => {
    const board = full();
    const error = unchanged(board, () => flash(board, large("new", 9000)));
    expect(error.kind).toBe("storage-full");
    expect(error.message).toContain("log.csv 9000 B");
    expect(boot(board)).toBe("old");
  });

  test("a write that would make Storage compact itself, until that is allowed", () => {
    const board = full();
    board.advance(10_000);
    board.storage.write("note", "y".repeat(2500));
    board.storage.erase("note");
    const error = unchanged(board, () => flash(board, large("new", 2000)));
    expect(error.kind).toBe("compaction-needed");
    expect(error.message).toContain("--compact");
    expect(board.storage.compactions).toBe(0);
    expect(flash(board, large("new", 2000), { compact: true }).result).toMatchObject({ compacted: true });
    expect(board.storage.compactions).toBe(1);
    expect(boot(board)).toBe("new");
    expect(board.storage.read("log.csv")).toHaveLength(9000);
  });

  test.each([".bootcde", ".bootrst", ".varimg"])("a user's own %s, until --force", (name) => {
    const board = new FakeBoard();
    board.storage.write(name, "digitalWrite(LED1,1)\nmore()");
    board.powerCycle();
    const error = unchanged(board, () => flash(board, program("ours")));
    expect(error.kind).toBe("boot-code-present");
    expect(error.message).toContain(name);
    expect(error.message).toContain("--force");
    if (name !== ".varimg") expect(error.message).toContain("digitalWrite(LED1,1)");
    expect(flash(board, program("ours"), { force: true }).result.erased).toEqual([name]);
    expect(boot(board)).toBe("ours");
  });

  test("firmware without E.CRC32", () => {
    const board = new FakeBoard({ withoutCrc: true });
    expect(unchanged(board, () => flash(board, program("x"))).kind).toBe("board-unsupported");
  });
});

describe("a port without a board that answers", () => {
  const kinds: [NonNullable<FakeBoardOptions["mood"]>, string][] = [
    ["silent", "no-answer"],
    ["modem", "not-espruino"],
    ["password", "board-locked"],
  ];
  test.each(kinds)("%s: %s", (mood, kind) => {
    const board = new FakeBoard({ mood });
    const error = refusal(() => flash(board, program("x")));
    expect(error).toMatchObject({ kind, exitCode: 1 });
    expect(board.now).toBeLessThan(20_000);
  });

  test("a board in the debugger is brought out of it", () => {
    const board = new FakeBoard({ mood: "debugger" });
    expect(flash(board, program("x")).result.state).toBe("proving");
  });

  test("a board that resets when its port is opened is waited for", () => {
    const board = new FakeBoard({ bootTime: 4000 });
    expect(flash(board, program("x")).result.state).toBe("proving");
  });
});

describe("what is interrupted", () => {
  const image = large("second", 1500);
  const before = ((): Uint8Array => {
    const board = new FakeBoard({ storageBytes: 16384 });
    flash(board, program("first"));
    board.advance(10_000);
    return board.storage.flash;
  })();
  const prepared = (flash: Uint8Array = before): FakeBoard => new FakeBoard({ flash: flash.slice() });
  const { sent } = flash(prepared(), image);

  test("a cable pulled after any byte: the old program boots, or the new one after its last byte was committed", () => {
    const board = prepared();
    const runs: string[] = [];
    let words = -1;
    const conversation = flash(
      board,
      image,
      {},
      {
        onByte() {
          // What boots depends on nothing but flash: ask again only when that has changed.
          const changed = board.storage.words !== words;
          words = board.storage.words;
          runs.push(changed ? boot(prepared(board.storage.flash)) : runs[runs.length - 1]);
        },
      },
    );
    expect(runs).toHaveLength(conversation.sent);
    expect(new Set(runs)).toEqual(new Set(["first", "second"]));
    expect(runs.indexOf("second")).toBeGreaterThan(runs.lastIndexOf("first"));
  });

  test("a power cut before any word that is programmed: the old program boots or the new one, and flashing works", () => {
    const board = prepared();
    const states: Uint8Array[] = [];
    board.storage.onProgram = () => states.push(board.storage.flash.slice());
    flash(board, image);
    const runs = states.map((state) => boot(prepared(state)));
    expect(new Set(runs)).toEqual(new Set(["first", "second"]));
    // The new one runs only before the very last word, which counts its first boot.
    expect(runs.filter((name) => name === "second")).toHaveLength(1);
    for (let cut = 0; cut < states.length; cut += 11) {
      const cutBoard = prepared(states[cut]);
      flash(cutBoard, image);
      expect([cut, boot(cutBoard)]).toEqual([cut, "second"]);
    }
  });

  test("the error says that the port was lost, and the next attempt goes on where this one stopped", () => {
    const kept = new Set<number>();
    for (let part = 0.05; part < 1; part += 0.05) {
      const board = prepared();
      const error = refusal(() => flash(board, image, {}, { pullAfter: Math.round(sent * part) }));
      expect(error.kind).toBe("port-lost");
      kept.add(flash(board, image).result.kept);
      expect(boot(board)).toBe("second");
    }
    expect(kept).toEqual(new Set([0, 960, 1500]));
  });

  test("a board that resets in the middle is prepared again, and the transfer goes on", () => {
    const board = prepared();
    let resets = 0;
    const { result } = flash(
      board,
      image,
      {},
      {
        onByte() {
          if (resets === 0 && board.storage.read("ristretto-b", 0, 10)?.startsWith("print")) {
            resets++;
            board.powerCycle();
          }
        },
      },
    );
    expect([resets, result.crc]).toEqual([1, crc32(image.source)]);
    expect(boot(board)).toBe("second");
  });
});

describe("a noisy line", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("with a fault in 8,000 bytes ends right, seed %i", (seed) => {
    const board = new FakeBoard();
    const image = large("noisy", 20_480);
    const { result } = flash(board, image, {}, { noiseEvery: 8000, seed });
    expect(result.crc).toBe(board.peek('E.CRC32(require("Storage").read("ristretto-a",0,20480))'));
    expect(board.storage.read(".bootcde")).toBe(LOADER);
    expect(boot(board)).toBe("noisy");
  });

  test("that garbles everything is called hopeless, and the old program is still there", () => {
    const board = new FakeBoard();
    flash(board, program("old"));
    board.advance(10_000);
    const error = refusal(() => flash(board, large("new", 5000), {}, { noiseEvery: 150, seed: 7 }));
    expect(["line-noise", "no-answer", "not-espruino"]).toContain(error.kind);
    expect(boot(board)).toBe("old");
  });
});
