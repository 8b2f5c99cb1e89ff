import type { Image } from "../../device/image/image.js";
import { espruinoWifi, puckjs, rp2040Pico } from "../../hal/boards/index.js";
import { FakeBoard } from "../../flasher/testing/fake-board.js";
import { converse } from "../../flasher/testing/converse.js";
import { newSession } from "../../flasher/session/session.js";
import { flashOperation } from "../../flasher/slots/flash.js";
import { checkStorage, storageNeed } from "./storage-fit.js";

function image(bytes: number, needsFiles = false): Image {
  const source = new Uint8Array(bytes).fill(47);
  return { name: "app", engine: "js", board: "puckjs", source, arenaBytes: 64, needsFiles, functionNames: {} };
}

/** The largest image that a board is said to have room for. */
function largest(board: typeof puckjs): number {
  let bytes = board.flash.storage.bytes;
  while (checkStorage(image(bytes), board).some(({ severity }) => severity === "problem")) bytes--;
  return bytes;
}

test("an image that is larger than Storage is refused with the figures, and boards that have room", () => {
  const [{ severity, message, mend }] = checkStorage(image(244_000), puckjs);
  expect(severity).toBe("problem");
  const { program, beside } = storageNeed(image(244_000), puckjs);
  expect(program).toBe(244_000 + 144 + 32);
  expect(message).toBe(
    `takes ${program} B of Storage, and puckjs has ${40960 - beside} B for it (40960 B less ${beside} B for the loader)`,
  );
  expect(mend).toContain("generic, rp2040_pico");
});

test("what is said to fit by a byte is what flashing finds room for", () => {
  const bytes = largest(puckjs);
  const flash = (size: number) => {
    const board = new FakeBoard({ storageBytes: puckjs.flash.storage.bytes });
    return converse(board, flashOperation(newSession("fake", "fit"), image(size), {})).result;
  };
  expect(flash(bytes)).toMatchObject({ bytes });
  // The next size that takes more, since files begin at multiples of 8.
  expect(() => flash(bytes + 8)).toThrow("Storage is full");
});

test("an image of more than half is warned of: the next doesn't fit beside it", () => {
  expect(checkStorage(image(30_000), puckjs)).toMatchObject([{ severity: "warning" }]);
  expect(checkStorage(image(10_000), puckjs)).toEqual([]);
});

test("files take their part of Storage where they have no other flash", () => {
  const room = (needsFiles: boolean) => {
    const { total, beside } = storageNeed(image(100, needsFiles), rp2040Pico);
    return total - beside;
  };
  expect(room(false) - room(true)).toBe(16 * 4096);
  expect(checkStorage(image(200_000, true), rp2040Pico)[0].message).toContain("for the loader and files");
  expect(checkStorage(image(200_000, true), rp2040Pico)[0].mend).toContain("generic");
  expect(checkStorage(image(200_000, false), rp2040Pico)).toMatchObject([{ severity: "warning" }]);
});

test("one that fits no board is told so", () => {
  expect(checkStorage(image(3 << 20), espruinoWifi)[0].mend).toContain("none that is known has enough");
});
