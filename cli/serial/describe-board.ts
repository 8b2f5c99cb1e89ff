import type { BoardInfo } from "../../flasher/index.js";

/** What `info` tells a person. */
export function describeBoard(board: BoardInfo): string {
  const { identity, storage, slots, starts, foreign } = board;
  const lines = [
    `${identity.board}, Espruino ${identity.version}, prompt on ${identity.console || "an unnamed device"}`,
    `Storage: ${storage.free} B free of ${storage.total} B, ${storage.trash} B to be had by compaction`,
  ];
  for (const { slot, trailer, intact, confirmed, rejected } of slots) {
    const state = rejected ? "rejected" : !intact ? "damaged" : confirmed ? "proved itself" : "not proved yet";
    const program = trailer ? `${trailer.name}, ${trailer.bytes} B, number ${trailer.sequence}, ${state}` : "empty";
    lines.push(`slot ${slot}: ${program}${slot === starts ? "; starts at the next boot" : ""}`);
  }
  for (const { name, bytes } of foreign) lines.push(`boot code that isn't ours: ${name}, ${bytes} B`);
  return lines.join("\n") + "\n";
}
