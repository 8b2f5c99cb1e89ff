import * as nodePty from "@lydell/node-pty";
import type { Clock } from "../session/operation.js";
import type { FakeBoard } from "./fake-board.js";

/** What of node-pty's pair this needs; its declarations don't describe `open`. */
interface PtyPair {
  /** Path of the slave. */
  readonly ptsName: string;
  readonly slave: { pause(): void; destroy(): void };
  readonly master: {
    on(event: "data", listener: (chunk: Buffer) => void): void;
    write(data: Buffer): void;
    destroy(): void;
  };
}

/** A fake board on a PTY of this computer, answering at once. */
export interface PtyBoard {
  /** What to open, `/dev/pts/N`. */
  readonly path: string;
  /** Gives the PTY back. */
  dispose(): void;
}

/** Puts a fake board on a new PTY. */
export function boardOnPty(board: FakeBoard): PtyBoard {
  const pair = (nodePty as unknown as { open(options: object): PtyPair }).open({ cols: 80, rows: 24, encoding: null });
  // The slave's own stream would take the client's bytes.
  pair.slave.pause();
  pair.master.on("data", (chunk) => {
    board.input(chunk);
    const text = board.take();
    if (text) pair.master.write(Buffer.from(text, "latin1"));
  });
  return {
    path: pair.ptsName,
    dispose() {
      pair.slave.destroy();
      pair.master.destroy();
    },
  };
}

/** A clock that runs so many times as fast as the computer's, for boards that answer at once. */
export function fastClock(times: number): Clock {
  return {
    now: () => performance.now() * times,
    after(milliseconds, call) {
      const timer = setTimeout(call, milliseconds / times);
      return () => clearTimeout(timer);
    },
  };
}
