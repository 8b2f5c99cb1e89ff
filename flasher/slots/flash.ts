import { FlasherError } from "../error.js";
import { connect } from "../session/connect.js";
import { BoardException, evaluate } from "../session/evaluate.js";
import type { BoardIdentity } from "../session/identify.js";
import type { Operation } from "../session/operation.js";
import { pause, report, send, type Session } from "../session/session.js";
import { chooseSlot, encodeTrailer, otherSlot, slotFile, trailerOffset, type SlotName } from "./layout.js";
import { afterwards, planFilePages, setPagesAside } from "./file-pages.js";
import { LOADER } from "./loader.js";
import { planFlash, targetSlot, type FlashOptions, type FlashPlan, type Program } from "./plan.js";
import { restart, type Started } from "./restart.js";
import { largestFiles, readSlots, survey, type Survey } from "./survey.js";
import { findPieces, PIECE, transfer, writePiece } from "./transfer.js";

/** Milliseconds that `reset()` takes before the prompt is back. */
const AFTER_RESET = 250;
/** Milliseconds that compaction may take: it erases and writes all of Storage, page by page. */
const COMPACTION = 120_000;
/** Files named when Storage is full. */
const LARGEST = 3;

/** What flashing did. */
export interface FlashReport {
  readonly identity: BoardIdentity;
  readonly slot: SlotName;
  readonly sequence: number;
  /** Bytes of code. */
  readonly bytes: number;
  /** How many of them the slot had already. */
  readonly kept: number;
  /** CRC-32 of the code, as the board computed it from its flash. */
  readonly crc: number;
  /** Whether the program was there already and was only started. */
  readonly present: boolean;
  /** Whether `.bootcde` was written. */
  readonly loaderWritten: boolean;
  /** Names of the user's boot files that were replaced or erased. */
  readonly erased: readonly string[];
  readonly compacted: boolean;
  /** Bytes of Storage that were set aside for files now; 0 when there was nothing to do. */
  readonly setAside: number;
  /** Whether all of Storage was erased for that. */
  readonly storageErased: boolean;
  /** Commands that had to be sent again. */
  readonly resent: number;
  /** What became of the program when it was started, and what it printed. */
  readonly state: Exclude<Started["state"], "failed">;
  readonly output: string;
}

/**
 * The whole of flashing: look, decide, write the slot that isn't in use, verify, and only then make it the newest.
 * Until its trailer is there the board boots what it booted before.
 * @throws FlasherError as `connect`, `planFilePages`, `planFlash` and `transfer`; `program-failed` when the program throws as it starts
 */
export function* flashOperation(session: Session, program: Program, options: FlashOptions): Operation<FlashReport> {
  yield* connect(session);
  const before = yield* survey(session);
  yield* report(session, { phase: "inspect", detail: `${before.identity.board} ${before.identity.version}` });
  const pages = program.needsFiles ? yield* planFilePages(session, before, options) : undefined;
  const found = pages ? afterwards(before, pages) : before;
  const plan = pages ? planFlash(found, program, options) : yield* decide(session, found, program, options);
  const kept = plan.present ? program.source.length : keptBytes(plan, program.source.length);

  let started: Started;
  try {
    if (!plan.present || plan.writeLoader || plan.erase.length > 0) yield* stopProgram(session);
    if (pages) yield* setPagesAside(session, pages);
    if (plan.compact) yield* compact(session, plan, found);
    if (!plan.present) {
      yield* transfer(session, plan, program.source);
      yield* report(session, { phase: "commit" });
      const trailer = Buffer.from(encodeTrailer(plan.trailer), "latin1");
      yield* writePiece(session, slotFile(plan.slot), trailerOffset(plan.fileBytes), plan.fileBytes, trailer);
    }
    yield* installLoader(session, plan);
    yield* report(session, { phase: "start" });
    started = yield* restart(session, plan.slot);
  } catch (error) {
    yield* resumeOldProgram(session, error);
    throw error;
  }
  if (started.state === "failed") throw programFailed(session, plan, started);
  return {
    identity: found.identity,
    slot: plan.slot,
    sequence: plan.trailer.sequence,
    bytes: program.source.length,
    kept,
    crc: plan.trailer.crc,
    present: plan.present,
    loaderWritten: plan.writeLoader,
    erased: plan.erase.map(({ name }) => name),
    compacted: plan.compact,
    setAside: pages?.fileBytes ?? 0,
    storageErased: pages?.erases ?? false,
    resent: session.resent,
    state: started.state,
    output: started.output,
  };
}

