import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generic, pico, puckjs } from "../../hal/boards/index.js";
import type { BoardProfile } from "../../hal/boards/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { PowerLoss } from "./board-host.js";
import { describeFlashImage, openFlashImage } from "./flash-image.js";
import { flashBytes } from "./nor-flash.js";
import { flashGeometry, SimulatedBoard } from "./simulated-board.js";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ristretto-flash-"));
  path = join(folder, "flash.img");
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(profile: BoardProfile) {
  const flash = openFlashImage(path, profile.id, flashGeometry(profile));
  return { image: flash, board: new SimulatedBoard({ profile, clock: new VirtualClock(), seed: 1, flash }) };
}

describe("a flash image", () => {
  test("is made erased, as large as the board's flash", () => {
    const { image } = open(puckjs);
    image.close();
    const file = readFileSync(path);
    expect(file.length).toBe(flashBytes(flashGeometry(puckjs)));
    expect(file.every((byte) => byte === 0xff)).toBe(true);
  });

  test("has every operation at once, and the wear beside it; another board goes on from there", () => {
    const first = open(puckjs);
    const area = first.board.flash.area("free");
    area.program(4096, Uint8Array.of(1, 2, 3, 4));
    const offset = puckjs.flash.storage.bytes + 4096;
    expect([...readFileSync(path).subarray(offset, offset + 4)]).toEqual([1, 2, 3, 4]);
    area.erase(0);
    area.erase(0);
    expect(describeFlashImage(path)).toMatchObject({ board: "puckjs", writeBytes: 4, reprogrammable: true });
    first.image.close();

    const second = open(puckjs);
    expect(second.board.flash.area("free").read(4096, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
    second.board.flash.area("free").erase(4096);
    expect([...second.board.flash.wear]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0]);
    second.image.close();
  });

  test("has what a power cut left", () => {
    const { image, board } = open(puckjs);
    board.flash.planPowerCut({ operation: 2, moment: "torn", wholeBytes: 8 });
    const area = board.flash.area("free");
    area.program(0, new Uint8Array(4));
    expect(() => area.program(64, new Uint8Array(32))).toThrow(PowerLoss);
    image.close();
    const cells = readFileSync(path).subarray(puckjs.flash.storage.bytes);
    expect([...cells.subarray(64, 72)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...cells.subarray(76, 96)]).toEqual(new Array(20).fill(0xff));
  });

  test("goes on with a wear of 0 where the sidecar is missing", () => {
    open(puckjs).image.close();
    rmSync(`${path}.json`);
    const { image, board } = open(puckjs);
    expect([...board.flash.wear].every((count) => count === 0)).toBe(true);
    image.close();
    expect(existsSync(`${path}.json`)).toBe(true);
  });

  test("of another board is refused with both names", () => {
    open(puckjs).image.close();
    expect(() => open(generic)).toThrow(/has 57344 bytes, but generic has 3145728 .* made for puckjs; name that board/);
    rmSync(path);
    rmSync(`${path}.json`);
    open(generic).image.close();
    const other = { ...generic, id: "other", flash: { ...generic.flash, blockBytes: 8192 } };
    expect(() => open(other)).toThrow("laid out for generic, not for other; name that board or another file");
  });

  test("with a broken sidecar says what to do", () => {
    open(pico).image.close();
    writeFileSync(`${path}.json`, "{");
    expect(() => open(pico)).toThrow(/flash.img.json isn't JSON .*; delete it to go on with a wear of 0/);
    writeFileSync(`${path}.json`, "{}");
    expect(() => open(pico)).toThrow(/flash.img.json: format: .*; delete it to go on with a wear of 0/);
  });
});
