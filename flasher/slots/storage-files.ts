import { RESERVED_FILE } from "../../device/image/file-place.js";
import { crc32 } from "../session/crc32.js";
import { encodeTrailer, slotFile, slotFileBytes, trailerOffset } from "./layout.js";
import { LOADER } from "./loader.js";
import { type Program, scriptOf } from "./plan.js";

/** A file of Espruino's Storage. */
export interface StorageFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Storage's header in front of each file, bytes. */
const HEADER_BYTES = 32;

/** Bytes that a file takes in Storage, header and alignment included. */
export function storedBytes(fileBytes: number): number {
  return Math.ceil(fileBytes / 8) * 8 + HEADER_BYTES;
}

/**
 * What flashing an empty board leaves in its Storage, for boards whose flash can be written without a line: slot a with
 * the program, not proved yet, and the loader.
 */
export function storageFiles(program: Program): StorageFile[] {
  const { name, source } = program;
  const script = scriptOf(program);
  const slot = new Uint8Array(slotFileBytes(source.length)).fill(0xff);
  slot.set(source);
  const trailer = encodeTrailer({ sequence: 1, bytes: script.length, crc: crc32(script), name });
  slot.set(Buffer.from(trailer, "latin1"), trailerOffset(slot.length));
  return [
    { name: slotFile("a"), bytes: slot },
    { name: ".bootcde", bytes: new Uint8Array(Buffer.from(LOADER, "latin1")) },
  ];
}

/**
 * The file that sets pages aside for the file system, as flashing makes it: erased, and the first in Storage.
 * @param fileBytes its size, as `filePlace` (device/image) gives it
 */
export function reservedFile(fileBytes: number): StorageFile {
  return { name: RESERVED_FILE, bytes: new Uint8Array(fileBytes).fill(0xff) };
}
