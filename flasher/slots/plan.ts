import { FlasherError } from "../error.js";
import { crc32 } from "../session/crc32.js";
import {
  chooseSlot,
  newest,
  otherSlot,
  slotFile,
  slotFileBytes,
  type SlotName,
  type SlotState,
  type Trailer,
} from "./layout.js";
import { LOADER } from "./loader.js";
import { storedBytes } from "./storage-files.js";
import type { BootFile, Survey } from "./survey.js";

/** What a person may allow or demand. */
export interface FlashOptions {
  /** What `process.env.BOARD` must say; anything goes when absent. */
  readonly expectedBoard?: string;
  /** Replace boot code that isn't ours. */
  readonly force?: boolean;
  /** Let Storage move its files to make room, though a power cut during that may lose them. */
  readonly compact?: boolean;
  /** Erase all of Storage where the program's files need pages at its beginning. */
  readonly eraseStorage?: boolean;
}

/** What is to be flashed, as far as planning cares. */
export interface Program {
  readonly name: string;
  readonly source: Uint8Array;
  /**
   * How much of `source` the loader runs; all of it when absent. What follows (machine code) lies in the same file, and
   * the script itself holds it against a CRC.
   */
  readonly scriptBytes?: number;
  /** Whether it mounts a file system when it starts; not when absent. */
  readonly needsFiles?: boolean;
}

/** The part of a program that a slot's trailer tells of. */
export function scriptOf({ source, scriptBytes }: Program): Uint8Array {
  return source.subarray(0, scriptBytes ?? source.length);
}

/** What flashing is going to do. */
export interface FlashPlan {
  readonly slot: SlotName;
  readonly trailer: Trailer;
  /** Bytes of the slot's file. */
  readonly fileBytes: number;
  /** Nothing to write: the program that starts at the next boot is this one. */
  readonly present: boolean;
  /** Whether `.bootcde` has to be written. */
  readonly writeLoader: boolean;
  /** Boot files of the user's that go, since `force` was given. */
  readonly erase: readonly BootFile[];
  /** Which pieces of the code are there from an interrupted transfer; undefined when the file is made anew. */
  readonly have: readonly boolean[] | undefined;
  /** Whether Storage must be compacted first. */
  readonly compact: boolean;
}

/** What planning wants to know beyond the survey. */
export interface PlanFacts {
  /** Pieces that are in the target slot already (`findPieces`). */
  readonly have?: readonly boolean[];
  /** What takes the room in Storage, for the message when it is full. */
  readonly largest?: readonly { readonly name: string; readonly bytes: number }[];
}

/**
 * Decides from what is on the board; refuses before anything is changed.
 * @throws FlasherError `wrong-board`, `boot-code-present`, `compaction-needed`, `storage-full`
 */
export function planFlash(
  found: Survey,
  program: Program,
  options: FlashOptions,
  { have, largest = [] }: PlanFacts = {},
): FlashPlan {
  const { slots, foreign } = found;
  refuseWrongBoard(found, options);
  if (foreign.length > 0 && !options.force) throw bootCodePresent(foreign);

  const script = scriptOf(program);
  const crc = crc32(script);
  const starting = chooseSlot(slots);
  const present = isPresent(starting, program, crc);
  const slot = present ? starting!.slot : targetSlot(slots);
  const fileBytes = slotFileBytes(program.source.length);
  const newestSequence = Math.max(0, ...slots.map(({ trailer }) => trailer?.sequence ?? 0));
  const sequence = present ? starting!.trailer!.sequence : newestSequence + 1;
  const writeLoader = found.loader !== "current";
  const old = slots.find((state) => state.slot === slot);
  const needed = (present || have ? 0 : storedBytes(fileBytes)) + (writeLoader ? storedBytes(LOADER.length) : 0);
  const compact = needed > found.storage.free;
  if (compact) {
    const reclaimable =
      found.storage.trash +
      (old ? storedBytes(old.fileBytes) : 0) +
      foreign.reduce((sum, file) => sum + storedBytes(file.bytes), 0);
    if (needed > found.storage.free + reclaimable) throw storageFull(needed, found, reclaimable, largest);
    if (!options.compact) throw compactionNeeded(needed, found.storage.free);
  }
  return {
    slot,
    trailer: { sequence, bytes: script.length, crc, name: program.name },
    fileBytes,
    present,
    writeLoader,
    erase: foreign,
    have,
    compact,
  };
}

/** @throws FlasherError `wrong-board` */
export function refuseWrongBoard({ identity }: Survey, { expectedBoard }: FlashOptions): void {
  if (expectedBoard === undefined || identity.board === expectedBoard) return;
  throw new FlasherError(
    "wrong-board",
    `The image is for ${expectedBoard}, but the board says that it is ${identity.board}`,
    "Build for this board with --board, or give the port of the other one.",
  );
}

/** Whether the program that the next boot starts is this very one. */
function isPresent(starting: SlotState | undefined, program: Program, crc: number): boolean {
  const trailer = starting?.trailer;
  return trailer?.crc === crc && trailer.bytes === scriptOf(program).length && trailer.name === program.name;
}

/**
 * The slot that may be overwritten: not the newest program that has proved itself, or if none has, not the one that
 * the next boot starts.
 */
export function targetSlot(slots: readonly SlotState[]): SlotName {
  const proved = newest(slots.filter((slot) => slot.intact && slot.confirmed && !slot.rejected));
  const keep = proved ?? chooseSlot(slots);
  return keep ? otherSlot(keep.slot) : "a";
}

/** What the user would lose. */
function bootCodePresent(foreign: readonly BootFile[]): FlasherError {
  const list = foreign
    .map(({ name, bytes, begins }) => `${name} (${bytes} B${begins ? `, begins ${JSON.stringify(begins)}` : ""})`)
    .join(", ");
  return new FlasherError(
    "boot-code-present",
    `The board starts from code that isn't ours: ${list}`,
    "Save it if it matters, then flash with --force, which replaces it; other files in Storage stay.",
  );
}

function compactionNeeded(needed: number, free: number): FlasherError {
  return new FlasherError(
    "compaction-needed",
    `${needed} B are needed and ${free} B are free until Storage is compacted, and a power cut during that can lose every file`,
    "Make sure of the power and flash with --compact; it takes some seconds.",
  );
}

function storageFull(
  needed: number,
  { storage, slots }: Survey,
  reclaimable: number,
  largest: readonly { name: string; bytes: number }[],
): FlasherError {
  const ours = slots.map((slot) => slotFile(slot.slot));
  const others = largest.filter(({ name }) => !ours.includes(name)).map(({ name, bytes }) => `${name} ${bytes} B`);
  return new FlasherError(
    "storage-full",
    `Storage is full: ${needed} B are needed, ${storage.free + reclaimable} B of ${storage.total} B could be had`,
    others.length > 0
      ? `Erase what you don't need (require("Storage").erase(name)); the largest are ${others.join(", ")}.`
      : "Make the program smaller, or use a board with more flash.",
  );
}
