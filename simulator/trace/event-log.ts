import type { BoardEvent, SimulatedBoard } from "../board/index.js";

/** A board's events as JSON lines. */
export interface EventLog {
  /** Writes a line of a kind of its own, e.g. `console`, with the time that it is. Bytes become hexadecimal. */
  record(type: string, fields: Readonly<Record<string, unknown>>): void;
  /** Ends the log; calling it twice does nothing. */
  close(): void;
}

/**
 * Writes what happens on a board as JSON lines: `{"microseconds":…,"type":"pin","pin":"D13",…}`, an object a line,
 * with the fields of `BoardEvent`. Bytes are strings of hexadecimal digits. The first line is of type `start` and
 * tells board and seed.
 * @param write takes one line at a time, its newline included
 */
export function logEvents(board: SimulatedBoard, write: (line: string) => void): EventLog {
  const line = (event: object) => write(JSON.stringify(event, hexadecimal) + "\n");
  line({ microseconds: board.clock.now(), type: "start", board: board.profile.id, seed: board.seed });
  const end = board.events.listen((event: BoardEvent) => line(event));
  let open = true;
  return {
    record: (type, fields) => {
      if (open) line({ microseconds: board.clock.now(), type, ...fields });
    },
    close: () => {
      open = false;
      end();
    },
  };
}

function hexadecimal(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}
