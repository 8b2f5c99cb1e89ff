import type { FlashArea } from "../../hal/boards/profile.js";
import { LEAST_BLOCKS, RESERVED_FILE } from "../../hal/ports/espruino/file-flash.js";
import { reservedBytes, reservedFileBytes } from "../../hal/ports/espruino/reserved-flash.js";
import { CALLS, MODULE } from "../wasi/calls.js";
import type { Grants } from "./grants.js";

export { RESERVED_FILE };

/** A board's flash as far as it matters for files; a `BoardProfile`'s `flash` is one. */
export interface BoardFlash {
  /** Erase unit in bytes of areas that don't name another. */
  readonly blockBytes: number;
  /** Espruino's Storage. */
  readonly storage: FlashArea;
  /** Flash that nothing uses. */
  readonly free: readonly FlashArea[];
}

/** Where the file system lives on a board. */
export type FilePlace =
  /** In an area outside Storage. */
  | { readonly kind: "free"; readonly area: FlashArea }
  /** In pages set aside inside Storage, by a file of so many bytes at its beginning (`hal/ports/espruino/reserved-flash.ts`). */
  | { readonly kind: "reserved"; readonly area: FlashArea; readonly fileBytes: number };

/** What of Storage goes to files where there is nothing else for them: a quarter leaves room for two programs. */
const SHARE_OF_STORAGE = 1 / 4;

/**
 * Where files live on a board: in the largest area outside Storage that has blocks enough, else inside Storage if that
 * has pages enough. The same rule as `openFileFlash` follows on the board.
 * @returns undefined when there is no room for a file system
 */
export function filePlace(flash: BoardFlash): FilePlace | undefined {
  const blockOf = (area: FlashArea): number => area.blockBytes ?? flash.blockBytes;
  const [largest] = flash.free
    .filter((area) => area.bytes >= LEAST_BLOCKS * blockOf(area))
    .sort((a, b) => b.bytes - a.bytes);
  if (largest) return { kind: "free", area: largest };
  const page = blockOf(flash.storage);
  const pages = Math.floor((flash.storage.bytes / page) * SHARE_OF_STORAGE);
  // The first of them has the file's header.
  const bytes = (pages - 1) * page;
  if (bytes < LEAST_BLOCKS * page) return undefined;
  return {
    kind: "reserved",
    area: { address: flash.storage.address + page, bytes, blockBytes: page },
    fileBytes: reservedFileBytes(bytes, page),
  };
}

/** Bytes of Storage that tell whether pages in it are set aside: the header of its first file. */
export const RESERVED_HEADER_BYTES = 32;

/**
 * The pages that a board has set aside in its Storage for files.
 * @param header the first `RESERVED_HEADER_BYTES` of Storage
 * @returns undefined when none are
 */
export function reservedPlace({ blockBytes, storage }: BoardFlash, header: Uint8Array): FlashArea | undefined {
  const page = storage.blockBytes ?? blockBytes;
  const bytes = reservedBytes(header, RESERVED_FILE, page);
  return bytes === undefined ? undefined : { address: storage.address + page, bytes, blockBytes: page };
}

/** Whether a module with these imports can reach what it is granted at all. */
export function reachesGrants(imports: readonly { readonly module: string; readonly name: string }[]): boolean {
  return imports.some(({ module, name }) => module === MODULE && CALLS[name]?.needsGrant);
}

/** Whether a program keeps files on the board: it is granted a directory, and imports a call that reaches it. */
export function needsFiles(
  imports: readonly { readonly module: string; readonly name: string }[],
  grants: Grants,
): boolean {
  return grants.dirs.length > 0 && reachesGrants(imports);
}
