import { fstatSync, readSync, writeSync } from "node:fs";
import type { Console } from "../../hal/contract/index.js";
import type { VirtualClock } from "../../simulator/core/virtual-clock.js";
import type { GuestScenario } from "./scenario.js";

/** The command's own stdin, stdout and stderr as a guest's console, byte for byte. */
export interface StandardStreams {
  readonly console: Console;
  /**
   * For a guest that waits while nothing is scheduled: waits for real input, and hands it over.
   * @returns false when nobody listens, or the input has ended
   */
  readonly idle: () => boolean;
  /** Shows a line on stderr that isn't the guest's, after what it has printed so far; one byte a char. */
  readonly trace: (line: string) => void;
  /** Writes out what is buffered. */
  flush(): void;
}

/** Enough for most programs to be one system call. */
const bufferBytes = 1 << 16;

/**
 * Reads and writes are synchronous, since a guest on the host's own WebAssembly can't be suspended.
 * Piped input and files are read ahead as virtual time passes, so that a guest which waits for input or a timer sees
 * what is there already; a terminal is waited for only when nothing else can happen.
 * @param scenario sees what is printed, and types instead of the command's stdin
 */
export function standardStreams(time: VirtualClock, scenario?: GuestScenario): StandardStreams {
  let pending = Buffer.alloc(bufferBytes);
  let length = 0;
  let listener: ((text: string) => void) | undefined;
  let ended = false;
  const readAhead = !fstatSync(0).isCharacterDevice();

  const flush = (): void => {
    writeFully(1, pending.subarray(0, length));
    length = 0;
  };
  const deliver = (): void => {
    if (!listener || ended) return;
    flush();
    const bytes = readSome();
    ended = bytes.length === 0;
    listener(Buffer.from(bytes).toString("latin1"));
    if (readAhead && !ended) time.schedule(1000, deliver);
  };

  return {
    console: {
      write(stream, bytes, start, count) {
        const piece = bytes.subarray(start, start + count);
        scenario?.printed(piece.slice());
        if (stream === 2) {
          flush();
          writeFully(2, piece);
          return;
        }
        if (length + count > bufferBytes) flush();
        if (count > bufferBytes) writeFully(1, piece);
        else {
          pending.set(piece, length);
          length += count;
        }
      },
      onInput(handler) {
        if (scenario?.types) return scenario.onTyped((bytes) => handler(Buffer.from(bytes).toString("latin1")));
        if (scenario) time.schedule(0, () => handler(""));
        if (scenario) return () => undefined;
        listener = handler;
        if (readAhead) time.schedule(0, deliver);
        return () => {
          listener = undefined;
        };
      },
    },
    idle() {
      if (!listener || ended) return false;
      deliver();
      return true;
    },
    trace(line) {
      flush();
      writeFully(2, Buffer.from(`${line}\n`, "latin1"));
    },
    flush() {
      flush();
      pending = Buffer.alloc(0);
    },
  };
}

/** Blocks until there is something; empty at the end. */
function readSome(): Uint8Array {
  const buffer = new Uint8Array(bufferBytes);
  for (;;) {
    try {
      return buffer.subarray(0, readSync(0, buffer));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return buffer.subarray(0, 0);
      if (code !== "EAGAIN") throw error;
      pause();
    }
  }
}

function writeFully(fd: 1 | 2, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A reader that closed early has seen what it wanted: as a shell ends the writer of a pipe.
      if (code === "EPIPE") process.exit(0);
      if (code !== "EAGAIN") throw error;
      pause();
    }
  }
}

/** A stream that somebody made non-blocking is full or empty: a millisecond's rest, without the event loop. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}
