import { probe } from "../session/connect.js";
import { removeHelpers } from "../session/evaluate.js";
import type { Operation } from "../session/operation.js";
import { pause, receiveUntil, send, type Session } from "../session/session.js";
import type { SlotName, SlotState } from "./layout.js";
import { readSlots } from "./survey.js";

/** Milliseconds in which a program that fails at its start does so, and the board tells. */
const START = 1500;
/** Milliseconds that a program may keep the prompt busy before we stop waiting. */
const PATIENCE = 6000;

/** What became of a program that was started. */
export interface Started {
  /** What the console showed, one char a byte, without escape sequences and prompts. */
  readonly output: string;
  /**
   * `proving`: runs, and counts as proved 10 s after its boot. `confirmed`: proved earlier. `busy`: the prompt doesn't
   * answer, so it can't be told. `failed`: it threw as it started and was rejected.
   */
  readonly state: "proving" | "confirmed" | "busy" | "failed";
  /** The slots as they are now; empty when the board is busy. */
  readonly slots: readonly SlotState[];
}

/** Boots the board's program anew, as a power cycle would, and looks what becomes of it. Never interrupts it. */
export function* restart(session: Session, slot: SlotName): Operation<Started> {
  session.received = "";
  session.prepared = false;
  yield* send(session, "\x10load()\n");
  yield* pause(session, START);
  const output = plain(session.received);
  // Asked once: questions that pile up in a busy board would leave no room for a Ctrl-C later.
  if (!(yield* probe(session, PATIENCE))) return { output, state: "busy", slots: [] };
  const slots = yield* readSlots(session);
  yield* removeHelpers(session);
  yield* receiveUntil(session, -Infinity);
  const state = slots.find((candidate) => candidate.slot === slot);
  return { output, state: state?.rejected ? "failed" : state?.confirmed ? "confirmed" : "proving", slots };
}

/** What a program printed, without what Espruino adds to redraw its prompt. */
function plain(text: string): string {
  return text
    .replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "")
    .replace(/^>+/gm, "")
    .replace(/^\s+|\s+$/g, "");
}
