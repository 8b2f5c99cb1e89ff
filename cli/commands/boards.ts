import { Command } from "commander";
import type { FilePlace } from "../../device/image/file-place.js";

/** `ristretto boards` */
export function boardsCommand(): Command {
  return new Command("boards")
    .description("the boards that are known, with RAM, flash and engines")
    .argument("[board]", "show everything about this one, as JSON")
    .option("--json", "as JSON: a list of profiles, or one profile")
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      const { boards } = await import("../../hal/boards/index.js");
      const { boardNamed } = await import("../board-named.js");
      const { filePlace } = await import("../../device/image/file-place.js");
      const { table } = await import("../table.js");
      if (name !== undefined) {
        const board = await boardNamed(name);
        process.stdout.write(JSON.stringify(board, undefined, 2) + "\n");
        return;
      }
      if (options.json) {
        process.stdout.write(JSON.stringify(boards, undefined, 2) + "\n");
        return;
      }
      const fileSystem = (place: FilePlace | undefined): string =>
        place ? `${kilobytes(place.area.bytes)}${place.kind === "reserved" ? " of Storage" : ""}` : "none";
      const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024)} KB`;
      const rows = boards.map((board) => [
        board.id,
        board.name,
        `${board.processor.name} ${board.processor.hertz / 1e6} MHz`,
        `${kilobytes(board.memory.jsVars * board.memory.jsVarBytes)} (${board.memory.jsVars} vars)`,
        kilobytes(board.flash.storage.bytes),
        fileSystem(filePlace(board.flash)),
        board.engines.join(", "),
      ]);
      const head = ["BOARD", "NAME", "PROCESSOR", "RAM FOR PROGRAMS", "STORAGE", "FILE SYSTEM", "ENGINES"];
      process.stdout.write(table([head, ...rows]) + "\n");
    });
}
