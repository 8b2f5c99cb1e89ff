import { evaluate } from "../session/evaluate.js";
import { identify, type BoardIdentity } from "../session/identify.js";
import type { Operation } from "../session/operation.js";
import { report, type Session } from "../session/session.js";
import { crc32 } from "../session/crc32.js";
import { decodeSlot, FOOTER_BYTES, SLOT_NAMES, slotFile, type SlotState } from "./layout.js";
import { LOADER, LOADER_MARK } from "./loader.js";

/** Milliseconds that a CRC over a whole slot may take on a slow board. */
const CRC_TIMEOUT = 15_000;

/** What runs at boot, if it isn't us. */
export interface BootFile {
  readonly name: ".bootcde" | ".bootrst" | ".varimg";
  /** Bytes. */
  readonly bytes: number;
  /** Its first line, at most 60 chars; empty for `.varimg`, which is no text. */
  readonly begins: string;
}

/** All that flashing has to know of a board before it changes anything. */
export interface Survey {
  readonly identity: BoardIdentity;
  /** Bytes of Espruino's Storage: in all, free at its end, and taken by deleted files until it is compacted. */
  readonly storage: { readonly total: number; readonly free: number; readonly trash: number };
  /** Slots that have a file. */
  readonly slots: readonly SlotState[];
  /** Our `.bootcde`: as this version writes it, of another version, or not there. */
  readonly loader: "current" | "other" | "missing";
  /** Files that the board starts from and that we didn't write. */
  readonly foreign: readonly BootFile[];
}

const STORAGE = 'require("Storage")';

/** Looks at a board without changing anything on it. The program that runs there goes on. */
export function* survey(session: Session): Operation<Survey> {
  yield* report(session, { phase: "inspect" });
  const identity = yield* identify(session);
  const stats = yield* evaluate<{ totalBytes: number; freeBytes: number; trashBytes: number }>(
    session,
    `${STORAGE}.getStats()`,
    { timeout: 5000 },
  );
  const slots = yield* readSlots(session);
  const boot = yield* evaluate<([number, number, string] | 0)[]>(
    session,
    `[".bootcde",".bootrst",".varimg"].map(function(n){var s=${STORAGE}.read(n);` +
      `return s?[s.length,E.CRC32(s),n==".varimg"?"":s.substr(0,60)]:0})`,
  );
  const files = ([".bootcde", ".bootrst", ".varimg"] as const).flatMap((name, index) => {
    const [bytes, crc, begins] = boot[index] || [0, 0, ""];
    return bytes ? [{ name, bytes, crc, begins: begins.split("\n")[0] }] : [];
  });
  const own = files.find(({ name, begins }) => name === ".bootcde" && isLoader(begins));
  return {
    identity,
    storage: { total: stats.totalBytes, free: stats.freeBytes, trash: stats.trashBytes },
    slots,
    loader: !own ? "missing" : own.bytes === LOADER.length && own.crc === crc32(LOADER) ? "current" : "other",
    foreign: files.filter((file) => file !== own).map(({ name, bytes, begins }) => ({ name, bytes, begins })),
  };
}

/** Whether that is how a loader of ours begins, also one whose writing a power cut ended. */
function isLoader(begins: string): boolean {
  return begins.startsWith(LOADER_MARK) || LOADER.startsWith(begins.replace(/\xff+$/, ""));
}

/** The slots that have a file, with trailers read and code held against its CRC. */
export function* readSlots(session: Session): Operation<SlotState[]> {
  const found = yield* evaluate<([number, string] | 0)[]>(
    session,
    `${JSON.stringify(SLOT_NAMES.map(slotFile))}.map(function(n){var s=${STORAGE}.read(n);` +
      `return s?[s.length,s.length<${FOOTER_BYTES}?"":btoa(s.substr(s.length-${FOOTER_BYTES}))]:0})`,
  );
  const slots: SlotState[] = [];
  for (const [index, slot] of SLOT_NAMES.entries()) {
    const [fileBytes, encoded] = found[index] || [0, ""];
    if (!fileBytes) continue;
    const footer = Buffer.from(encoded, "base64").toString("latin1").padEnd(FOOTER_BYTES, "\xff");
    const { trailer } = decodeSlot(slot, fileBytes, footer, () => undefined);
    const crc = trailer && (yield* codeCrc(session, slotFile(slot), trailer.bytes));
    slots.push(decodeSlot(slot, fileBytes, footer, () => crc));
  }
  return slots;
}

/** CRC-32 of a file's first bytes, computed by the board from its flash, without a copy in RAM. */
export function codeCrc(session: Session, file: string, bytes: number): Operation<number | undefined> {
  return evaluate<number | undefined>(session, `E.CRC32(${STORAGE}.read("${file}",0,${bytes}))`, {
    timeout: CRC_TIMEOUT,
  });
}

/** The largest files of Storage, for somebody who has to make room: names and bytes, largest first. */
export function* largestFiles(session: Session, count: number): Operation<{ name: string; bytes: number }[]> {
  const files = yield* evaluate<[string, number][]>(
    session,
    `(function(l){l=l.map(function(n){return[n,(${STORAGE}.read(n)||"").length]});` +
      `l.sort(function(a,b){return b[1]-a[1]});return l.slice(0,${count})})(${STORAGE}.list())`,
    { timeout: 5000 },
  );
  return files.map(([name, bytes]) => ({ name, bytes }));
}