/** Plans; asks the board for what fills its Storage only when the message needs it. */
function* decide(session: Session, found: Survey, program: Program, options: FlashOptions): Operation<FlashPlan> {
  const have = yield* findPieces(session, targetSlot(found.slots), program.source);
  try {
    return planFlash(found, program, options, { have });
  } catch (error) {
    if (!(error instanceof FlasherError) || error.kind !== "storage-full") throw error;
    return planFlash(found, program, options, { have, largest: yield* largestFiles(session, LARGEST) });
  }
}

function keptBytes({ have = [] }: FlashPlan, total: number): number {
  return have.reduce((sum, kept, index) => sum + (kept ? Math.min(PIECE, total - index * PIECE) : 0), 0);
}

/** `reset()`: ends the running program, which gives its RAM back, and doesn't run `.bootcde`. */
function* stopProgram(session: Session): Operation<void> {
  yield* send(session, "\x10reset()\n");
  session.prepared = false;
  yield* pause(session, AFTER_RESET);
}

/** Gives the slot's old file up and has Storage move the others together; then sees that the other slot survived. */
function* compact(session: Session, plan: FlashPlan, before: Survey): Operation<void> {
  yield* report(session, { phase: "compact" });
  const storage = 'require("Storage")';
  yield* evaluate(session, `${storage}.erase("${slotFile(plan.slot)}");1`, { timeout: 5000 });
  yield* evaluate(session, `${storage}.compact();1`, { timeout: COMPACTION });
  const kept = otherSlot(plan.slot);
  const [old] = before.slots.filter(({ slot }) => slot === kept);
  const [now] = (yield* readSlots(session)).filter(({ slot }) => slot === kept);
  if (old?.intact && !now?.intact) {
    throw new FlasherError(
      "verify-failed",
      `${session.port}: the program in slot ${kept} did not survive the compaction of Storage`,
      "Flash again: the board has no program now.",
    );
  }
}

/** Writes `.bootcde` unless it is right, and erases what would run in its place. */
function* installLoader(session: Session, plan: FlashPlan): Operation<void> {
  if (plan.writeLoader) {
    yield* writePiece(session, ".bootcde", 0, LOADER.length, Buffer.from(LOADER, "latin1"));
  }
  for (const { name } of plan.erase) {
    if (name !== ".bootcde") yield* evaluate(session, `require("Storage").erase("${name}");1`, { timeout: 5000 });
  }
}

/** The board still has its old program: if the board can be reached, it goes on with that. */
function* resumeOldProgram(session: Session, error: unknown): Operation<void> {
  const reachable = error instanceof BoardException || (error instanceof FlasherError && error.kind !== "port-lost");
  if (reachable) yield* send(session, "\x10load()\n");
}

function programFailed(session: Session, { slot, trailer }: FlashPlan, { output, slots }: Started): FlasherError {
  const runs = chooseSlot(slots);
  const exception = /Uncaught [^\r\n]*/.exec(output)?.[0] ?? "it threw an exception";
  return new FlasherError(
    "program-failed",
    `${session.port}: ${trailer.name} failed as it started (${exception}) and was taken out of slot ${slot}` +
      (runs ? `; ${runs.trailer!.name} runs again` : ""),
    "Run it in the simulator to see why, mend it, and flash again.",
  );
}
