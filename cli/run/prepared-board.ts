import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { mountFileSystem } from "../../device/fs/mount.js";
import { DIRECTORY, REGULAR_FILE, ROOT } from "../../device/fs/file-system.js";
import type { FileSystem } from "../../device/fs/file-system.js";
import type { Grants } from "../../device/image/grants.js";
import { flashGeometry, memoryBacking, openFlashImage, SimulatedBoard } from "../../simulator/board/index.js";
import type { FlashBacking, FlashImage } from "../../simulator/board/index.js";
import { VirtualClock } from "../../simulator/core/virtual-clock.js";
import { crc32 } from "../../simulator/engine/crc32.js";
import { attachParts } from "../../simulator/scenario/index.js";
import { Failure } from "../failure.js";
import { fileArea, provideFileArea } from "../files/file-area.js";
import { flashSnapshot } from "../files/flash-snapshot.js";
import { readWholeFile } from "../files/read-file.js";
import { unreadable } from "../source/program.js";
import type { Run } from "./run-project.js";
import { startScenario } from "./scenario.js";
import type { GuestScenario } from "./scenario.js";

/** A board on the desk, ready for a guest. */
export interface PreparedBoard {
  readonly board: SimulatedBoard;
  readonly time: VirtualClock;
  /** Its file system, mounted; undefined when the guest is granted no directory. */
  readonly files: FileSystem | undefined;
  readonly scenario: GuestScenario | undefined;
  /** Closes the flash image. */
  close(): void;
}

/** Makes the board that a run is to happen on: flash from its image, parts that are soldered on, folders copied in. */
export function prepareBoard(run: Run, grants: Grants): PreparedBoard {
  const profile = run.project.board;
  const time = new VirtualClock();
  const geometry = flashGeometry(profile);
  const image = run.flashPath === undefined ? undefined : openImage(run.flashPath, run);
  const backing = image ?? memoryBacking(geometry);
  const board = new SimulatedBoard({
    profile,
    clock: time,
    seed: run.seed,
    epochMicroseconds: run.epochMicroseconds,
    flash: backing,
  });
  const parts = attachParts(run.scenario ?? { parts: [] }, board);
  const files = grants.dirs.length > 0 ? mountFiles(board, backing) : undefined;
  if (files) for (const { host, guest } of run.copies) copyIn(files, host, placeOf(grants, guest));
  const readFile = (path: string): Uint8Array | undefined => {
    const area = fileArea(profile, backing);
    if (!area) return undefined;
    const snapshot = flashSnapshot(board.flash.geometry, area, backing.cells);
    return readWholeFile(
      mountFileSystem(snapshot, crc32, () => 0),
      path,
    );
  };
  const scenario = run.scenario && startScenario(run.scenario, board, parts, readFile);
  return { board, time, files, scenario, close: () => image?.close(time.now()) };
}

function openImage(path: string, run: Run): FlashImage {
  try {
    return openFlashImage(path, run.project.board.id, flashGeometry(run.project.board));
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}

/** @throws Failure when the board has no flash for files */
function mountFiles(board: SimulatedBoard, backing: FlashBacking): FileSystem {
  const area = provideFileArea(board.profile, board.flash, backing);
  const files = mountFileSystem(board.flash.window(area.address, area.bytes), crc32, () => board.realtime());
  if (files.readOnly !== undefined)
    process.stderr.write(`ristretto: warning: the files of ${board.profile.id} can only be read: ${files.readOnly}\n`);
  return files;
}

/** The file system's directory that a guest's path means. */
function placeOf(grants: Grants, guest: string): string {
  const [grant] = grants.dirs
    .filter(({ path }) => path === "/" || guest === path || guest.startsWith(`${path}/`))
    .sort((a, b) => b.path.length - a.path.length);
  const rest = grant.path === "/" ? guest : guest.slice(grant.path.length);
  return `${grant.directory}/${rest}`;
}

/** Copies a folder's contents, or one file, to a directory. */
function copyIn(files: FileSystem, host: string, place: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(host).isDirectory();
  } catch (error) {
    throw unreadable(host, error);
  }
  const target = place
    .split("/")
    .reduce((node, part) => (part ? makeEntry(files, node, part, DIRECTORY, host) : node), ROOT);
  if (isFolder) copyFolder(files, host, target);
  else copyFile(files, host, target, host.split(/[\\/]/).pop()!);
}

function copyFolder(files: FileSystem, host: string, target: number): void {
  for (const entry of readdirSync(host, { withFileTypes: true })) {
    const path = join(host, entry.name);
    const name = Buffer.from(entry.name, "utf8").toString("latin1");
    if (entry.isDirectory()) copyFolder(files, path, makeEntry(files, target, name, DIRECTORY, path));
    else if (entry.isFile()) copyFile(files, path, target, name);
  }
}

function copyFile(files: FileSystem, host: string, target: number, name: string): void {
  const bytes = new Uint8Array(readFileSync(host));
  const node = makeEntry(files, target, name, REGULAR_FILE, host);
  const failed = [
    () => files.truncate(node, 0),
    () => Math.min(0, files.write(node, 0, bytes, 0, bytes.length) - bytes.length),
    () => files.sync(node),
  ].some((step) => step() < 0);
  if (failed)
    throw new Failure(`${host}: ${bytes.length} B don't fit the board's file system (${files.space().free} B free)`, {
      mend: "copy less, or use a board with more flash",
    });
}

function makeEntry(files: FileSystem, directory: number, name: string, kind: 3 | 4, host: string): number {
  const found = files.lookup(directory, name);
  const node = found < 0 ? files.create(directory, name, kind) : found;
  const status = node < 0 ? node : files.stat(node);
  if (typeof status === "number" || status.kind !== kind)
    throw new Failure(`${host}: can't be copied to the board's file system${node < 0 ? ` (errno ${-node})` : ""}`, {
      mend: "see that nothing of that name is there already, and that it fits",
    });
  return node;
}
