import { FlasherError } from "../error.js";
import { crc32 } from "../session/crc32.js";
import { BoardException, evaluate } from "../session/evaluate.js";
import type { Operation } from "../session/operation.js";
import { report, type Session } from "../session/session.js";
import { slotFile, slotFileBytes, type SlotName } from "./layout.js";
import type { FlashPlan } from "./plan.js";
import { codeCrc } from "./survey.js";

/** Bytes of code in one line: a multiple of 24, so that pieces stay aligned and base64 needs no padding. */
export const PIECE = 960;
/** CRCs asked for in one line. */
const RANGES = 24;
/** Milliseconds for a write that may have to look through all of Storage. */
const WRITE_TIMEOUT = 5000;

/**
 * Writes the code into the slot's file, and reads all of it back.
 * @throws FlasherError `storage-full`, `verify-failed`
 */
export function* transfer(session: Session, plan: FlashPlan, source: Uint8Array): Operation<void> {
  const file = slotFile(plan.slot);
  const pieces = cut(source);
  if (!plan.have) {
    yield* evaluate(session, `require("Storage").erase("${file}");1`, { timeout: WRITE_TIMEOUT });
  }
  const todo = pieces.filter((_, index) => !plan.have?.[index]);
  let done = source.length - todo.reduce((sum, piece) => sum + piece.bytes.length, 0);
  for (const { offset, bytes } of todo) {
    yield* report(session, { phase: "write", done, total: source.length });
    yield* writePiece(session, file, offset, plan.fileBytes, bytes);
    done += bytes.length;
  }
  yield* report(session, { phase: "verify", done, total: source.length });
  const crc = yield* codeCrc(session, file, source.length);
  const wanted = crc32(source);
  if (crc !== wanted) {
    throw new FlasherError(
      "verify-failed",
      `${session.port}: ${file} reads back with CRC ${hex(crc)} instead of ${hex(wanted)}`,
      "Flash again; if it stays, the board's flash is worn out there. The old program was left alone.",
    );
  }
}

/**
 * Writes bytes at an offset of a file and reads them back; does nothing where they are there already.
 * @param fileBytes size of the file, used when the offset is 0 and the file is made
 * @throws FlasherError `storage-full` when Storage refuses, `verify-failed` when they don't read back
 */
export function* writePiece(
  session: Session,
  file: string,
  offset: number,
  fileBytes: number,
  bytes: Uint8Array,
): Operation<void> {
  const base64 = Buffer.from(bytes).toString("base64");
  try {
    const written = yield* evaluate<number>(session, `$w("${file}",${offset},${fileBytes},"${base64}")`, {
      timeout: WRITE_TIMEOUT,
    });
    if (written === 1) return;
  } catch (error) {
    if (!(error instanceof BoardException)) throw error;
    if (/find or create/.test(error.message)) {
      throw new FlasherError(
        "storage-full",
        `${session.port}: Storage has no room for ${file} (${fileBytes} B)`,
        "Erase what you don't need, or flash with --compact.",
      );
    }
    if (!/already written/.test(error.message)) throw error;
  }
  throw new FlasherError(
    "verify-failed",
    `${session.port}: ${file} at ${offset} doesn't take what is written`,
    "Flash again: it begins that file anew. If it stays, the board's flash is worn out there.",
  );
}

interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

function cut(source: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  for (let offset = 0; offset < source.length; offset += PIECE) {
    pieces.push({ offset, bytes: source.subarray(offset, offset + PIECE) });
  }
  return pieces;
}

/**
 * Which pieces of the code an earlier, interrupted transfer left in the slot's file, by CRC.
 * @returns a flag a piece, or undefined when the file isn't the beginning of this very transfer, or a piece is torn
 */
export function* findPieces(session: Session, slot: SlotName, source: Uint8Array): Operation<boolean[] | undefined> {
  const file = slotFile(slot);
  const fileBytes = slotFileBytes(source.length);
  const length = yield* evaluate<number>(session, `(require("Storage").read("${file}")||"").length`);
  if (length !== fileBytes) return undefined;
  const pieces = cut(source);
  // What comes after the code must still be erased, up to the file's end.
  const ranges = [...pieces, { offset: source.length, bytes: new Uint8Array(fileBytes - source.length).fill(0xff) }];
  const found: number[] = [];
  for (let at = 0; at < ranges.length; at += RANGES) {
    const some = ranges.slice(at, at + RANGES).map(({ offset, bytes }) => [offset, bytes.length]);
    const crcs = yield* evaluate<number[]>(
      session,
      `${JSON.stringify(some)}.map(function(r){return E.CRC32(require("Storage").read("${file}",r[0],r[1]))})`,
      { timeout: WRITE_TIMEOUT },
    );
    found.push(...crcs);
  }
  const have = ranges.map(({ bytes }, index) => found[index] === crc32(bytes));
  const erased = ranges.map(({ bytes }, index) => found[index] === crc32(new Uint8Array(bytes.length).fill(0xff)));
  const usable =
    have[pieces.length] &&
    pieces.every((_, index) => have[index] || erased[index]) &&
    // Storage makes the file anew when its first byte is written and anything after it is there.
    (have[0] || !have.slice(1, -1).includes(true));
  return usable ? have.slice(0, -1) : undefined;
}

function hex(crc: number | undefined): string {
  return crc === undefined ? "none" : crc.toString(16).padStart(8, "0");
}
