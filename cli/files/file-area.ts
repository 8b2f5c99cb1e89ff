import type { FlashGeometry, FlashRegion } from "../../simulator/board/index.js";

/**
 * Where a board's file system lives: the largest area outside Storage that has two blocks or more, as
 * `hal/ports/espruino/file-flash.ts` chooses it on the board. Undefined when there is none.
 */
export function fileArea(geometry: FlashGeometry): FlashRegion | undefined {
  return geometry.regions
    .filter((region) => region.name === "free" && region.bytes >= 2 * region.blockBytes)
    .sort((a, b) => b.bytes - a.bytes)[0];
}
