import type { NativeE, NativeSerial } from "./natives.js";
import type { Stoppable } from "./stop.js";

declare var E: NativeE;
declare var global: Record<string, NativeSerial>;
declare function echo(on: boolean): void;

/** The device that has the prompt now, if any: it moves when USB or Bluetooth come and go. */
var taken: string | null = null;
var atLineStart = true;

/**
 * Writes to whatever device has the prompt; to none when none has it.
 *
 * `Serial.write` is the only native that sends bytes as they are, but it writes over the prompt's line, which `print`
 * takes away first. Any native's own error does that too (`jsExceptionHere`), without a sound where there is no line, so
 * one is provoked by something that is no device; the event loop brings the prompt back.
 */
export function writeConsole(_stream: 1 | 2, bytes: Uint8Array, start: number, length: number): void {
  var device = taken || E.getConsole();
  if (!device || !length) return;
  if (atLineStart)
    try {
      E.setConsole(0);
    } catch {
      // It was only to throw.
    }
  global[device]["write"](bytes.subarray(start, start + length));
  atLineStart = bytes[start + length - 1] === 10;
}

/**
 * Takes the input away from the prompt: Espruino gives a device's bytes to a program only while the prompt is elsewhere,
 * so it is put nowhere (`E.setConsole(null)`), with its echo off lest it says so. Until it is back, Ctrl-C arrives as a
 * byte 3 and stops the guest, and the interpreter's own messages are lost. Input never ends.
 */
export function readConsole(handler: (text: string) => void): () => void {
  var device = E.getConsole()!;
  var port = global[device];
  function take(text: string): void {
    // Minified as an escape: the byte itself would interrupt whoever types the script at a prompt.
    if (text.indexOf("\x03") < 0) handler(text);
    else (global as unknown as Stoppable).ristretto.stop();
  }
  if (port) {
    echo(false);
    E.setConsole(null, { force: true });
    taken = device;
    port.on("data", take);
  }
  return function () {
    if (!taken) return;
    port.removeListener("data", take);
    E.setConsole(taken);
    taken = null;
    echo(true);
  };
}
