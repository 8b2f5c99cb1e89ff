import { halError } from "../../contract/error.js";
import type { Flash } from "../../contract/flash.js";
import { freeAreas, largestFreeArea, openFlash } from "./flash.js";
import { reservedArea } from "./reserved-flash.js";

/** The file that sets pages aside in Storage for the file system. */
export const RESERVED_FILE = "ristretto";

/** Blocks that the file system needs at least (device/fs/DESIGN.md). */
export const LEAST_BLOCKS = 4;

/**
 * The flash that the board's file system lives in: the largest area outside Storage that has blocks enough, else the
 * pages that the flasher set aside inside Storage.
 * @throws HalError `Unsupported` when there is neither
 */
export function openFileFlash(): Flash {
  return openFlash(freeAreas(LEAST_BLOCKS)[0] || reservedArea(RESERVED_FILE) || refuse(NONE_RESERVED));
}

/** The same for a board that is known to have it outside Storage. */
export function openFreeFlash(): Flash {
  return openFlash(largestFreeArea() || refuse("flash: none outside Storage, build for this board"));
}

/** The same for a board that is known to have none outside Storage. */
export function openReservedFlash(): Flash {
  return openFlash(reservedArea(RESERVED_FILE) || refuse(NONE_RESERVED));
}

const NONE_RESERVED = "flash: none for files; `ristretto flash` sets it aside in Storage";

function refuse(message: string): never {
  throw halError("Unsupported", message);
}
