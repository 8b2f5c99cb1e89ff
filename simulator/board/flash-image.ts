import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { z } from "zod";
import type { FlashBacking } from "./flash-backing.js";
import { flashBlocks, flashBytes, type FlashGeometry } from "./nor-flash.js";

/** A flash in a file. Every operation is in the file before it returns, so that a killed process leaves what a power cut would. */
export interface FlashImage extends FlashBacking {
  /**
   * Closes the file; the flash mustn't be used any more.
   * @param powered for how long a board ran with it since it was opened, in microseconds of the board's time
   */
  close(powered?: number): void;
}

/** What `<image>.json` says beside an image: the layout that it was made with, and its history. */
const sidecarSchema = z.object({
  format: z.literal("ristretto flash image 1"),
  /** Id of the board profile. */
  board: z.string(),
  writeBytes: z.number().int().positive(),
  reprogrammable: z.boolean(),
  /** In the order in which they are in the image, without gaps. */
  regions: z.array(
    z.object({
      name: z.string(),
      address: z.number().int(),
      bytes: z.number().int().positive(),
      blockBytes: z.number().int().positive(),
    }),
  ),
  /** Erases of each block, in the order of the image. */
  wear: z.array(z.number().int().nonnegative()),
  /** For how long boards ran with it, in microseconds of their own time. */
  powered: z.number().nonnegative().default(0),
});

/** The sidecar's contents. */
export type FlashImageDescription = z.infer<typeof sidecarSchema>;

/** What a flash image holds, in memory: nothing that happens to it reaches the file until `saveFlashImage`. */
export interface LoadedFlashImage extends FlashBacking {
  /** What the file and its sidecar said of themselves; undefined when there was no file. */
  readonly stamp: string | undefined;
  /** For how long boards ran with it, in microseconds of their own time. */
  readonly powered: number;
}

/**
 * Opens an image, or makes one with every cell erased where there is no file.
 * The image is the raw bytes of every region, one after the other; wear is in the sidecar `<path>.json`.
 * @param board the profile's id
 * Throws an `Error` for a person when the file can't be used.
 */
export function openFlashImage(path: string, board: string, geometry: FlashGeometry): FlashImage {
  const isNew = !existsSync(path);
  const { cells, wear, powered } = loadFlashImage(path, board, geometry);
  if (isNew) writeFileSync(path, cells);
  const file = openSync(path, "r+");
  const saveHistory = (since: number) =>
    replaceFile(`${path}.json`, describe(board, geometry, { wear, powered: powered + since }), false);
  const saveWear = () => saveHistory(0);
  saveWear();
  return {
    cells,
    wear,
    cellsChanged: (offset, length) => {
      for (let done = 0; done < length;) done += writeSync(file, cells, offset + done, length - done, offset + done);
    },
    wearChanged: saveWear,
    close: (since = 0) => {
      saveHistory(since);
      closeSync(file);
    },
  };
}

/**
 * Reads an image into memory, erased cells where there is no file, and writes nothing.
 * @param board the profile's id
 * Throws an `Error` for a person when the file can't be used.
 */
export function loadFlashImage(path: string, board: string, geometry: FlashGeometry): LoadedFlashImage {
  const bytes = flashBytes(geometry);
  const wear = new Uint32Array(flashBlocks(geometry));
  const unchanged = { cellsChanged: () => {}, wearChanged: () => {} };
  const stamp = stampOf(path);
  if (stamp === undefined) return { cells: new Uint8Array(bytes).fill(0xff), wear, stamp, powered: 0, ...unchanged };
  const sidecar = describeFlashImage(path);
  // A plain Uint8Array: a Buffer from the pool would share its memory.
  const cells = new Uint8Array(readFileSync(path));
  if (cells.length !== bytes) {
    const made = sidecar ? `it was made for ${sidecar.board}` : "it was made for another board";
    throw new Error(
      `${path} has ${cells.length} bytes, but ${board} has ${bytes} bytes of flash: ${made}; name that board or another file`,
    );
  }
  if (sidecar) {
    if (JSON.stringify(sidecar.regions) !== JSON.stringify(plainRegions(geometry)))
      throw new Error(`${path} is laid out for ${sidecar.board}, not for ${board}; name that board or another file`);
    wear.set(sidecar.wear.slice(0, wear.length));
  }
  return { cells, wear, stamp, powered: sidecar?.powered ?? 0, ...unchanged };
}

/**
 * Puts a loaded image in the place of its file, whole: whatever stops this leaves the old one or the new one.
 * Throws an `Error` for a person when the file isn't the one that was loaded any more.
 */
export function saveFlashImage(path: string, board: string, geometry: FlashGeometry, image: LoadedFlashImage): void {
  if (stampOf(path) !== image.stamp)
    throw new Error(`${path} was changed by another program meanwhile, and is left as it is; end that, then try again`);
  replaceFile(path, image.cells);
  replaceFile(`${path}.json`, describe(board, geometry, image));
}

function stampOf(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  return status && `${status.ino} ${status.size} ${status.mtimeMs}`;
}

/** Writes beside the file and renames, so that it is never half there. A link stays one. */
function replaceFile(path: string, contents: Uint8Array | string, flush = true): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const mode = statSync(target, { throwIfNoEntry: false })?.mode;
  writeFileSync(`${target}.new`, contents, { mode, flush });
  renameSync(`${target}.new`, target);
}

function plainRegions(geometry: FlashGeometry): FlashImageDescription["regions"] {
  return geometry.regions.map(({ name, address, bytes, blockBytes }) => ({ name, address, bytes, blockBytes }));
}

function describe(
  board: string,
  geometry: FlashGeometry,
  { wear, powered }: Pick<LoadedFlashImage, "wear" | "powered">,
): string {
  const description: FlashImageDescription = {
    format: "ristretto flash image 1",
    board,
    writeBytes: geometry.writeBytes,
    reprogrammable: geometry.reprogrammable,
    regions: plainRegions(geometry),
    wear: [...wear],
    powered: Math.round(powered),
  };
  return JSON.stringify(description) + "\n";
}

/**
 * What the sidecar of an image says; undefined when there is none.
 * Throws an `Error` for a person when it can't be understood.
 */
export function describeFlashImage(path: string): FlashImageDescription | undefined {
  const sidecar = `${path}.json`;
  if (!existsSync(sidecar)) return undefined;
  const mend = "delete it to go on with a wear of 0";
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(sidecar, "utf8"));
  } catch (error) {
    throw new Error(`${sidecar} isn't JSON (${(error as Error).message}); ${mend}`);
  }
  const result = sidecarSchema.safeParse(parsed);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${sidecar}: ${issue.path.join(".") || "top level"}: ${issue.message}; ${mend}`);
}
