import { FlasherError } from "../error.js";
import { connect } from "../session/connect.js";
import { evaluate } from "../session/evaluate.js";
import type { Operation } from "../session/operation.js";
import { report, type Session } from "../session/session.js";
import { CELL, cellOffset, chooseSlot, slotFile, type SlotName, type SlotState } from "./layout.js";
import { restart, type Started } from "./restart.js";
import { readSlots } from "./survey.js";

/** What going back did. */
export interface RollbackReport {
  /** The program that was given up. */
  readonly from: { readonly slot: SlotName; readonly name: string };
  /** The program that runs now. */
  readonly to: { readonly slot: SlotName; readonly name: string };
  readonly state: Started["state"];
  /** What it printed as it started. */
  readonly output: string;
}

/**
 * Marks the program that the next boot would start as rejected, for good, and boots the other one.
 * @throws FlasherError `nothing-to-roll-back` when there is no other whole program; nothing is changed then
 */
export function* rollbackOperation(session: Session): Operation<RollbackReport> {
  yield* connect(session);
  yield* report(session, { phase: "inspect" });
  const slots = yield* readSlots(session);
  const from = chooseSlot(slots);
  const to = chooseSlot(slots.filter((slot) => slot !== from));
  if (!from || !to) {
    throw new FlasherError(
      "nothing-to-roll-back",
      from
        ? `${session.port}: ${from.trailer!.name} is the only program on the board`
        : `${session.port}: there is no program of ours on the board`,
      "Flash the one that you want.",
    );
  }
  yield* report(session, { phase: "commit" });
  // What one goes back to on purpose is off probation: there is nothing left to fall back to from it.
  yield* setCell(session, to, CELL.confirmed);
  yield* setCell(session, from, CELL.rejected);
  yield* report(session, { phase: "start" });
  const started = yield* restart(session, to.slot);
  return {
    from: { slot: from.slot, name: from.trailer!.name },
    to: { slot: to.slot, name: to.trailer!.name },
    state: started.state,
    output: started.output,
  };
}

/** Programs one cell of a slot; nothing happens when it is programmed already. */
function* setCell(session: Session, { slot, fileBytes }: SlotState, cell: number): Operation<void> {
  const file = slotFile(slot);
  const offset = cellOffset(fileBytes, cell);
  yield* evaluate(
    session,
    `(function(S){return S.read("${file}",${offset},1)=="\\xff"&&S.write("${file}","\\0",${offset})})(require("Storage"))`,
  );
}
