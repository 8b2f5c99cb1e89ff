import { halError } from "../../contract/error.js";
import type { Flash } from "../../contract/flash.js";
import { freeAreas, openFlash } from "./flash.js";
import { reservedArea } from "./reserved-flash.js";

/** The file that sets pages aside in Storage for the file system. */
export const RESERVED_FILE = "ristretto";

/** Blocks that the file system needs at least (device/fs/DESIGN.md). */
export const LEAST_BLOCKS = 4;

/**
 * The flash that the board's file system lives in: the largest area outside Storage if it has blocks enough, else the
 * pages that the flasher set aside inside Storage.
 * @throws HalError `Unsupported` when there is neither
 */
export function openFileFlash(): Flash {
  var area = freeAreas()[0];
  if (area) {
    var flash = openFlash(area);
    if (flash.size >= LEAST_BLOCKS * flash.blockSize) return flash;
  }
  var reserved = reservedArea(RESERVED_FILE);
  if (!reserved) throw halError("Unsupported", "flash: none for files; `ristretto flash` sets it aside in Storage");
  return openFlash(reserved);
}
