import { FlasherError } from "../error.js";
import type { Happening, Operation, Progress } from "../session/operation.js";
import type { FakeBoard } from "./fake-board.js";

/** What is wrong with the line. */
export interface LineFaults {
  /** Bytes to the board after which the cable is pulled. */
  readonly pullAfter?: number;
  /** Called after each byte that reached the board. */
  readonly onByte?: () => void;
  /** Bytes between two faults, on average, either way: one is dropped, has a bit flipped or comes twice. */
  readonly noiseEvery?: number;
  /** Makes the noise repeatable. */
  readonly seed?: number;
}

/** How a conversation ended, and what it took. */
export interface Conversation<T> {
  readonly result: T;
  readonly progress: Progress[];
  /** Bytes that went to the board. */
  readonly sent: number;
}

/** What a board must do to be talked to: a `FakeBoard` does, and the simulator's can be made to. */
export type VirtualBoard = Pick<FakeBoard, "now" | "input" | "take" | "nextTimer" | "advance">;

/** Runs a conversation against a board in virtual time, in no time. */
export function converse<T>(board: VirtualBoard, operation: Operation<T>, faults: LineFaults = {}): Conversation<T> {
  const garble = noise(faults);
  const progress: Progress[] = [];
  const limit = faults.pullAfter ?? Infinity;
  let sent = 0;
  let next = operation.next();
  while (!next.done) {
    const step = next.value;
    let bytes: Uint8Array | undefined;
    if (step.kind === "report") progress.push(step.progress);
    else if (step.kind === "send") {
      const through = step.bytes.subarray(0, Math.max(0, limit - sent));
      sent += step.bytes.length;
      for (const byte of garble(through)) {
        board.input(Uint8Array.of(byte));
        faults.onByte?.();
      }
      if (sent >= limit) {
        next = operation.throw(new FlasherError("port-lost", "the cable was pulled", "Plug it in."));
        continue;
      }
    } else bytes = listen(board, step.until, garble);
    const happening: Happening = bytes ? { now: board.now, bytes } : { now: board.now };
    next = operation.next(happening);
  }
  return { result: next.value, progress, sent };
}

function listen(board: VirtualBoard, until: number, garble: (bytes: Uint8Array) => Uint8Array): Uint8Array | undefined {
  for (;;) {
    const text = board.take();
    if (text) return garble(Buffer.from(text, "latin1"));
    if (board.now >= until) return undefined;
    board.advance(Math.min(until, board.nextTimer() ?? until) - board.now);
  }
}

/** A line that garbles what goes through it; never into Ctrl-C or Ctrl-D, which end the desktop interpreter. */
export function noise({ noiseEvery = Infinity, seed = 1 }: LineFaults): (bytes: Uint8Array) => Uint8Array {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return (bytes) =>
    Uint8Array.from(
      [...bytes].flatMap((byte) => {
        if (random() * noiseEvery >= 1) return [byte];
        const fault = Math.floor(random() * 3);
        const flipped = byte ^ (1 << Math.floor(random() * 8));
        if (fault === 0) return [];
        return fault === 1 ? [byte, byte] : [flipped === 3 || flipped === 4 ? byte : flipped];
      }),
    );
}
