/**
 * The flasher's door: everything else in this room is inside. All functions take a transport that is open, and leave
 * it open, so that a console can follow without opening the port again, which resets some boards.
 */
import { randomBytes } from "node:crypto";
import type { Image } from "../device/image/image.js";
import { FlasherError } from "./error.js";
import { BoardException } from "./session/evaluate.js";
import type { Operation, Progress } from "./session/operation.js";
import { perform } from "./session/perform.js";
import { newSession, type Session } from "./session/session.js";
import { flashOperation, type FlashReport } from "./slots/flash.js";
import { infoOperation, type BoardInfo } from "./slots/info.js";
import type { FlashOptions } from "./slots/plan.js";
import { rollbackOperation, type RollbackReport } from "./slots/rollback.js";
import type { Transport } from "./transport/transport.js";

export { FlasherError, type FlasherErrorKind } from "./error.js";
export { console, type ConsoleOptions } from "./session/console.js";
export type { Progress } from "./session/operation.js";
export type { BoardInfo, FlashOptions, FlashReport, RollbackReport };
export { reservedFile, storageFiles, storedBytes, type StorageFile } from "./slots/storage-files.js";
export { transportFor } from "./transport/address.js";
export { listPorts, type ListedPort } from "./transport/port-list.js";
export type { Transport } from "./transport/transport.js";

/**
 * Puts an image on a board and starts it. Whatever goes wrong, and whenever: the board keeps the program that it had.
 * @param transport open, to a board at its prompt or running a program
 * @param onProgress called at each step
 * @throws FlasherError whose message says what happened and how to mend it
 */
export function flash(
  transport: Transport,
  image: Image,
  options: FlashOptions = {},
  onProgress?: (progress: Progress) => void,
): Promise<FlashReport> {
  return converse(transport, (session) => flashOperation(session, image, options), onProgress);
}

/**
 * What is on a board: who it is, both slots, Storage. The running program goes on.
 * @throws FlasherError
 */
export function info(transport: Transport, onProgress?: (progress: Progress) => void): Promise<BoardInfo> {
  return converse(transport, infoOperation, onProgress);
}

/**
 * Gives the current program up and starts the one before it.
 * @throws FlasherError `nothing-to-roll-back` and those of `info`
 */
export function rollback(transport: Transport, onProgress?: (progress: Progress) => void): Promise<RollbackReport> {
  return converse(transport, rollbackOperation, onProgress);
}

async function converse<T>(
  transport: Transport,
  start: (session: Session) => Operation<T>,
  onProgress?: (progress: Progress) => void,
): Promise<T> {
  const session = newSession(transport.describe(), `r${randomBytes(3).toString("hex")}`);
  try {
    return await perform(transport, start(session), onProgress ? { onProgress } : {});
  } catch (error) {
    throw explain(session, error);
  }
}

/** An exception of the board's that nobody expected, as an error for a person. */
function explain(session: Session, error: unknown): unknown {
  if (!(error instanceof BoardException)) return error;
  return new FlasherError(
    "board-error",
    `${session.port}: the board threw ${error.message}`,
    "Power it off and on, and retry; if it stays, update its firmware.",
  );
}
