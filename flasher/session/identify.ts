import { FlasherError } from "../error.js";
import { evaluate } from "./evaluate.js";
import type { Operation } from "./operation.js";
import type { Session } from "./session.js";

/** Who the board says it is (`process.env`). */
export interface BoardIdentity {
  /** `process.env.BOARD`, e.g. `PUCKJS`. */
  readonly board: string;
  /** Firmware, e.g. `2v29`. */
  readonly version: string;
  /** Which device the prompt is on, e.g. `USB`, `Bluetooth`, `Serial1`; empty where the firmware doesn't tell. */
  readonly console: string;
}

/**
 * Asks the board who it is.
 * @throws FlasherError `board-unsupported` when its firmware has no Storage
 */
export function* identify(session: Session): Operation<BoardIdentity> {
  const env = yield* evaluate<Record<string, unknown>>(session, "process.env");
  const modules = typeof env.MODULES === "string" ? env.MODULES.split(",") : undefined;
  if (modules && !modules.includes("Storage")) {
    throw new FlasherError(
      "board-unsupported",
      `${session.port}: this firmware (${String(env.BOARD)} ${String(env.VERSION)}) has no Storage`,
      "Update the firmware: 1v96 and later have it on every board.",
    );
  }
  return { board: String(env.BOARD), version: String(env.VERSION), console: String(env.CONSOLE ?? "") };
}
