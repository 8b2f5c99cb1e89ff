import { filePlace, RESERVED_FILE, RESERVED_HEADER_BYTES, reservedPlace } from "../../device/image/file-place.js";
import { reservedFile } from "../../flasher/index.js";
import type { BoardProfile, FlashArea } from "../../hal/boards/profile.js";
import type { FlashBacking, NorFlash } from "../../simulator/board/index.js";
import { StorageArea } from "../../simulator/engine/storage-area.js";
import { Failure } from "../failure.js";

/** An area that a file system can live in. */
export interface FileArea extends FlashArea {
  readonly blockBytes: number;
}

/**
 * Where a simulated board's files are, as `hal/ports/espruino/file-flash.ts` finds them on the board: in the area
 * outside Storage that is meant for them, or in pages that Storage has set aside by now.
 * @param backing as it is at this moment; only looked at
 * @returns undefined when there is no such area (yet)
 */
export function fileArea({ flash }: BoardProfile, backing: FlashBacking): FileArea | undefined {
  const place = filePlace(flash);
  // Storage is the first of an image's regions (`flashGeometry`).
  const area =
    place?.kind === "free" ? place.area : reservedPlace(flash, backing.cells.subarray(0, RESERVED_HEADER_BYTES));
  return area && { ...area, blockBytes: area.blockBytes ?? flash.blockBytes };
}

/**
 * Sets pages aside for files where a board needs that, as the flasher does before it writes a program that keeps some,
 * but as a programmer on the bench would: in no time and uncounted.
 * @throws Failure when there is no room for files, or when Storage holds other files already
 */
export function provideFileArea(profile: BoardProfile, chip: NorFlash, backing: FlashBacking): FileArea {
  const found = fileArea(profile, backing);
  if (found) return found;
  const place = filePlace(profile.flash);
  if (place?.kind !== "reserved")
    throw new Failure(`${profile.id} has no flash for files`, {
      mend: `take "dirs" out of the manifest, or use another board: ristretto check tells which`,
    });
  const storage = benchStorage(profile, chip);
  if (storage.list().length > 0)
    throw new Failure(
      `the files of ${profile.id} need the beginning of its Storage, and in this flash image that is taken by ${storage.list()[0].name}`,
      { mend: "name another image with --flash, or delete this one" },
    );
  storage.eraseAll();
  storage.write(RESERVED_FILE, reservedFile(place.fileBytes).bytes);
  return fileArea(profile, backing)!;
}

/** Espruino's Storage over cells that are changed without time or counters. */
function benchStorage({ flash }: BoardProfile, chip: NorFlash): StorageArea {
  const { address, bytes, blockBytes = flash.blockBytes } = flash.storage;
  return new StorageArea(
    {
      read: (at, length) => chip.peek(at, length),
      program: (at, data) =>
        chip.poke(
          at,
          chip.peek(at, data.length).map((cell, index) => cell & data[index]),
        ),
      erase: (at) => chip.poke(at, new Uint8Array(blockBytes).fill(0xff)),
    },
    { address, bytes, blockBytes, writeBytes: flash.writeBytes },
  );
}
