/**
 * What a slot looks like in Espruino's Storage, byte by byte. The loader (loader.ts) reads it on the board, this file
 * on the host; docs/flashing.md draws it.
 *
 * code | machine code, if any | 0xFF up to a multiple of 8 | trailer: 8 hex digits of CRC, 72 chars of JSON | 8 cells of 8 bytes
 */
import { crc32 } from "../session/crc32.js";

/** One of the two places for an image. */
export type SlotName = "a" | "b";

export const SLOT_NAMES: readonly SlotName[] = ["a", "b"];

/** Storage file of a slot. No dot in it: on boards with two flash banks that puts it where code can stay in flash. */
export function slotFile(slot: SlotName): string {
  return `ristretto-${slot}`;
}

/** The slot beside this one. */
export function otherSlot(slot: SlotName): SlotName {
  return slot === "a" ? "b" : "a";
}

/** First word of a trailer, and the version of this layout. */
export const MAGIC = "ristretto";
export const LAYOUT_VERSION = 1;
/** Chars of the trailer's CRC and of its JSON. */
const CRC_CHARS = 8;
const JSON_CHARS = 72;
export const TRAILER_BYTES = CRC_CHARS + JSON_CHARS;
/** Cells are programmed once each, so they lie 8 bytes apart: some parts program and guard 8 bytes at a time. */
export const CELL_BYTES = 8;
const CELLS = 8;
/** What follows the code: the trailer and the cells. */
export const FOOTER_BYTES = TRAILER_BYTES + CELLS * CELL_BYTES;
/** Boots that a program gets to prove itself. */
export const BOOTS = 3;
/** Cells by meaning; boots take cells 2, 3 and 4. */
export const CELL = { confirmed: 0, rejected: 1, firstBoot: 2 } as const;

/** Bytes of a slot's file for so many bytes of code. */
export function slotFileBytes(codeBytes: number): number {
  return Math.ceil(codeBytes / 8) * 8 + FOOTER_BYTES;
}

/** Offset in the file of the trailer. */
export function trailerOffset(fileBytes: number): number {
  return fileBytes - FOOTER_BYTES;
}

/** Offset in the file of a cell. */
export function cellOffset(fileBytes: number, cell: number): number {
  return trailerOffset(fileBytes) + TRAILER_BYTES + cell * CELL_BYTES;
}

/** What a trailer says. */
export interface Trailer {
  /** The higher, the newer. */
  readonly sequence: number;
  /** Bytes of code. */
  readonly bytes: number;
  /** CRC-32 of the code. */
  readonly crc: number;
  /** The image's name. */
  readonly name: string;
}

/** The trailer's text, one byte a char, `TRAILER_BYTES` long. */
export function encodeTrailer({ sequence, bytes, crc, name }: Trailer): string {
  const json = JSON.stringify([MAGIC, LAYOUT_VERSION, sequence, bytes, crc, name]).padEnd(JSON_CHARS);
  if (json.length > JSON_CHARS) throw new RangeError(`the name "${name}" does not fit into a slot's trailer`);
  return crc32(json).toString(16).padStart(CRC_CHARS, "0") + json;
}

/** What a slot is in. */
export interface SlotState {
  readonly slot: SlotName;
  /** Bytes of the file. */
  readonly fileBytes: number;
  /** Undefined where the trailer is missing or garbled: a transfer that didn't end. */
  readonly trailer?: Trailer;
  /** Whether the code's CRC is the trailer's. */
  readonly intact: boolean;
  readonly confirmed: boolean;
  readonly rejected: boolean;
  /** Boots counted while unconfirmed, at most `BOOTS`. */
  readonly boots: number;
}

/**
 * Reads a slot's end.
 * @param footer the file's last `FOOTER_BYTES`, one char a byte
 * @param codeCrc CRC-32 of the file's first so many bytes, as the board computed it
 */
export function decodeSlot(
  slot: SlotName,
  fileBytes: number,
  footer: string,
  codeCrc: (bytes: number) => number | undefined,
): SlotState {
  const trailer = decodeTrailer(footer);
  const programmed = (cell: number): boolean => footer[TRAILER_BYTES + cell * CELL_BYTES] !== "\xff";
  let boots = 0;
  while (boots < BOOTS && programmed(CELL.firstBoot + boots)) boots++;
  return {
    slot,
    fileBytes,
    ...(trailer ? { trailer } : {}),
    intact: trailer !== undefined && codeCrc(trailer.bytes) === trailer.crc,
    confirmed: programmed(CELL.confirmed),
    rejected: programmed(CELL.rejected),
    boots,
  };
}

function decodeTrailer(footer: string): Trailer | undefined {
  const json = footer.slice(CRC_CHARS, TRAILER_BYTES);
  const crcText = footer.slice(0, CRC_CHARS);
  if (!/^[0-9a-f]{8}$/.test(crcText) || parseInt(crcText, 16) !== crc32(json)) return undefined;
  const [magic, version, sequence, bytes, crc, name] = JSON.parse(json) as [
    string,
    number,
    number,
    number,
    number,
    string,
  ];
  return magic === MAGIC && version === LAYOUT_VERSION ? { sequence, bytes, crc, name } : undefined;
}

/**
 * Which slot the loader starts: of those that are whole and not rejected the newest that is confirmed or has boots
 * left, else the newest. The same rule as in loader.ts; a test holds them together.
 */
export function chooseSlot(slots: readonly SlotState[]): SlotState | undefined {
  const whole = slots.filter((slot) => slot.intact && !slot.rejected);
  const eligible = whole.filter((slot) => slot.confirmed || slot.boots < BOOTS);
  return newest(eligible.length > 0 ? eligible : whole);
}

/** The slot with the highest sequence. */
export function newest(slots: readonly SlotState[]): SlotState | undefined {
  return slots.reduce<SlotState | undefined>(
    (best, slot) => (best && best.trailer!.sequence >= slot.trailer!.sequence ? best : slot),
    undefined,
  );
}
