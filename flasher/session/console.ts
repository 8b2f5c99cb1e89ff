import type { Readable, Writable } from "node:stream";
import type { Transport } from "../transport/transport.js";

/** Where a console's bytes come from and go to. */
export interface ConsoleOptions {
  /** What a person types, raw: put a terminal into raw mode first. */
  readonly input: Readable;
  /** Where the board's bytes go, unchanged. */
  readonly output: Writable;
  /** The byte that ends the console and isn't sent; Ctrl-] unless given, null for none. */
  readonly escape?: number | null;
  /** Milliseconds that the board has after Ctrl-C to clear its line, before it is told to stop the program; default 200. */
  readonly stopAfter?: number;
}

/** Ctrl-]. */
const ESCAPE = 0x1d;
const CTRL_C = 3;

/**
 * Typed for a person after Ctrl-C, without echo: Espruino tells a program nothing of the key, and interrupts only code
 * that runs on for about half a second, so what sleeps or runs in slices wouldn't hear of it.
 */
const STOP = Buffer.from("\x10global.ristretto&&ristretto.stop()\n");
const STOP_AFTER = 200;

/**
 * Joins a person and a board: raw bytes both ways over an open transport, until the input ends or the escape byte is
 * typed. The transport stays open. Ctrl-C, a key by itself, also stops the program cleanly.
 * @throws FlasherError `port-lost`
 */
export function console(
  transport: Transport,
  { input, output, escape = ESCAPE, stopAfter = STOP_AFTER }: ConsoleOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = Promise.resolve();
    const finish = (error?: Error): void => {
      input.off("data", onInput);
      input.off("end", onEnd);
      input.pause();
      transport.onData(() => {});
      transport.onLost(() => {});
      if (error) reject(error);
      else sent.then(resolve, reject);
    };
    const onInput = (chunk: Buffer | string): void => {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, "latin1") : chunk;
      const end = escape === null ? -1 : bytes.indexOf(escape);
      const typed = end < 0 ? bytes : bytes.subarray(0, end);
      if (typed.length > 0) sent = sent.then(() => transport.write(typed));
      if (typed.length === 1 && typed[0] === CTRL_C)
        sent = sent
          .then(() => new Promise((cleared) => setTimeout(cleared, stopAfter)))
          .then(() => transport.write(STOP));
      sent.catch(finish);
      if (end >= 0) finish();
    };
    const onEnd = (): void => finish();
    transport.onData((bytes) => void output.write(bytes));
    transport.onLost(finish);
    input.on("data", onInput);
    input.on("end", onEnd);
  });
}
