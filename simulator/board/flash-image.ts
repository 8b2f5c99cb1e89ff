import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { z } from "zod";
import type { FlashBacking } from "./flash-backing.js";
import { flashBlocks, flashBytes, type FlashGeometry } from "./nor-flash.js";

/** A flash in a file. Every operation is in the file before it returns, so that a killed process leaves what a power cut would. */
export interface FlashImage extends FlashBacking {
  /** Closes the file; the flash mustn't be used any more. */
  close(): void;
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
});

/** The sidecar's contents. */
export type FlashImageDescription = z.infer<typeof sidecarSchema>;

/**
 * Opens an image, or makes one with every cell erased where there is no file.
 * The image is the raw bytes of every region, one after the other; wear is in the sidecar `<path>.json`.
 * @param board the profile's id
 * Throws an `Error` for a person when the file can't be used.
 */
export function openFlashImage(path: string, board: string, geometry: FlashGeometry): FlashImage {
  const bytes = flashBytes(geometry);
  const regions = geometry.regions.map(({ name, address, bytes, blockBytes }) => ({
    name,
    address,
    bytes,
    blockBytes,
  }));
  const sidecar = describeFlashImage(path);
  const isNew = !existsSync(path);
  if (isNew) writeFileSync(path, new Uint8Array(bytes).fill(0xff));
  // A plain Uint8Array: a Buffer from the pool would share its memory.
  const cells = new Uint8Array(readFileSync(path));
  if (cells.length !== bytes) {
    const made = sidecar ? `it was made for ${sidecar.board}` : "it was made for another board";
    throw new Error(
      `${path} has ${cells.length} bytes, but ${board} has ${bytes} bytes of flash: ${made}; name that board or another file`,
    );
  }
  const wear = new Uint32Array(flashBlocks(geometry));
  if (sidecar && !isNew) {
    if (JSON.stringify(sidecar.regions) !== JSON.stringify(regions))
      throw new Error(`${path} is laid out for ${sidecar.board}, not for ${board}; name that board or another file`);
    wear.set(sidecar.wear.slice(0, wear.length));
  }
  const file = openSync(path, "r+");
  const saveWear = () => {
    const description: FlashImageDescription = {
      format: "ristretto flash image 1",
      board,
      writeBytes: geometry.writeBytes,
      reprogrammable: geometry.reprogrammable,
      regions,
      wear: [...wear],
    };
    // Renamed into place, so that it is never half there.
    writeFileSync(`${path}.json.new`, JSON.stringify(description) + "\n");
    renameSync(`${path}.json.new`, `${path}.json`);
  };
  saveWear();
  return {
    cells,
    wear,
    cellsChanged: (offset, length) => {
      for (let done = 0; done < length;) done += writeSync(file, cells, offset + done, length - done, offset + done);
    },
    wearChanged: saveWear,
    close: () => closeSync(file),
  };
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
