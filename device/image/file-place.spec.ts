import { boards, espruinoWifi, generic, pico, puckjs, rp2040Pico } from "../../hal/boards/index.js";
import { filePlace, needsFiles, RESERVED_FILE, reservedPlace } from "./file-place.js";
import { NO_GRANTS } from "./grants.js";

describe("where files live", () => {
  test.each([generic, puckjs])("outside Storage, where there are blocks enough: $id", ({ flash }) => {
    expect(filePlace(flash)).toEqual({ kind: "free", area: flash.free[0] });
  });

  test.each(boards)("never in an area as long as Storage, which the port takes for it: $id", ({ flash }) => {
    const place = filePlace(flash);
    if (place?.kind === "free") expect(place.area.bytes).not.toBe(flash.storage.bytes);
  });

  test("inside Storage, in a quarter of it, where Espruino lets nothing else be written: rp2040_pico", () => {
    expect(filePlace(rp2040Pico.flash)).toEqual({
      kind: "reserved",
      area: { address: 0x101c1000, bytes: 15 * 4096, blockBytes: 4096 },
      fileBytes: 16 * 4096 - 32,
    });
  });

  test.each([pico, espruinoWifi])("nowhere, where the blocks are too large to have four: $id", ({ flash }) => {
    expect(filePlace(flash)).toBeUndefined();
  });

  test("in the largest of several areas", () => {
    const free = [
      { address: 0, bytes: 4 * 4096 },
      { address: 0x10000, bytes: 8 * 4096 },
    ];
    expect(filePlace({ ...puckjs.flash, free })).toMatchObject({ area: free[1] });
  });
});

describe("pages that Storage has set aside", () => {
  const header = (size: number, name: string): Uint8Array => {
    const bytes = new Uint8Array(32);
    new DataView(bytes.buffer).setUint32(0, size, true);
    bytes.set(Buffer.from(name), 4);
    return bytes;
  };

  test("are the inside of its first file, after the header's page", () => {
    expect(reservedPlace(rp2040Pico.flash, header(6 * 4096 - 32, RESERVED_FILE))).toEqual({
      address: 0x101c1000,
      bytes: 5 * 4096,
      blockBytes: 4096,
    });
  });

  test.each([
    ["another file", header(6 * 4096 - 32, "ristretto-a")],
    ["one that doesn't end where a page does", header(6 * 4096, RESERVED_FILE)],
    ["an empty Storage", new Uint8Array(32).fill(0xff)],
  ])("are not there when the first file is %s", (_what, first) => {
    expect(reservedPlace(rp2040Pico.flash, first)).toBeUndefined();
  });
});

describe("whether a program keeps files", () => {
  const dirs = [{ path: "/data", directory: "/", rights: "read-write" as const }];
  const opens = [{ module: "wasi_snapshot_preview1", name: "path_open" }];

  test("takes both a granted directory and a call that reaches it", () => {
    expect(needsFiles(opens, { ...NO_GRANTS, dirs })).toBe(true);
    expect(needsFiles(opens, NO_GRANTS)).toBe(false);
    expect(needsFiles([{ module: "wasi_snapshot_preview1", name: "fd_write" }], { ...NO_GRANTS, dirs })).toBe(false);
    expect(needsFiles([{ module: "env", name: "path_open" }], { ...NO_GRANTS, dirs })).toBe(false);
  });
});

test("every board that can keep files says so by its blocks", () => {
  expect(boards.filter(({ flash }) => filePlace(flash)).map(({ id }) => id)).toEqual([
    "generic",
    "puckjs",
    "rp2040_pico",
  ]);
});
