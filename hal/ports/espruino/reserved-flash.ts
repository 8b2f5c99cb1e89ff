import { halError } from "../../contract/error.js";
import { storageStart } from "./flash.js";
import type { NativeArea } from "./flash.js";
import type { NativeFlash, NativeStorage } from "./natives.js";

declare function require(name: "Flash"): NativeFlash;
declare function require(name: "Storage"): NativeStorage;

/**
 * Pages inside Storage, for boards whose `getFree()` has none to give (RP2040: only Storage can be written at all).
 *
 * They are the inside of a file, the first in Storage. Its header takes the first page; the file ends at the end of a
 * page, so that the next header begins one: Espruino's compaction starts at a page that begins with a header and has
 * something deleted after it (`lastUnbrokenPageStart` in src/jsflash.c), hence never rewrites these pages.
 */
const HEADER_BYTES = 32;
const NAME_OFFSET = 4;

/**
 * How many bytes of pages a file sets aside, going by its header.
 * @param header the first 32 bytes of Storage
 * @param name at most 27 bytes, one char each
 * @param page bytes of Storage's pages
 * @returns undefined when the header isn't that of a file of that name that was laid out for this
 */
export function reservedBytes(header: Uint8Array, name: string, page: number): number | undefined {
  var text = String.fromCharCode.apply(null, header as unknown as number[]);
  var end = (header[0] | (header[1] << 8) | (header[2] << 16)) + HEADER_BYTES;
  return end % page || text.substr(NAME_OFFSET, name.length + 1) !== name + "\0" ? undefined : end - page;
}

/**
 * The size of the file that sets pages aside.
 * @param bytes wanted at least; one page more goes to the header
 * @param page bytes of Storage's pages
 */
export function reservedFileBytes(bytes: number, page: number): number {
  return Math.ceil(bytes / page + 1) * page - HEADER_BYTES;
}

/**
 * The pages that `reserveFlash`, or the flasher, set aside.
 * @param name at most 28 bytes
 * @returns undefined when Storage doesn't begin with a file of that name that was laid out for this
 */
export function reservedArea(name: string): NativeArea | undefined {
  var start = storageStart();
  if (start === undefined) return undefined;
  var chip = require("Flash");
  var page = chip.getPage(start)!.length;
  var length = reservedBytes(chip["read"](HEADER_BYTES, start), name, page);
  return length === undefined ? undefined : { addr: start + page, length: length };
}

/**
 * Sets pages aside at the beginning of Storage. Storage must be empty, since files don't make room.
 * @param name of the file, at most 28 bytes
 * @param bytes wanted at least; one page more goes to the header
 * @throws HalError `Unsupported` when the interpreter doesn't tell where Storage is, `Other` when Storage isn't empty,
 * `OutOfBounds` when it is too small
 */
export function reserveFlash(name: string, bytes: number): NativeArea {
  var storage = require("Storage");
  var start = storageStart();
  if (start === undefined) throw halError("Unsupported", "flash: where Storage is can't be told");
  if (storage.list().length) throw halError("Other", "flash: erase Storage first, it isn't empty");
  storage.eraseAll();
  var size = reservedFileBytes(bytes, require("Flash").getPage(start)!.length);
  if (!storage["write"](name, "\xff", 0, size)) throw halError("OutOfBounds", "flash: Storage is smaller than that");
  return reservedArea(name)!;
}
