/**
 * Flash for the files of programs that keep some. Most boards have flash that nothing uses; on the others pages inside
 * Storage are set aside, by a file that must be the first there, so that Storage never moves it.
 */
import {
  filePlace,
  RESERVED_FILE,
  RESERVED_HEADER_BYTES,
  reservedPlace,
  type BoardFlash,
} from "../../device/image/file-place.js";
import { FlasherError } from "../error.js";
import { evaluate } from "../session/evaluate.js";
import type { Operation } from "../session/operation.js";
import type { Session } from "../session/session.js";
import { refuseWrongBoard, type FlashOptions } from "./plan.js";
import { storedBytes } from "./storage-files.js";
import type { Survey } from "./survey.js";

/** What has to happen before a program that keeps files can be flashed. */
export interface FilePagesPlan {
  /** The file that sets pages aside, bytes. */
  readonly fileBytes: number;
  /** Whether Storage has to be erased first, with what is in it. */
  readonly erases: boolean;
}

/** What the board told, in the order in which it is asked. */
type Answer = [
  start: number | null,
  storageBytes: number,
  page: number,
  header: string,
  free: [address: number, bytes: number, page: number][],
  files: number,
];

/**
 * Asked in one line. Where Storage begins is told by `process.memory()`, or, where it isn't, by the free area of its
 * size, as `storageStart` in hal/ports/espruino/flash.ts has it.
 */
const QUESTION =
  `(function(F,S,f,s,t){` +
  `s=process.memory().flash_code_start;t=S.getStats().totalBytes;` +
  `if(s===undefined)f.forEach(function(a){if(a.length==process.env.STORAGE)s=a.addr});` +
  `return s===undefined?[null]:[s,t,F.getPage(s).length,btoa(E.toString(F.read(${RESERVED_HEADER_BYTES},s))),` +
  `f.map(function(a){return[a.addr,a.length,F.getPage(a.addr).length]}),S.list().length]` +
  `})(require("Flash"),require("Storage"),require("Flash").getFree())`;

/**
 * Looks whether the board has flash for files, and plans to set some aside where it hasn't. Changes nothing.
 * @returns undefined when nothing has to be done
 * @throws FlasherError `wrong-board`, `no-file-flash` when there can't be any, `storage-not-empty` when Storage would have to be
 * erased first and that isn't allowed
 */
export function* planFilePages(
  session: Session,
  found: Survey,
  options: FlashOptions,
): Operation<FilePagesPlan | undefined> {
  refuseWrongBoard(found, options);
  const [start, bytes, page, header, free, files] = yield* evaluate<Answer>(session, QUESTION, { timeout: 5000 });
  const { board } = found.identity;
  if (start === null) throw noFileFlash(board, "its firmware doesn't tell where Storage is");
  const flash: BoardFlash = {
    blockBytes: page,
    storage: { address: start, bytes },
    free: free
      .filter(([address, length]) => start < address || start >= address + length)
      .map(([address, length, blockBytes]) => ({ address, bytes: length, blockBytes })),
  };
  if (reservedPlace(flash, new Uint8Array(Buffer.from(header, "base64")))) return undefined;
  const place = filePlace(flash);
  if (!place) throw noFileFlash(board, "what is free outside Storage has too few erase blocks");
  if (place.kind === "free") return undefined;
  if (files > 0 && !options.eraseStorage)
    throw new FlasherError(
      "storage-not-empty",
      `${session.port}: the program keeps files, and ${board} has flash for them only at the beginning of Storage, where other files are`,
      "Save what you need of Storage, then flash with --erase-storage, which erases all of it; once is enough.",
    );
  return { fileBytes: place.fileBytes, erases: files > 0 };
}

/** What is on the board once pages have been set aside in a Storage that is otherwise empty. */
export function afterwards(found: Survey, { fileBytes }: FilePagesPlan): Survey {
  const { total } = found.storage;
  return {
    ...found,
    storage: { total, free: total - storedBytes(fileBytes), trash: 0 },
    slots: [],
    loader: "missing",
    foreign: [],
  };
}

/** Erases Storage and sets the pages aside. Done twice it does no harm, as long as nothing else was written. */
export function* setPagesAside(session: Session, { fileBytes }: FilePagesPlan): Operation<void> {
  const made = yield* evaluate<boolean>(
    session,
    `(function(S){S.eraseAll();return S.write("${RESERVED_FILE}","\\xff",0,${fileBytes})})(require("Storage"))`,
    { timeout: ERASE_TIMEOUT },
  );
  if (!made)
    throw new FlasherError(
      "verify-failed",
      `${session.port}: Storage, erased, doesn't take a file of ${fileBytes} B`,
      "Flash again; if it stays, the board's flash is worn out.",
    );
}

/** Milliseconds for erasing all of Storage: STM32F4 takes 2 s for 128 KB, external flash 0.4 s for each 4 KB. */
const ERASE_TIMEOUT = 60_000;

function noFileFlash(board: string, why: string): FlasherError {
  return new FlasherError(
    "no-file-flash",
    `The program keeps files, and ${board} has no flash for them: ${why}`,
    'Take "dirs" out of its manifest, or use another board: ristretto check tells which.',
  );
}
