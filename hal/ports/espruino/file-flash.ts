import { halError } from "../../contract/error.js";
import type { Flash } from "../../contract/flash.js";
import { freeAreas, openFlash } from "./flash.js";
import { reservedArea } from "./reserved-flash.js";

/** The file that sets pages aside in Storage for the file system. */
export const RESERVED_FILE = "ristretto";

/**
 * The flash that the board's file system lives in: the largest area outside Storage if it has two blocks or more, else
 * the pages set aside inside Storage. A log needs a second block to copy to before it erases the first.
 * @throws HalError `Unsupported` when there is neither
 */
export function openFileFlash(): Flash {
  var area = freeAreas()[0];
  if (area) {
    var flash = openFlash(area);
    if (flash.size > flash.blockSize) return flash;
  }
  var reserved = reservedArea(RESERVED_FILE);
  if (!reserved)
    throw halError("Unsupported", "flash: none outside Storage; set some aside with reserveFlash, in an empty Storage");
  return openFlash(reserved);
}
