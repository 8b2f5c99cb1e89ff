import { connect } from "../session/connect.js";
import { removeHelpers } from "../session/evaluate.js";
import type { Operation } from "../session/operation.js";
import type { Session } from "../session/session.js";
import { chooseSlot, type SlotName } from "./layout.js";
import { survey, type Survey } from "./survey.js";

/** What is on a board. */
export interface BoardInfo extends Survey {
  /** The slot that the next boot starts; undefined when there is no program of ours. */
  readonly starts?: SlotName;
}

/** Looks at a board, and leaves it as it was: the program that runs goes on. */
export function* infoOperation(session: Session): Operation<BoardInfo> {
  yield* connect(session);
  const found = yield* survey(session);
  yield* removeHelpers(session);
  const starts = chooseSlot(found.slots)?.slot;
  return starts ? { ...found, starts } : found;
}
