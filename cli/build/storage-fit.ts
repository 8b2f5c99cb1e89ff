import type { Finding } from "../../device/image/check-program.js";
import { filePlace } from "../../device/image/file-place.js";
import type { Image } from "../../device/image/image.js";
import { storageFiles, storedBytes } from "../../flasher/index.js";
import { boards } from "../../hal/boards/index.js";
import type { BoardProfile } from "../../hal/boards/profile.js";

/** What of a board's Storage an image takes, in bytes, headers included. */
export interface StorageNeed {
  /** The slot with the program. */
  readonly program: number;
  /** The loader, and pages set aside for files on boards that have no other flash for them. */
  readonly beside: number;
  /** Storage in all. */
  readonly total: number;
}

/** What flashing an image onto an empty board takes of its Storage. */
export function storageNeed(image: Image, { flash }: BoardProfile): StorageNeed {
  const [program, ...others] = storageFiles(image).map(({ bytes }) => storedBytes(bytes.length));
  const place = image.needsFiles ? filePlace(flash) : undefined;
  const reserved = place?.kind === "reserved" ? storedBytes(place.fileBytes) : 0;
  return { program, beside: others.reduce((sum, bytes) => sum + bytes, reserved), total: flash.storage.bytes };
}

/**
 * Whether an image fits a board's Storage, and whether the next version will fit beside it, as the flasher wants it.
 * @returns at most one finding
 */
export function checkStorage(image: Image, board: BoardProfile): Finding[] {
  const { program, beside, total } = storageNeed(image, board);
  if (program + beside > total) {
    const others = boards.filter((other) => {
      const need = storageNeed(image, other);
      return need.program + need.beside <= need.total && (!image.needsFiles || filePlace(other.flash));
    });
    return [
      {
        severity: "problem",
        message: `takes ${program} B of Storage, and ${board.id} has ${total - beside} B for it (${total} B less ${beside} B for ${besideWhat(image, board)})`,
        mend: `compile for size (clang -Oz; Rust opt-level = "z", lto = true, panic = "abort"), or use a board with more: ${others.map(({ id }) => id).join(", ") || "none that is known has enough"}`,
      },
    ];
  }
  if (2 * program + beside <= total) return [];
  return [
    {
      severity: "warning",
      message: `takes ${program} B of the ${total - beside} B of Storage that ${board.id} has for programs: the next version doesn't fit beside it`,
      mend: `to flash that, erase this one first: require("Storage").erase("ristretto-a") at the board's prompt; up to ${Math.floor((total - beside) / 2)} B both fit`,
    },
  ];
}

function besideWhat(image: Image, { flash }: BoardProfile): string {
  return image.needsFiles && filePlace(flash)?.kind === "reserved" ? "the loader and files" : "the loader";
}
