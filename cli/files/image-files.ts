import { existsSync } from "node:fs";
import { mountFileSystem } from "../../device/fs/mount.js";
import type { FileSystem } from "../../device/fs/file-system.js";
import type { BoardProfile } from "../../hal/boards/profile.js";
import type { Flash } from "../../hal/contract/index.js";
import {
  describeFlashImage,
  flashGeometry,
  loadFlashImage,
  saveFlashImage,
  SimulatedBoard,
} from "../../simulator/board/index.js";
import type { FlashGeometry, LoadedFlashImage } from "../../simulator/board/index.js";
import { VirtualClock } from "../../simulator/core/virtual-clock.js";
import { crc32 } from "../../simulator/engine/crc32.js";
import { boardNamed } from "../board-named.js";
import { Failure, misuse } from "../failure.js";
import { fileArea, provideFileArea } from "./file-area.js";
import type { FileArea } from "./file-area.js";

/** The options of every `ristretto fs` command. */
export interface ImageOptions {
  readonly flash: string;
  readonly board?: string;
}

/** The file system on a flash image, mounted in memory: the image's file is as it was until `save`. */
export interface ImageFiles {
  readonly path: string;
  readonly profile: BoardProfile;
  readonly files: FileSystem;
  /** The area that the file system has. */
  readonly flash: Flash;
  /** Erases of each block of that area. */
  readonly wear: Uint32Array;
  /** For how long boards ran with the image, in microseconds of their own time. */
  readonly powered: number;
  /** @throws Failure when the file can't be written, or was changed meanwhile */
  save(): void;
}

/**
 * Mounts an image's file system with the board's own code, over flash that behaves as the board's.
 * @param mayBeNew whether a missing image, or flash that isn't set aside for files yet, is an empty file system
 * @throws Failure that says why it can't be
 */
export async function openImageFiles(options: ImageOptions, mayBeNew = false): Promise<ImageFiles> {
  const path = options.flash;
  const profile = await boardOf(options, mayBeNew);
  const geometry = flashGeometry(profile);
  const image = forPeople(() => loadFlashImage(path, profile.id, geometry));
  const board = new SimulatedBoard({
    profile,
    clock: new VirtualClock(),
    seed: 0,
    epochMicroseconds: Date.now() * 1000,
    flash: image,
  });
  const area = mayBeNew ? provideFileArea(profile, board.flash, image) : fileArea(profile, image);
  if (!area)
    throw new Failure(`${path}: this ${profile.id} has no flash for files`, {
      mend: "ristretto boards shows which boards have; where it is part of Storage, ristretto fs put sets it aside",
    });
  const flash = board.flash.window(area.address, area.bytes);
  return {
    path,
    profile,
    flash,
    files: mountFileSystem(flash, crc32, () => board.realtime()),
    wear: wearOf(geometry, area, image),
    powered: image.powered,
    save: () => forPeople(() => saveFlashImage(path, profile.id, geometry, image)),
  };
}

/**
 * The same, to be changed.
 * @throws Failure when the file system can only be read
 */
export async function openWritableFiles(options: ImageOptions, mayBeNew = false): Promise<ImageFiles> {
  const image = await openImageFiles(options, mayBeNew);
  const problem = image.files.readOnly;
  if (problem !== undefined)
    throw new Failure(`${image.path}: can only be read: ${problem}`, { mend: mendReadOnly(image) });
  return image;
}

/** How a person goes on when a file system is mounted read-only. */
export function mendReadOnly({ path, files }: ImageFiles): string {
  return files.readOnly === "worn out"
    ? `get what is still needed with ristretto fs get, and go on with a new image`
    : `see that ${path} is this board's image, or delete it to begin with an empty one`;
}

async function boardOf({ flash, board }: ImageOptions, mayBeNew: boolean): Promise<BoardProfile> {
  const noted = forPeople(() => describeFlashImage(flash))?.board;
  if (!existsSync(flash) && !(mayBeNew && board !== undefined))
    throw new Failure(`${flash}: no such file`, {
      mend: mayBeNew ? "--board makes a new one for that board" : "ristretto run --flash makes one",
    });
  const name = board ?? noted;
  if (name === undefined)
    throw misuse(`${flash}: nothing beside it says which board's flash this is`, "name it with --board");
  return boardNamed(name);
}

/** The erases of an area's blocks, of those that the image counts region after region. */
function wearOf(geometry: FlashGeometry, area: FileArea, image: LoadedFlashImage): Uint32Array {
  let first = 0;
  for (const { address, bytes, blockBytes } of geometry.regions) {
    if (area.address >= address && area.address < address + bytes) {
      first += (area.address - address) / blockBytes;
      break;
    }
    first += bytes / blockBytes;
  }
  return image.wear.subarray(first, first + area.bytes / area.blockBytes);
}

/** The simulator's messages say already what, where, and how to mend it. */
function forPeople<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}
